import { toArray } from 'rxjs';
import { type AtError, type AtModule, openModule, scan, station } from '../../lib/index.js';
import { virtualModule } from '../support/virtualModule.js';

const hostile = ['a,b', 'say "hi"', 'back\\slash', 'Zürich ☕ 日本', '"', '\\"', 'x",-1,"aa', '+IPD,0,5:', 'OK', ' blank ', 'tab\there'];

/** An opened module without any Wi-Fi, in virtual time. */
const opened = (dialect: 'v2' | 'v4', accessPoints: readonly { ssid: string; password?: string; rssi?: number; channel?: number }[], use: (module: AtModule, trace: string[]) => void) => {
  const trace: string[] = [];
  const world = virtualModule({ emulator: { dialect, accessPoints } });
  const life = openModule(world.module, { scheduler: world.scheduler, trace: { next: ({ text }) => trace.push(text) } }).subscribe((module) => use(module, trace));
  return { world, trace, life };
};

describe.each(['v2', 'v4'] as const)('Wi-Fi of %s', (dialect) => {
  it('lists access points whatever their names hold', () => {
    let found: readonly { ssid?: string | undefined; rssi?: number | undefined; channel?: number | undefined; encryption?: unknown }[] = [];
    const { world } = opened(dialect, hostile.map((ssid, index) => ({ ssid, rssi: -40 - index, channel: 1 + (index % 13), ...(index % 2 === 0 ? { password: 'secret123' } : {}) })), (module) => {
      scan(module).pipe(toArray()).subscribe((points) => (found = points));
    });
    world.run(60_000);
    expect(found.map(({ ssid }) => ssid).sort()).toEqual([...hostile].sort());
    for (const [index, ssid] of hostile.entries()) {
      const point = found.find((candidate) => candidate.ssid === ssid);
      expect(point?.channel).toBe(1 + (index % 13));
      expect(Math.abs((point?.rssi ?? 0) - (-40 - index))).toBeLessThanOrEqual(10);
      expect(point?.encryption === 'open').toBe(index % 2 === 1);
    }
  });

  it.each(hostile)('joins %j and tells its states', (ssid) => {
    const states: string[] = [];
    const { world } = opened(dialect, [{ ssid, password: 'pass,"word"\\1' }], (module) => {
      station(module, { ssid, password: 'pass,"word"\\1' }).subscribe({ next: (state) => states.push(state.state === 'got-ip' ? `got-ip ${String(state.address)}` : state.state), error: (error: unknown) => states.push(String(error)) });
    });
    world.run(60_000);
    expect(states[0]).toBe('connected');
    expect(states[1]).toMatch(/^got-ip 192\.168\./);
  });

  it('says why a join is refused, and shows the password nowhere', () => {
    const errors: AtError[] = [];
    const { world, trace } = opened(dialect, [{ ssid: 'Lab', password: 'rightpassword' }], (module) => {
      const fail = { error: (error: AtError) => errors.push(error) };
      station(module, { ssid: 'Lab', password: 'wrongpassword' }).subscribe(fail);
      station(module, { ssid: 'Nowhere', password: 'wrongpassword' }).subscribe(fail);
    });
    world.run(120_000);
    expect(errors.map(({ kind, code, details }) => [kind, code, details['reason']])).toEqual([
      ['command', 'rejected', 'password'],
      ['command', 'rejected', 'not-found'],
    ]);
    const shown = [...trace, ...errors.map((error) => `${String(error)} ${JSON.stringify(error.details)} ${error.stack ?? ''}`)].join('\n');
    expect(shown).not.toContain('wrongpassword');
    expect(trace).toContain('AT+CWJAP="Lab","*************"');
  });

  it('refuses bad parameters before a byte is sent', () => {
    const errors: [string, string, unknown][] = [];
    const { world, trace } = opened(dialect, [], (module) => {
      const fail = { error: ({ kind, code, details }: AtError) => errors.push([kind, code, details['parameter']]) };
      station(module, { ssid: 'line\r\nbreak', password: '' }).subscribe(fail);
      station(module, { ssid: 'nul\0', password: '' }).subscribe(fail);
      station(module, { ssid: 'x'.repeat(33), password: '' }).subscribe(fail);
      station(module, { ssid: 'ok', password: 'p'.repeat(65) }).subscribe(fail);
      station(module, { ssid: 'ok', password: '', bssid: 'no mac' }).subscribe(fail);
    });
    world.run(60_000);
    expect(errors).toEqual(['ssid', 'ssid', 'ssid', 'password', 'bssid'].map((parameter) => ['usage', 'parameter', parameter]));
    expect(trace.filter((line) => line.startsWith('AT+CWJAP'))).toEqual([]);
  });

  it('follows losses of the access point and leaves it only when asked to', () => {
    const states: string[] = [];
    const { world, trace, life } = opened(dialect, [{ ssid: 'Lab' }], (module) => {
      const joined = station(module, { ssid: 'Lab', password: '', leave: true }).subscribe((state) => states.push(state.state));
      world.scheduler.schedule(() => joined.unsubscribe(), 30_000);
    });
    world.run(20_000);
    world.module.reset();
    world.run(40_000);
    life.unsubscribe();
    expect(states.slice(0, 2)).toEqual(['connected', 'got-ip']);
    expect(states).toContain('disconnected');
    expect(trace.filter((line) => line === 'AT+CWQAP')).toHaveLength(1);
  });
});
