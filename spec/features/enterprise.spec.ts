import { type AtError, enterprise, type EnterpriseConfig, enterpriseNetwork } from '../../lib/index.js';
import { featureHarness } from './featureHarness.js';

const config: EnterpriseConfig = { ssid: 'Campus', method: 'peap', identity: 'me@example.org', username: 'me', password: 'not-to-be-seen' };

describe.each(['v2', 'v4'] as const)('WPA2 enterprise of %s', (dialect) => {
  const harness = () => featureHarness({ emulator: { dialect, accessPoints: [{ ssid: 'Campus', encryption: 5, password: 'not-to-be-seen' }] } });

  it('joins, tells its states and the network without its password', () => {
    const { world, opened, sent, trace } = harness();
    const states: string[] = [];
    const networks: unknown[] = [];
    opened((module) => {
      enterprise(module, config).subscribe(({ state }) => {
        states.push(state);
        if (state === 'got-ip') enterpriseNetwork(module).subscribe((network) => networks.push(network?.ssid, network?.method, network?.password.reveal()));
      });
    });
    world.run(20_000);
    expect(states).toEqual(['connected', 'got-ip']);
    expect(networks).toEqual(['Campus', 'peap', 'not-to-be-seen']);
    expect(sent()).toContain('AT+CWJEAP="Campus",1,"me@example.org","me","**************",0');
    expect(trace.join('\n')).not.toContain('not-to-be-seen');
  });

  it('says that a join took too long', () => {
    const { world, opened } = harness();
    const errors: unknown[] = [];
    opened((module) => void enterprise(module, { ...config, password: 'wrong' }).subscribe({ error: ({ kind, code, details }: AtError) => errors.push([kind, code, details['reason']]) }));
    world.run(60_000);
    expect(errors).toEqual([['command', 'rejected', 'timeout']]);
  });

  it.each([true, false])('leaves with leave: %s', (leave) => {
    const { world, opened, sent } = harness();
    opened((module) => {
      const life = enterprise(module, { ...config, leave }).subscribe();
      world.scheduler.schedule(() => life.unsubscribe(), 10_000);
    });
    world.run(20_000);
    expect(sent().filter((line) => line === 'AT+CWQAP')).toHaveLength(leave ? 1 : 0);
  });
});
