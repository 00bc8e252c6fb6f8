import { map, Observable } from 'rxjs';
import { type AtError, type AtModule, commands, memory, restart, uart, type UartConfig, type UartState } from '../../lib/index.js';
import type { Connection, SerialControl, Transport } from '../../lib/transport.js';
import type { EmulatorConfig } from '../../transports/emulator/index.js';
import { featureHarness, type FeatureHarness, userLines } from './featureHarness.js';

const paced: EmulatorConfig = { baud: 115_200 };

/** The same module behind a port of another kind. */
const through =
  (change: (connection: Connection) => Partial<Connection>) =>
  (module: Transport): Transport => ({
    open: () => module.open().pipe(map((connection) => Object.create(connection, Object.getOwnPropertyDescriptors(change(connection))) as Connection)),
  });

const controlled = (change: (control: SerialControl) => Partial<SerialControl>): ((module: Transport) => Transport) =>
  through((connection) => ({ control: { ...(connection.control as SerialControl), ...change(connection.control as SerialControl) } }));

interface Seen {
  readonly states: UartState[];
  readonly errors: AtError[];
}

const change = ({ opened }: FeatureHarness, config: UartConfig, then: (module: AtModule) => void = () => undefined): Seen => {
  const seen: Seen = { states: [], errors: [] };
  opened((module) => {
    const proceed = (): void => then(module);
    uart(module, config).subscribe({
      next: (state) => seen.states.push(state),
      error: (error: AtError) => {
        seen.errors.push(error);
        proceed();
      },
      complete: proceed,
    });
  });
  return seen;
};

/** Asks something every other millisecond, for 200 ms; the rates at which it was answered, and what was not. */
const pester = ({ world, opened }: FeatureHarness): { readonly rates: (number | undefined)[]; readonly errors: unknown[] } => {
  const seen = { rates: [] as (number | undefined)[], errors: [] as unknown[] };
  opened((module) => {
    for (let at = 0; at < 200; at += 2) {
      world.scheduler.schedule(() => memory(module).subscribe({ next: () => seen.rates.push(module.line.baud), error: (error: unknown) => seen.errors.push(error) }), at);
    }
  });
  return seen;
};

describe.each(['v2', 'v4'] as const)('UART of %s', (dialect) => {
  const emulator = { ...paced, dialect };

  it.each([9600, 921_600])('goes to %i bit/s on both ends, and takes the commands of others along', (baud) => {
    const harness = featureHarness({ emulator });
    const { world, sent, violations } = harness;
    const seen = change(harness, { baud });
    const others = pester(harness);
    world.run(20_000);
    expect(seen).toEqual({ states: [expect.objectContaining({ dataBits: 'eight', stopBits: 'one', parity: 'none', flowControl: 'rts' })], errors: [] });
    expect(Math.abs((seen.states[0]?.baud ?? 0) / baud - 1)).toBeLessThan(0.001);
    expect([others.rates.length, [...new Set(others.rates)], others.errors]).toEqual([100, [115_200, baud], []]);
    expect(userLines(sent()).filter((line) => line.startsWith('AT+UART'))).toEqual(['AT+UART_CUR?', `AT+UART_CUR=${String(baud)},8,1,0,1`, 'AT+UART_CUR?']);
    expect(violations).toEqual([]);
  });

  it('only reads without a change', () => {
    const harness = featureHarness({ emulator });
    const seen = change(harness, {});
    harness.world.run(5000);
    expect(seen.states.map(({ baud }) => baud)).toEqual([115_201]);
    expect(userLines(harness.sent())).toEqual(['AT+UART_CUR?']);
  });

  it('waits for a port that takes its time', () => {
    const harness = featureHarness({
      emulator,
      transport: controlled((control) => ({ baud: (rate) => new Observable<never>((subscriber) => void harness.world.scheduler.schedule(() => control.baud(rate).subscribe(subscriber), 30)) })),
    });
    const seen = change(harness, { baud: 460_800 });
    const others = pester(harness);
    harness.world.run(10_000);
    expect(seen.states).toHaveLength(1);
    expect([others.rates.length, [...new Set(others.rates)], others.errors]).toEqual([100, [115_200, 460_800], []]);
    expect(harness.violations).toEqual([]);
  });

  it('is unsupported where the port cannot follow', () => {
    const harness = featureHarness({ emulator, transport: through(() => ({ control: undefined }) as unknown as Partial<Connection>) });
    const seen = change(harness, { baud: 921_600 });
    harness.world.run(5000);
    expect(seen.errors.map(({ kind, code }) => [kind, code])).toEqual([['unsupported', 'control']]);
    expect(userLines(harness.sent())).toEqual(['AT+UART_CUR?']);
  });

  it('goes back to the old rate when nobody answers at the new one', () => {
    const harness = featureHarness({ emulator });
    const { world } = harness;
    // Its OK is the last thing a module says before it resets unheard: it boots at 115200 and says `ready` to a host at 921600.
    let free: number | undefined;
    const seen = change(harness, { baud: 921_600 }, (module) => void memory(module).subscribe((found) => (free = found.free)));
    harness.opened((module) => {
      module.trace.subscribe(({ dir, text }) => {
        if (dir === 'tx' && text.startsWith('AT+UART_CUR=')) world.scheduler.schedule(() => world.module.reset(), 20);
      });
    });
    world.run(60_000);
    expect(seen.errors.map(({ kind, code, details }) => [kind, code, details])).toEqual([['module', 'baud', { baud: 921_600, restored: 115_200 }]]);
    expect(free).toEqual(expect.any(Number));
    // The restart was not heard: the module is set up anew before anyone goes on.
    expect(harness.sent().filter((line) => line === 'AT+CIPMUX=1')).toHaveLength(2);
  });

  it('finds a module that restarts unheard at the rate it boots with', () => {
    const harness = featureHarness({ emulator });
    const { world } = harness;
    const outcomes: unknown[] = [];
    let open: AtModule | undefined;
    change(harness, { baud: 921_600 }, (module) => {
      open = module;
      world.scheduler.schedule(() => world.module.reset(), 100);
      world.scheduler.schedule(() => memory(module).subscribe({ error: ({ kind, code }: AtError) => outcomes.push([kind, code]) }), 5000);
      for (const at of [20_000, 90_000]) {
        world.scheduler.schedule(() => memory(module).subscribe({ next: ({ free }) => outcomes.push(free), error: ({ kind, code, retry }: AtError) => outcomes.push([kind, code, retry]) }), at);
      }
    });
    world.run(120_000);
    // What waited when it was found learns of the restart.
    expect(outcomes).toEqual([['command', 'timeout'], ['module', 'reset', 'safe'], expect.any(Number)]);
    expect(open?.line.baud).toBe(115_200);
    expect(harness.failures).toEqual([]);
  });

  it.each([8000, 60_000])('stays at the new rate where the module is only slow: %i ms', (ms) => {
    const harness = featureHarness({ emulator });
    const { world } = harness;
    let after: unknown;
    const seen = change(harness, { baud: 921_600 }, (module) => {
      world.module.faults.add({ when: (event) => event.point === 'terminal' && event.line === 'AT+SYSRAM?', times: 1, act: { do: 'late', ms } });
      memory(module).subscribe({ error: () => undefined });
      world.scheduler.schedule(() => memory(module).subscribe(() => (after = module.line.baud)), ms + 2000);
    });
    world.run(240_000);
    expect(seen.states).toHaveLength(1);
    expect(after).toBe(921_600);
  });

  it('follows a restart that is asked for, and keeps a stored rate', () => {
    for (const store of [false, true]) {
      const harness = featureHarness({ emulator });
      const { world } = harness;
      const steps: unknown[] = [];
      change(harness, { baud: 460_800, store }, (module) => {
        restart(module).subscribe({
          complete: () => {
            steps.push(module.line.baud);
            memory(module).subscribe(() => steps.push(world.scheduler.frame < 10_000));
          },
        });
      });
      world.run(60_000);
      expect(steps).toEqual([store ? 460_800 : 115_200, true]);
      expect(harness.violations).toEqual([]);
    }
  });

  it('finishes what it began when it is unsubscribed', () => {
    for (let at = 5; at < 400; at += 10) {
      const harness = featureHarness({ emulator });
      const { world, opened, violations } = harness;
      let free: number | undefined;
      opened((module) => {
        const life = uart(module, { baud: 921_600 }).subscribe();
        world.scheduler.schedule(() => {
          life.unsubscribe();
          memory(module).subscribe((found) => (free = found.free));
        }, at);
      });
      world.run(10_000);
      expect([at, free]).toEqual([at, expect.any(Number)]);
      expect(violations).toEqual([]);
    }
  });
});

describe('flow control', () => {
  const wired = (cts: boolean) => controlled(() => ({ flowControl: true, get: () => new Observable((subscriber) => (subscriber.next({ cts, dsr: false, dcd: false }), subscriber.complete())) }));
  const flow = (transport: (module: Transport) => Transport, prepare: (harness: FeatureHarness) => void = () => undefined) => {
    const harness = featureHarness({ emulator: paced, module: { flowControl: true }, transport });
    const states: unknown[] = [];
    harness.opened((module) => {
      module.exec(commands.basic.uartQuery).subscribe(({ flowControl }) => states.push(flowControl));
      harness.world.scheduler.schedule(() => restart(module).subscribe({ complete: () => module.exec(commands.basic.uartQuery).subscribe(({ flowControl }) => states.push(flowControl)) }), 1000);
    });
    prepare(harness);
    harness.world.run(60_000);
    return { ...harness, states, failures: harness.failures.map((error) => [(error as AtError).kind, (error as AtError).code]) };
  };

  it('is set on the module after every start, where the host has it', () => {
    expect(flow(wired(true))).toMatchObject({ states: ['both', 'both'], failures: [], violations: [] });
  });

  it('is not tried on a host that has none', () => {
    const { failures, sent } = flow((same) => same);
    expect(failures).toEqual([['unsupported', 'flow-control']]);
    expect(sent()).toEqual([]);
  });

  it('is taken back where RTS of the module is not wired', () => {
    const { failures, sent } = flow(wired(false));
    expect(failures).toEqual([['unsupported', 'flow-control']]);
    expect(sent().filter((line) => line.startsWith('AT+UART_CUR='))).toEqual(['AT+UART_CUR=115200,8,1,0,3', 'AT+UART_CUR=115200,8,1,0,0']);
  });

  it('is taken back where the port has no lines to look at, and where the module falls mute', () => {
    const blind = controlled(() => ({ flowControl: true, get: () => new Observable<never>((subscriber) => subscriber.error(new Error('ENOTTY'))) }));
    expect(flow(blind).failures).toEqual([['unsupported', 'flow-control']]);
    const mute = flow(wired(true), ({ world }) => {
      let set = false;
      world.module.faults.add({
        when: (event) => {
          set ||= event.point === 'command' && event.line === 'AT+UART_CUR=115200,8,1,0,3';
          return set && event.point === 'output' && event.text.includes('+UART_CUR:');
        },
        act: { do: 'drop' },
      });
    });
    expect(mute.failures).toEqual([['unsupported', 'flow-control']]);
    expect(mute.sent().slice(-1)).toEqual(['AT+UART_CUR=115200,8,1,0,0']);
  });
});
