import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { map, merge, mergeMap, type Observable, of, type SchedulerLike, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import ts from 'typescript';
import { AtError, type AtModule, type ModuleConfig, openModule, type TraceEntry, type Transport } from '../../lib/index.js';
import { type AccessPoint, type Emulator, emulator, type HostSocket, inMemoryNetwork, type InMemoryNetwork, lineSource } from '../../transports/emulator/index.js';
import { asModules, codeBlocks, root, typeCheck } from '../support/typeCheck.js';

interface Recipe {
  readings(transport: Transport, store: (line: string) => Observable<string>, scheduler: SchedulerLike): Observable<string>;
}

const page = join(root, 'docs', 'resilience.md');
const text = readFileSync(page, 'utf8');

/** The exports of a block of the page, run as it stands. */
const run = <T>(code: string, instead: object = {}): T => {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const found = {};
  // Jest's own require finds the entry points; the one of Node would want a build.
  const load = (name: string): unknown => ({ ...(require as (name: string) => object)(name), ...instead });
  (runInThisContext(`(function (require, exports) {${outputText}\n})`) as (load: unknown, exports: unknown) => void)(load, found);
  return found as T;
};

const lab: AccessPoint = { ssid: 'Lab', password: 'not a secret' };

interface World {
  readonly scheduler: VirtualTimeScheduler;
  readonly board: Emulator;
  readonly network: InMemoryNetwork;
  readonly lines: string[];
  readonly error: () => unknown;
  readonly unplug: () => void;
  readonly opens: () => number;
  readonly connections: () => number;
  readonly leave: () => void;
  /** Lets so many ms pass and gives the lines that came meanwhile. */
  pass(ms: number): string[];
}

const world = (store: (line: string) => Observable<string> = (line) => of(line)): World => {
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  let connections = 0;
  const line = lineSource((index) => `reading ${String(index)}`, { interval: 500 });
  const hosts = {
    '10.0.0.7': {
      names: ['sensor.lan'],
      tcp: {
        7000: (socket: HostSocket) => {
          connections++;
          return line(socket);
        },
      },
    },
  };
  const network = inMemoryNetwork({ hosts, scheduler });
  const board = emulator({ accessPoints: [lab], network, scheduler });
  const unplugged = new Subject<void>();
  let opens = 0;
  const transport: Transport = {
    open: () =>
      board.open().pipe(
        map((connection) => {
          opens++;
          const lost = unplugged.pipe(mergeMap(() => throwError(() => new AtError({ kind: 'transport', code: 'lost', message: 'unplugged', retry: 'unknown' }))));
          return { write: (bytes: Uint8Array) => connection.write(bytes), incoming: merge(connection.incoming, lost) };
        }),
      ),
  };
  const lines: string[] = [];
  let error: unknown;
  const { readings } = run<Recipe>(codeBlocks(text)[0]?.text ?? '');
  const life = readings(transport, store, scheduler).subscribe({ next: (found) => lines.push(found), error: (failure: unknown) => (error = failure) });
  return {
    scheduler,
    board,
    network,
    lines,
    error: () => error,
    unplug: () => unplugged.next(),
    opens: () => opens,
    connections: () => connections,
    leave: () => life.unsubscribe(),
    pass: (ms) => {
      const before = lines.length;
      scheduler.schedule(() => undefined, ms);
      scheduler.maxFrames = scheduler.frame + ms;
      scheduler.flush();
      return lines.slice(before);
    },
  };
};

describe('docs/resilience.md', () => {
  const modules = asModules(page, text);
  const complaints = typeCheck(modules);

  it.each([...modules.keys()].map((name) => [name.slice(root.length + 1), name]))('%s compiles', (_, name) => {
    expect(complaints.get(name)).toBe('');
  });

  it('reads', () => {
    const at = world();
    expect(at.pass(10_000).slice(0, 3)).toEqual(['reading 0', 'reading 1', 'reading 2']);
    expect([at.connections(), at.opens(), at.error()]).toEqual([1, 1, undefined]);
  });

  it('comes back after the access point does, with a whole first line', () => {
    const at = world();
    at.pass(10_000);
    at.board.world.setAccessPoints([]);
    at.pass(2000);
    expect(at.pass(10_000)).toEqual([]);
    at.board.world.setAccessPoints([lab]);
    expect(at.pass(20_000)[0]).toBe('reading 0');
    expect([at.connections(), at.opens(), at.error()]).toEqual([2, 1, undefined]);
  });

  it('comes back after an outage that is longer than the firmware’s own patience', () => {
    const at = world();
    at.pass(10_000);
    at.board.world.setAccessPoints([]);
    at.pass(15 * 60_000);
    at.board.world.setAccessPoints([lab]);
    expect(at.pass(120_000)[0]).toBe('reading 0');
    expect(at.error()).toBeUndefined();
  });

  it('comes back after a restart of the module', () => {
    const at = world();
    at.pass(10_000);
    at.board.reset();
    expect(at.pass(20_000)[0]).toBe('reading 0');
    expect([at.connections(), at.opens(), at.error()]).toEqual([2, 1, undefined]);
  });

  it('joins again where a restarted module has forgotten how', () => {
    const at = world();
    at.pass(10_000);
    delete at.board.store['join'];
    at.board.reset();
    expect(at.pass(29_000)).toEqual([]);
    expect(at.pass(20_000)[0]).toBe('reading 0');
    expect([at.connections(), at.opens(), at.error()]).toEqual([2, 1, undefined]);
  });

  it('connects again when the sensor refuses for a while', () => {
    const at = world();
    at.network.configure('10.0.0.7', { names: ['sensor.lan'], tcp: {} });
    expect(at.pass(20_000)).toEqual([]);
    const ends = lineSource(['one', 'two']);
    at.network.configure('10.0.0.7', { names: ['sensor.lan'], tcp: { 7000: ends } });
    // The list ends, the sensor closes, the recipe connects again.
    const heard = at.pass(60_000);
    expect(heard.slice(0, 4)).toEqual(['one', 'two', 'one', 'two']);
    expect([at.opens(), at.error()]).toEqual([1, undefined]);
  });

  it('opens the port again when it comes back', () => {
    const at = world();
    at.pass(10_000);
    at.unplug();
    expect(at.pass(30_000).length).toBeGreaterThan(5);
    expect([at.opens(), at.error()]).toEqual([2, undefined]);
  });

  it('survives all of it at once, again and again', () => {
    const at = world();
    for (let round = 0; round < 10; round++) {
      at.board.world.setAccessPoints(round % 2 === 0 ? [] : [lab]);
      at.pass(700 * (round + 1));
      at.board.reset();
      at.pass(333 * (round + 1));
      if (round % 3 === 0) at.unplug();
    }
    at.board.world.setAccessPoints([lab]);
    at.pass(90_000);
    expect(at.pass(10_000).length).toBeGreaterThan(5);
    expect(at.error()).toBeUndefined();
    at.leave();
    at.pass(10_000);
    expect(at.scheduler.actions.length).toBeLessThan(3);
  });

  it('does not knock for ever with a wrong password, nor go on after an error of the program', () => {
    const at = world();
    at.board.world.setAccessPoints([{ ...lab, password: 'another secret' }]);
    at.pass(60_000);
    expect(at.error()).toMatchObject({ kind: 'command', code: 'rejected', details: { reason: 'password' } });
    const failure = new Error('disk full');
    const full = world((line) => (line.endsWith('3') ? throwError(() => failure) : of(line)));
    full.pass(30_000);
    expect(full.error()).toBe(failure);
  });

  it('sets again after a restart what the module has forgotten', () => {
    const scheduler = new VirtualTimeScheduler(undefined, Infinity);
    const board = emulator({ scheduler });
    const sent: string[] = [];
    // The block takes no clock: it gets one from a package whose `openModule` has it.
    const trace = { next: ({ dir, text: line }: TraceEntry) => void (dir === 'tx' && sent.push(line)) };
    const clocked = (transport: Transport, config: ModuleConfig) => openModule(transport, { ...config, scheduler, trace });
    const { opened } = run<{ opened(transport: Transport): Observable<AtModule> }>(codeBlocks(text)[1]?.text ?? '', { openModule: clocked });
    opened(board).subscribe();
    scheduler.maxFrames = 5000;
    scheduler.flush();
    board.reset();
    scheduler.maxFrames = 10_000;
    scheduler.flush();
    expect(sent.filter((line) => line === 'AT+CWHOSTNAME="greenhouse"')).toHaveLength(2);
    expect(sent.filter((line) => line === 'AT+CIPDNS=1,"9.9.9.9"')).toHaveLength(2);
  });
});
