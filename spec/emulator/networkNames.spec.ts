import { inMemoryNetwork, sink, type NetworkSocket } from '../../transports/emulator/network/index.js';
import { Clock, record, window } from './networkHarness.js';

const lab = () => {
  const clock = new Clock();
  const network = inMemoryNetwork({
    scheduler: clock, latency: 5, time: 1_700_000_000,
    hosts: {
      '192.168.4.2': { names: ['Printer.Local'] },
      'one.test': {}, 'two.test': {}, 'six.test': { address: '10.0.0.6', address6: 'fe80::6', tcp: { 80: sink() } },
      'slow.test': { latency: 700 }, 'far.test': { latency: 60.2 }, 'dead.test': { state: 'silent' },
    },
  });
  return { clock, network };
};

describe('names in memory', () => {
  it.each<readonly [string, 4 | 6 | undefined, string]>([
    ['printer.local', undefined, '192.168.4.2'],
    ['one.test', undefined, '203.0.113.1'],
    ['TWO.test', 4, '203.0.113.2'],
    ['six.test', 4, '10.0.0.6'],
    ['six.test', 6, 'fe80::6'],
    ['192.168.4.99', undefined, '192.168.4.99'],
    ['localhost', undefined, '127.0.0.1'],
  ])('%s (%s) is %s', (name, family, address) => {
    const { clock, network } = lab();
    const answer = record(network.resolve(name, family));
    clock.by(10);
    expect(answer).toMatchObject({ values: [address], completed: true });
  });

  it.each<readonly [string, 4 | 6]>([['nosuch.invalid', 4], ['one.test', 6]])('%s (%d) is not found', (name, family) => {
    const { clock, network } = lab();
    const answer = record(network.resolve(name, family));
    clock.by(9);
    expect(answer.error).toBeUndefined();
    clock.by(1);
    expect(answer.error).toMatchObject({ failure: 'not-found' });
  });

  it('follow a host that is exchanged or removed', () => {
    const { clock, network } = lab();
    network.configure('one.test', { names: ['uno.test'] });
    const again = record(network.resolve('uno.test'));
    network.configure('192.168.4.2', undefined);
    const gone = record(network.resolve('printer.local'));
    clock.by(10);
    expect(again.values).toEqual(['203.0.113.1']);
    expect(gone.error).toMatchObject({ failure: 'not-found' });
  });

  it('lead to the IPv6 address of a host where asked', () => {
    const { clock, network } = lab();
    const connected = record(network.connect({ host: 'six.test', port: 80, window, family: 6 }));
    clock.by(20);
    expect((connected.values[0] as NetworkSocket).remote.address).toBe('fe80::6');
  });
});

describe('ping in memory', () => {
  it.each<readonly [string, number]>([['192.168.4.2', 10], ['far.test', 120]])('%s answers after %d ms', (host, time) => {
    const { clock, network } = lab();
    const answer = record(network.ping(host));
    clock.by(time - 1);
    expect(answer.values).toEqual([]);
    clock.by(2);
    expect(answer.values).toEqual([time]);
  });

  it.each(['192.168.4.99', 'dead.test', 'slow.test'])('%s times out after a second', (host) => {
    const { clock, network } = lab();
    const answer = record(network.ping(host));
    clock.by(999);
    expect(answer.error).toBeUndefined();
    clock.by(1);
    expect(answer.error).toMatchObject({ failure: 'timeout' });
  });
});

it('the clock of the in-memory network goes with virtual time, and is absent where none is configured', () => {
  const { clock, network } = lab();
  clock.to(60_000);
  const time = record(network.now?.() as NonNullable<ReturnType<NonNullable<typeof network.now>>>);
  clock.by(10);
  expect(time.values).toEqual([1_700_000_060.01]);
  expect(inMemoryNetwork().now).toBeUndefined();
});
