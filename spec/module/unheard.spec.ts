import { distinctUntilChanged, map } from 'rxjs';
import { deepSleep, type LinkTable, memory, tcp, transparent, uart } from '../../lib/index.js';
import { echo } from '../../transports/emulator/network/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';
import { named } from '../socket/world.js';

const host = '192.168.4.2';
const network = { hosts: { [host]: { tcp: { 7: echo() } } } };

/** A joined module with one connection, whose `ready` nobody hears, and the changes of its link table. */
const deaf = (emulator: { readonly baud?: number } = {}) => {
  const world = joinedModule({ network, emulator });
  const tables: string[] = [];
  const shown = map((links: LinkTable) => [...links.values()].map(({ open }) => String(open)).join());
  world.at.links.pipe(shown, distinctUntilChanged()).subscribe((table) => tables.push(table));
  const socket = observed(tcp(world.at, { host, port: 7 }));
  world.run(1000);
  expect(socket.values).toHaveLength(1);
  world.module.faults.add({ when: (event) => event.point === 'output' && event.text.includes('ready'), act: { do: 'drop' } });
  return { ...world, tables, socket };
};

describe('a restart that nobody hears', () => {
  test('after deep sleep: 15 s behind its time everything is as after ready', () => {
    const world = deaf();
    const slept = observed(deepSleep(world.at, 5000));
    const waiting = observed(memory(world.at));
    world.run(19_000);
    expect([slept.completed, world.tables]).toEqual([false, ['', 'true']]);
    world.run(10_000);
    expect([slept.completed, waiting.values.length, named(world.socket.error)]).toEqual([true, 1, 'module/reset']);
    expect(world.tables).toEqual(['', 'true', 'false']);
  });

  test('at another rate: found by the silence after it, and no link is open any more', () => {
    const world = deaf({ baud: 115_200 });
    observed(uart(world.at, { baud: 921_600 }));
    world.run(2000);
    world.module.reset();
    world.run(5000);
    expect(world.tables).toEqual(['', 'true']);
    const asked = observed(memory(world.at));
    world.run(60_000);
    expect([named(asked.error), named(world.socket.error), world.at.line.baud]).toEqual(['command/timeout', 'module/reset', 115_200]);
    expect(world.tables).toEqual(['', 'true', 'false']);
    const again = observed(memory(world.at));
    world.run(1000);
    expect(again.values).toHaveLength(1);
  });
});

describe('AT+CIPMUX=1 that is refused when passthrough is left', () => {
  const left = (times: number, leave: 'end' | 'unsubscribe') => {
    const world = joinedModule({ network });
    const told: string[] = [];
    world.at.diagnostics.subscribe(({ kind, text }) => told.push(`${kind} ${text}`));
    const raw = observed(transparent(world.at, { host, port: 7 }));
    world.run(1000);
    world.module.faults.add({ when: (event) => event.point === 'command' && event.line === 'AT+CIPMUX=1', times, act: { do: 'error' } });
    expect(world.at.settings.cipmux).toBe(true);
    if (leave === 'end') raw.values[0]?.end().subscribe();
    else raw.leave();
    world.run(10_000);
    const after = observed(tcp(world.at, { host, port: 7 }));
    world.run(5000);
    return { ...world, told, raw, after };
  };

  test.each([
    ['end', 1, 'module/settings'],
    ['end', 2, 'module/settings'],
    ['unsubscribe', 1, 'undefined'],
  ] as const)('by %s, %i times: is told, and the module is set up anew before anyone else has it', (leave, times, error) => {
    const { at, sent, told, raw, after } = left(times, leave);
    expect(named(raw.error)).toBe(error);
    expect(told.filter((line) => line.startsWith('unsettled'))).toEqual(['unsettled AT+CIPMUX=1 did not come back: the module is set up anew']);
    expect([at.settings.cipmux, after.values.map(({ link }) => link)]).toEqual([true, [4]]);
    expect(sent.filter((line) => line.startsWith('AT+CIPSTART')).at(-1)).toMatch(/^AT\+CIPSTART=4,/);
  });
});
