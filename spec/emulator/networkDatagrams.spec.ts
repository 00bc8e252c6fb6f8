import { echoDatagrams, inMemoryNetwork, NetworkError, type DatagramSocket } from '../../transports/emulator/network/index.js';
import { Clock, length, pattern, record } from './networkHarness.js';

const remote = { address: '192.168.4.2', port: 9000 };

const lab = (config: object = {}) => {
  const clock = new Clock();
  const network = inMemoryNetwork({ scheduler: clock, hosts: { '192.168.4.2': { udp: { 9000: echoDatagrams() } }, 'far.lab': { address: '10.0.0.3', latency: 40, udp: { 9000: echoDatagrams() } } }, ...config });
  const open = (localPort?: number): DatagramSocket =>
    record(network.datagram({ window: 5760, ...(localPort === undefined ? {} : { localPort }) })).values[0] as DatagramSocket;
  return { clock, network, open };
};

describe('datagrams in memory', () => {
  it('go there and back with their boundaries and addresses', () => {
    const { clock, open } = lab();
    const socket = open(1112);
    const arrived = record(socket.incoming);
    const bytes = pattern(10);
    socket.send(bytes, remote);
    bytes.fill(0);
    socket.send(pattern(1400), remote);
    socket.send(pattern(0), remote);
    clock.by(1);
    expect(arrived.values).toHaveLength(0);
    clock.by(1);
    expect(arrived.values.map((datagram) => datagram.bytes.length)).toEqual([10, 1400, 0]);
    expect(arrived.values[0]).toEqual({ bytes: pattern(10), remote });
  });

  it('go to a host by name and take its latency', () => {
    const { clock, open } = lab();
    const socket = open();
    const arrived = record(socket.incoming);
    socket.send(pattern(10), { address: 'far.lab', port: 9000 });
    clock.by(79);
    expect(arrived.values).toHaveLength(0);
    clock.by(1);
    expect(arrived.values).toEqual([{ bytes: pattern(10), remote: { address: '10.0.0.3', port: 9000 } }]);
  });

  it('are dropped when the window is full and nobody reads; whole ones only, a smaller one may still fit', () => {
    const { clock, network, open } = lab();
    const socket = open(1112);
    const host = network.bind(4000);
    for (let turn = 0; turn < 6; turn += 1) host.send(pattern(1400, turn), { address: '192.168.4.100', port: 1112 });
    host.send(pattern(160, 9), { address: '192.168.4.100', port: 1112 });
    host.send(pattern(1, 9), { address: '192.168.4.100', port: 1112 });
    clock.by(10);
    expect(network.datagramsDropped).toBe(3);
    const arrived = record(socket.incoming);
    expect(arrived.values.map(({ bytes }) => bytes.length)).toEqual([1400, 1400, 1400, 1400, 160]);
    expect(length(arrived.values.map(({ bytes }) => bytes))).toBe(5760);
    host.send(pattern(1400), { address: '192.168.4.100', port: 1112 });
    clock.by(10);
    expect(arrived.values).toHaveLength(6);
    expect(network.datagramsDropped).toBe(3);
  });

  it('to a port that nobody has are lost and counted', () => {
    const { clock, network, open } = lab();
    const socket = open();
    socket.send(pattern(1), { address: '192.168.4.2', port: 9001 });
    socket.send(pattern(1), { address: '192.168.4.77', port: 9000 });
    network.configure('192.168.4.9', { state: 'silent', udp: { 9000: echoDatagrams() } });
    socket.send(pattern(1), { address: '192.168.4.9', port: 9000 });
    clock.by(10);
    expect(network.datagramsDropped).toBe(3);
  });

  it('are lost at random, the same ones for the same seed', () => {
    const run = (seed: number): number[] => {
      const { clock, network, open } = lab({ loss: 0.3, seed });
      const socket = open(1112);
      const arrived = record(socket.incoming);
      const host = network.bind(4000);
      for (let turn = 0; turn < 200; turn += 1) host.send(Uint8Array.of(turn), { address: '192.168.4.100', port: 1112 });
      clock.by(10);
      expect(arrived.values.length + network.datagramsDropped).toBe(200);
      return arrived.values.map(({ bytes }) => bytes[0] as number);
    };
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
    expect(run(3).length).toBeGreaterThan(110);
    expect(run(3).length).toBeLessThan(170);
  });

  it('take one port per socket, until it is closed', () => {
    const { clock, network, open } = lab();
    const socket = open(1112);
    const arrived = record(socket.incoming);
    const second = record(network.datagram({ window: 5760, localPort: 1112 }));
    expect(second.error).toBeInstanceOf(NetworkError);
    expect(second.error).toMatchObject({ failure: 'in-use' });
    expect(open().localPort).not.toBe(open().localPort);
    socket.close();
    expect(arrived.completed).toBe(true);
    network.bind(4000).send(pattern(1), { address: '192.168.4.100', port: 1112 });
    clock.by(10);
    expect(network.datagramsDropped).toBe(1);
    expect(open(1112).localPort).toBe(1112);
  });
});
