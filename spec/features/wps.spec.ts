import { type AtError, hostname, type StationState, wps } from '../../lib/index.js';
import { featureHarness, userLines } from './featureHarness.js';

describe.each(['v2', 'v4'] as const)('WPS of %s', (dialect) => {
  const harness = () => featureHarness({ emulator: { dialect, accessPoints: [{ ssid: 'Lab', password: 'secret123' }] } });

  it('joins the access point whose button is pressed, and switches WPS off', () => {
    const { world, opened, sent } = harness();
    const states: StationState[] = [];
    let waited: string | undefined;
    let completed = false;
    opened((module) => {
      wps(module).subscribe({ next: (state) => states.push(state), complete: () => (completed = true) });
      world.scheduler.schedule(() => hostname(module).subscribe((found) => (waited = found)), 5000);
    });
    world.run(20_000);
    expect([states, waited, completed]).toEqual([[], undefined, false]);
    world.module.world.pressWps('Lab');
    world.run(5000);
    expect(states).toEqual([{ state: 'connected' }, { state: 'got-ip', address: '192.168.4.15', gateway: '192.168.4.2', netmask: '255.255.255.0' }]);
    expect([waited, completed]).toEqual([expect.any(String), true]);
    expect(userLines(sent()).slice(-4)).toEqual(['AT+WPS=1', 'AT+WPS=0', 'AT+CIPSTA?', 'AT+CWHOSTNAME?']);
  });

  it('switches WPS off when it is unsubscribed', () => {
    const { world, opened, sent } = harness();
    opened((module) => {
      const life = wps(module).subscribe();
      world.scheduler.schedule(() => life.unsubscribe(), 5000);
    });
    world.run(20_000);
    expect(userLines(sent()).slice(-2)).toEqual(['AT+WPS=1', 'AT+WPS=0']);
  });

  it('takes the weakest encryption where the firmware does', () => {
    const { world, opened, sent } = harness();
    const errors: unknown[] = [];
    opened((module) => void wps(module, { weakest: 'wpa2' }).subscribe({ error: ({ kind, code }: AtError) => errors.push([kind, code]) }));
    world.run(5000);
    expect(errors).toEqual(dialect === 'v2' ? [['unsupported', 'parameter']] : []);
    expect(sent().filter((line) => line.startsWith('AT+WPS'))).toEqual(dialect === 'v2' ? [] : ['AT+WPS=1,3']);
  });
});
