import { concat, ignoreElements, mergeMap, of, timer, type Observable } from 'rxjs';
import { type AtModule, commands, type ModuleConfig, openModule } from '../../lib/index.js';
import { emulator, type EmulatorConfig } from '../../transports/emulator/index.js';
import { inMemoryNetwork } from '../../transports/emulator/network/index.js';
import { ascii } from '../support/byteSources.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { see } from './moduleHarness.js';

const world = (config: EmulatorConfig = {}) => {
  const scheduler = new SteppedScheduler();
  const received: string[] = [];
  const network = inMemoryNetwork({
    scheduler,
    hosts: {
      '192.168.4.2': {
        tcp: {
          7: (socket) => void socket.incoming.subscribe({ next: (chunk) => received.push(String.fromCharCode(...chunk)), error: () => undefined }),
        },
      },
    },
  });
  const module = emulator({ network, ...config, scheduler });
  const violations: string[] = [];
  module.violations.subscribe(({ kind, text }) => violations.push(`${kind} ${text}`));
  return { scheduler, module, violations, received, open: (more: ModuleConfig = {}) => see(scheduler, openModule(module, { ...more, scheduler })), see: <T>(source: Observable<T>) => see(scheduler, source) };
};

/** Another host, which writes these lines 300 ms apart (the join takes a while) and goes away. */
const formerHost = ({ module, scheduler }: ReturnType<typeof world>, ...writes: readonly string[]): void => {
  const host = module
    .open()
    .pipe(
      mergeMap(({ incoming, write }) => {
        incoming.subscribe({ error: () => undefined });
        return concat(...writes.map((text) => concat(write(ascii(text)), timer(300, scheduler).pipe(ignoreElements()))), of(0));
      }),
    )
    .subscribe();
  scheduler.advance(300 * writes.length + 300);
  host.unsubscribe();
};

const ready = (all: ReturnType<typeof world>, config: ModuleConfig = {}): AtModule => {
  const opened = all.open(config);
  all.scheduler.advance(30_000);
  const [module] = opened.values;
  if (module === undefined) throw new Error(`did not open: ${String(opened.error)}`);
  return module;
};

const joining = ['AT+CWMODE=1\r\n', 'AT+CWJAP="Espressif",""\r\n'];

describe.each([['2.1.0', 'v2'], ['4.1.0', 'v4']] as const)('firmware %s', (firmware, dialect) => {
  test('opens without a breach of the protocol, and closes without a timer', () => {
    const all = world({ firmware });
    const opened = all.open();
    all.scheduler.advance(1000);
    expect(opened.values[0]).toMatchObject({ dialect: { name: dialect }, settings: { cipmux: true, echo: false } });
    expect(all.violations).toEqual([]);
    opened.stop();
    all.scheduler.advance(1000);
    expect(all.scheduler.actions).toHaveLength(0);
  });

  test('booting with its log on the line, at 115200 and byte by byte', () => {
    const all = world({ firmware, powerOn: 'now', bootLog: true, baud: 115_200, chunk: 1 });
    expect(ready(all).settings.cipmux).toBe(true);
  });

  test('left in passthrough', () => {
    const all = world({ firmware });
    formerHost(all, ...joining, 'AT+CIPSTART="TCP","192.168.4.2",7\r\n', 'AT+CIPMODE=1\r\n', 'AT+CIPSEND\r\n', 'raw data');
    expect(all.received.join('')).toBe('raw data');
    const module = ready(all);
    const mode = all.see(module.exec(commands.tcpip.transferModeQuery));
    all.scheduler.advance(100);
    expect(mode.values).toEqual([{ passthrough: false }]);
    expect(all.received.join('')).not.toContain('+++');
    expect(all.violations.filter((violation) => violation.startsWith('escape'))).toEqual([]);
  });

  test('left in the payload of a send', () => {
    const all = world({ firmware });
    formerHost(all, ...joining, 'AT+CIPSTART="TCP","192.168.4.2",7\r\n', 'AT+CIPSEND=2000\r\n', 'some of it');
    expect(ready(all).settings.cipmux).toBe(true);
    expect(all.received.join('')).toHaveLength(2000);
    expect(all.received.join('')).toMatch(/^some of it/);
  });

  test('started into passthrough by AT+SAVETRANSLINK', () => {
    const store = {};
    const first = world({ firmware, store });
    formerHost(first, ...joining, 'AT+SAVETRANSLINK=1,"192.168.4.2",7,"TCP"\r\n');
    const all = world({ firmware, store, powerOn: 'now' });
    expect(ready(all).settings.cipmux).toBe(true);
  });

  test('a command whose answer is lost, late or cut: the next ones get their own', () => {
    const all = world({ firmware });
    const module = ready(all);
    for (const act of [{ do: 'late', ms: 4000 }, { do: 'late', ms: 9000 }] as const) {
      all.module.faults.add({ times: 1, when: (event) => event.point === 'terminal' && event.line.includes('CWMODE?'), act });
      const dead = all.see(module.exec(commands.wifi.modeQuery));
      const next = all.see(module.exec(commands.tcpip.multipleConnectionsQuery));
      const after = all.see(module.exec(commands.wifi.modeQuery));
      all.scheduler.advance(30_000);
      expect(dead.error).toMatchObject({ code: 'timeout' });
      expect(next.values).toEqual([{ enable: true }]);
      expect(after.values).toHaveLength(1);
    }
    all.module.faults.add({ times: 1, when: (event) => event.point === 'output' && event.text.includes('OK'), act: { do: 'drop' } });
    const dropped = all.see(module.exec(commands.wifi.modeQuery));
    const next = all.see(module.exec(commands.tcpip.multipleConnectionsQuery));
    all.scheduler.advance(30_000);
    expect([dropped.error?.code, next.values]).toEqual(['timeout', [{ enable: true }]]);
  });

  test('a module that stalls in a command is given up; one that resets is set up again', () => {
    const all = world({ firmware });
    const opened = all.open();
    all.scheduler.advance(1000);
    const [module] = opened.values;
    if (module === undefined) throw new Error('not open');
    all.module.faults.add({ times: 1, when: (event) => event.point === 'command' && event.line.includes('CWMODE?'), act: { do: 'reset' } });
    const lost = all.see(module.exec(commands.wifi.modeQuery));
    const queued = all.see(module.exec(commands.wifi.modeQuery));
    all.scheduler.advance(2000);
    expect([lost.error?.code, lost.error?.retry, queued.error?.retry]).toEqual(['reset', 'unknown', 'safe']);
    const again = all.see(module.exec(commands.tcpip.multipleConnectionsQuery));
    all.scheduler.advance(100);
    expect(again.values).toEqual([{ enable: true }]);
    all.module.faults.add({ times: 1, when: (event) => event.point === 'command', act: { do: 'stall' } });
    const stalled = all.see(module.exec(commands.wifi.modeQuery));
    all.scheduler.advance(600_000);
    expect(stalled.error).toMatchObject({ code: 'timeout' });
    expect(opened.error).toMatchObject({ kind: 'module', code: 'lost' });
    expect(all.scheduler.actions).toHaveLength(0);
  });

  test('one that stalls and is reset by hand comes back', () => {
    const all = world({ firmware });
    const module = ready(all);
    all.module.faults.add({ times: 1, when: (event) => event.point === 'command', act: { do: 'stall' } });
    const stalled = all.see(module.exec(commands.wifi.modeQuery));
    all.scheduler.advance(10_000);
    expect(stalled.error).toMatchObject({ code: 'timeout' });
    all.module.reset();
    const next = all.see(module.exec(commands.tcpip.multipleConnectionsQuery).pipe());
    all.scheduler.advance(5000);
    const after = all.see(module.exec(commands.tcpip.multipleConnectionsQuery));
    all.scheduler.advance(100);
    expect(next.error ?? next.values[0]).toBeDefined();
    expect(after.values).toEqual([{ enable: true }]);
  });

  test('busy, split and glued answers, in any mixture', () => {
    const all = world({ firmware, seed: 5, chunk: (random) => 1 + Math.floor(random() * 7) });
    const module = ready(all);
    const { faults } = all.module;
    let count = 0;
    faults.add({ when: (event) => event.point === 'command' && (count += 1) % 3 === 0, act: { do: 'busy' } });
    faults.add({ when: (event) => event.point === 'output' && count % 4 === 1, act: { do: 'split', at: [1, 2, 5], gap: 3 } });
    faults.add({ when: (event) => event.point === 'output' && count % 4 === 2, act: { do: 'glue' } });
    const asked = Array.from({ length: 40 }, (_, index) => all.see<unknown>(index % 2 === 0 ? module.exec(commands.wifi.modeQuery) : module.exec(commands.tcpip.multipleConnectionsQuery)));
    all.scheduler.advance(60_000);
    for (const [index, { values, error }] of asked.entries()) {
      expect(error).toBeUndefined();
      expect(values).toEqual([index % 2 === 0 ? { mode: expect.any(String) } : { enable: true }]);
    }
  });

  test('a send whose time runs out in the payload phase: the peer gets no probe', () => {
    const all = world({ firmware });
    const module = ready(all);
    const steps = all.see(
      concat(
        module.exec(commands.wifi.mode, { mode: 'station' }),
        module.exec(commands.wifi.join, { ssid: 'Espressif', password: '' }),
        module.exec(commands.tcpip.connect, { link: 4, type: 'TCP', host: '192.168.4.2', port: 7 }),
      ),
    );
    all.scheduler.advance(5000);
    expect(steps.completed).toBe(true);
    all.module.faults.add({ times: 1, when: (event) => event.point === 'output' && event.text.includes('SEND OK'), act: { do: 'drop' } });
    const sent = all.see(module.exec(commands.tcpip.send, { link: 4, length: 5 }, { data: ascii('hello') }));
    const next = all.see(module.exec(commands.wifi.modeQuery));
    all.scheduler.advance(60_000);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'timeout', retry: 'unknown' });
    expect(next.values).toEqual([{ mode: 'station' }]);
    expect(all.received.join('')).toBe('hello');
  });
});

test('the trace follows the prologue from its first byte, and a password shows nowhere in it', () => {
  const all = world({ accessPoints: [{ ssid: 'home', password: 'correct horse' }] });
  const trace: string[] = [];
  const module = ready(all, { trace: { next: ({ dir, text }) => trace.push(`${dir} ${text}`) } });
  const joined = all.see(concat(module.exec(commands.basic.echo, { enable: true }), module.exec(commands.wifi.mode, { mode: 'station' }), module.exec(commands.wifi.join, { ssid: 'home', password: 'correct horse' })));
  all.scheduler.advance(30_000);
  expect(joined.completed).toBe(true);
  expect(trace.slice(0, 4)).toEqual(['tx AT', 'rx AT', 'rx OK', 'tx ATE0']);
  expect(trace).toContain(`tx AT+CWJAP="home","${'*'.repeat(13)}"`);
  expect(trace).toContain(`rx AT+CWJAP="home","${'*'.repeat(13)}"`);
  expect(trace.join('\n')).not.toContain('correct');
});
