import { switchMap, timer } from 'rxjs';
import { ble } from '../../lib/index.js';
import { bytesOf, dialects, synchronised } from './bleHarness.js';
import { observed } from '../support/joinedModule.js';
import { connected, discovered, failure, only } from './bleCentralHarness.js';

/** Where the peer goes, in ms after the beginning: some of the line's bytes, some of the air's intervals. */
const moments = [...Array.from({ length: 7 }, (_, index) => 2 * index), ...Array.from({ length: 13 }, (_, index) => 20 + 75 * index)];

describe.each(dialects)('the peer goes at any moment in %s', (firmware) => {
  it('of a discovery: the whole tree or link/lost, whatever of it was being looked into', () => {
    const [asked, outcomes] = [new Set<string>(), new Set<string>()];
    for (const delay of moments) {
      const world = connected(firmware);
      const found = observed(world.connection.discover());
      world.run(delay);
      world.server.board.reset();
      asked.add(world.client.sent.at(-1)?.replace(/=.*/, '') ?? '');
      world.run(10_000);
      outcomes.add(found.completed ? `whole ${String(found.values[0]?.services.length)}` : failure(found.error).join('/'));
      expect([found.values.length, failure(world.log.error)]).toEqual([found.completed ? 1 : 0, ['link', 'lost']]);
      synchronised(world, world.client);
    }
    expect([...outcomes].sort()).toEqual(['link/lost', 'whole 3']);
    expect([...asked]).toEqual(expect.arrayContaining(['AT+BLEGATTCPRIMSRV', 'AT+BLEGATTCINCLSRV', 'AT+BLEGATTCCHAR']));
  });

  it.each(['read', 'write', 'subscribe'] as const)('of a %s: done or link/lost, and the line is in order', (what) => {
    const outcomes = new Set<string>();
    for (const delay of moments.slice(0, 11)) {
      const world = discovered(firmware);
      const { tree } = world;
      const begun = {
        read: () => only(tree.characteristic('A002', 'C300', 'read')).read(),
        write: () => only(tree.characteristic('A002', 'C302', 'write')).write(bytesOf('\r\nOK\r\n'.repeat(20))),
        subscribe: () => only(tree.characteristic('A002', 'C305', 'notify')).notifications(),
      };
      const seen = observed<unknown>(begun[what]());
      world.run(delay);
      world.server.board.reset();
      world.run(10_000);
      outcomes.add(seen.completed ? 'done' : failure(seen.error).join('/'));
      synchronised(world, world.client);
    }
    expect([...outcomes].sort()).toEqual(what === 'subscribe' ? ['link/lost'] : ['done', 'link/lost']);
  });

  it('of a pairing: paired or link/lost, on the side that is left too', () => {
    const [mine, theirs] = [new Set<string>(), new Set<string>()];
    for (const who of ['server', 'client'] as const) {
      for (const delay of moments.slice(0, 14)) {
        const world = connected(firmware);
        const told = observed(ble.security.pairings(world.server.at));
        const answering = ble.security.pairings(world.server.at).subscribe({
          next: (step) => void (step.step === 'request' && observed(timer(300, world.scheduler).pipe(switchMap(() => step.reply(true))))),
          error: () => undefined,
        });
        const begun = observed(world.connection.pair());
        world.run(delay);
        if (who === 'server') world.server.board.reset();
        else world.client.board.reset();
        world.run(10_000);
        const end = begun.completed ? 'paired' : failure(begun.error).join('/');
        if (who === 'server') mine.add(end);
        else {
          const steps = told.values.filter(({ step }) => step !== 'key').map((step) => (step.step === 'result' ? `${step.step} ${String(step.paired)} ${String(step.timedOut)}` : step.step));
          theirs.add(steps.join(', '));
        }
        answering.unsubscribe();
        synchronised(world, world[who === 'server' ? 'client' : 'server']);
      }
    }
    expect([...mine].sort()).toEqual(['link/lost', 'paired']);
    expect([...theirs].sort()).toEqual(['', 'request, result false undefined', 'request, result true undefined']);
  });
});
