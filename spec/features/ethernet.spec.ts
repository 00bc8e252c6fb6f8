import { type AtError, ethernet, ethernetAddress, ethernetMac, type EthernetState } from '../../lib/index.js';
import { featureHarness } from './featureHarness.js';

const tell = (state: EthernetState): string => (state.state === 'got-ip' ? `got-ip ${String(state.address)} ${String(state.gateway)}` : state.state);

describe.each(['v2', 'v4'] as const)('Ethernet of %s', (dialect) => {
  const harness = () => featureHarness({ emulator: { dialect, including: ['ethernet'] } });

  it('follows the cable', () => {
    const { world, opened } = harness();
    const states: string[] = [];
    opened((module) => void ethernet(module).subscribe((state) => states.push(tell(state))));
    world.run(5000);
    expect(states).toEqual([]);
    world.module.world.plug({ ip: '10.1.2.3', gateway: '10.1.2.1' });
    world.run(5000);
    world.module.world.unplug();
    world.run(5000);
    expect(states).toEqual(['connected', 'got-ip 10.1.2.3 10.1.2.1', 'disconnected']);
  });

  it('tells at once when the cable was plugged in already, and takes a MAC and a static address', () => {
    const { world, opened } = harness();
    const states: string[] = [];
    const seen: unknown[] = [];
    opened((module) => {
      world.scheduler.schedule(() => {
        ethernet(module, { mac: '1a:fe:35:98:d3:7a', address: { ip: '10.9.9.9', gateway: '10.9.9.1', netmask: '255.255.0.0' } }).subscribe((state) => states.push(tell(state)));
        ethernetMac(module).subscribe((mac) => seen.push(mac));
      }, 5000);
    });
    world.run(1000);
    world.module.world.plug({ ip: '10.1.2.3', gateway: '10.1.2.1' });
    world.run(10_000);
    expect(states).toEqual(['got-ip 10.1.2.3 10.1.2.1']);
    world.module.world.unplug();
    world.run(1000);
    world.module.world.plug();
    world.run(10_000);
    expect(states.slice(1)).toEqual(['disconnected', 'connected', 'got-ip 10.9.9.9 10.9.9.1']);
    expect(seen).toHaveLength(1);
  });

  it('is unsupported in builds without it', () => {
    const { world, opened } = featureHarness({ emulator: { dialect, without: ['ethernet'] } });
    const errors: unknown[] = [];
    opened((module) => {
      const fail = { error: ({ kind }: AtError) => errors.push(kind) };
      ethernet(module).subscribe(fail);
      ethernetMac(module).subscribe(fail);
      ethernetAddress(module).subscribe(fail);
    });
    world.run(5000);
    expect(errors).toEqual(['unsupported', 'unsupported', 'unsupported']);
  });
});
