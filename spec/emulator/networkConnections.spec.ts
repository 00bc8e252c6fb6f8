import { NEVER, Observable, throwError } from 'rxjs';
import { inMemoryNetwork, NetworkError, sink, source, type HostSocket, type NetworkServer, type NetworkSocket } from '../../transports/emulator/network/index.js';
import { Clock, expectBytes, joined, lab, length, pattern, record, window } from './networkHarness.js';

const failureOf = (error: unknown): string | undefined => (error instanceof NetworkError ? error.failure : undefined);

describe('the end of a connection', () => {
  it('delivers what is unread before the FIN', () => {
    const { clock, connect } = lab(source(pattern(7000)));
    const socket = connect();
    clock.by(100);
    const arrived = record(socket.incoming);
    expect(length(arrived.values)).toBe(5760);
    expect(arrived.completed).toBe(false);
    socket.consumed(5760);
    clock.by(100);
    expectBytes(joined(arrived.values), pattern(7000));
    expect(arrived.completed).toBe(true);
  });

  it('gives a late reader what came with the FIN, then the end', () => {
    const { clock, connect } = lab(source(pattern(4)));
    const socket = connect();
    clock.by(100);
    const arrived = record(socket.incoming);
    expect(arrived.values.map((chunk) => [...chunk])).toEqual([[...pattern(4)]]);
    expect(arrived.completed).toBe(true);
  });

  it('leaves the other direction open after a FIN of the host', () => {
    const { clock, connect, peers } = lab(source(pattern(1)));
    const socket = connect();
    const arrived = record(socket.incoming);
    const writable = record(socket.writable);
    clock.by(10);
    expect(arrived.completed).toBe(true);
    expect(socket.send(pattern(100))).toBe(100);
    clock.by(10);
    expect((peers[0] as HostSocket).stats.received).toBe(100);
    expect(writable.completed).toBe(false);
    socket.end();
    clock.by(10);
    expect(writable.completed).toBe(true);
  });

  it('delivers what was sent before the own FIN, while incoming goes on', () => {
    const seen: Uint8Array[] = [];
    let ended = false;
    const { clock, connect, peers } = lab((socket) => {
      socket.incoming.subscribe({ next: (chunk) => seen.push(chunk), complete: () => { ended = true; } });
    });
    const socket = connect();
    const arrived = record(socket.incoming);
    clock.by(1);
    socket.send(pattern(5000));
    socket.end();
    expect(socket.send(pattern(1))).toBe(0);
    clock.by(10);
    expectBytes(joined(seen), pattern(5000));
    expect(ended).toBe(true);
    (peers[0] as HostSocket).send(pattern(3));
    clock.by(10);
    expect(length(arrived.values)).toBe(3);
    expect(arrived.completed).toBe(false);
  });

  it('holds a FIN back behind bytes that the host has no window for', () => {
    const { clock, connect, network } = lab(sink());
    let peer: HostSocket | undefined;
    let ended = false;
    network.configure('192.168.4.2', { window: 100, tcp: { 7000: (socket) => {
      peer = socket;
      socket.hold(true);
      socket.incoming.subscribe({ complete: () => { ended = true; } });
    } } });
    const socket = connect();
    clock.by(10);
    socket.send(pattern(500));
    socket.end();
    clock.by(1000);
    expect(peer?.stats.received).toBe(100);
    peer?.hold(false);
    clock.by(1000);
    expect(peer?.stats.received).toBe(500);
    expect(ended).toBe(true);
  });

  it('errors on RST, after what had arrived', () => {
    const { clock, connect, peers } = lab(() => NEVER);
    const socket = connect();
    clock.by(1);
    (peers[0] as HostSocket).send(pattern(10));
    clock.by(10);
    (peers[0] as HostSocket).destroy();
    clock.by(10);
    const arrived = record(socket.incoming);
    expect(length(arrived.values)).toBe(10);
    expect(arrived.error).toBeInstanceOf(NetworkError);
    expect(socket.send(pattern(1))).toBe(0);
  });

  it('loses what is under way when the module resets, and tells the host', () => {
    const { clock, connect, peers } = lab((socket) => { socket.incoming.subscribe({ error: () => undefined }); }, { latency: 50 });
    const socket = connect();
    const arrived = record(socket.incoming);
    clock.by(200);
    const peer = peers[0] as HostSocket;
    const writable = record(peer.writable);
    socket.send(pattern(100));
    peer.send(pattern(100));
    clock.by(10);
    socket.destroy();
    clock.by(200);
    expect(peer.stats.received).toBe(0);
    expect(writable.completed).toBe(true);
    expect(arrived).toMatchObject({ values: [], completed: false, error: undefined });
    expect(peer.send(pattern(1))).toBe(0);
  });

  it.each([
    ['with unread bytes', 100, 0],
    ['before more comes', 0, 100],
  ])('resets a host that goes on sending to a module which has ended and reads no more: %s, but delivers first what was sent', (_, early, late) => {
    const seen: Uint8Array[] = [];
    const { clock, connect, peers } = lab((socket) => { socket.incoming.subscribe({ next: (chunk) => seen.push(chunk), error: () => undefined }); });
    const socket = connect();
    clock.by(10);
    const peer = peers[0] as HostSocket;
    const over = record(peer.writable);
    const reading = record(socket.incoming);
    peer.send(pattern(early));
    clock.by(10);
    socket.send(pattern(4000));
    reading.stop();
    socket.end();
    clock.by(10);
    if (late > 0) expect(over.completed).toBe(false);
    peer.send(pattern(late));
    clock.by(10);
    expect(length(seen)).toBe(4000);
    expect(over.completed).toBe(true);
  });

  it('resets when a handler fails, ends when it completes, and stops it when the module resets', () => {
    const failing = lab(() => throwError(() => new Error('broken')));
    const broken = record(failing.connect().incoming);
    failing.clock.by(10);
    expect(broken.error).toBeInstanceOf(NetworkError);

    let stopped = false;
    const waiting = lab((socket) => {
      socket.incoming.subscribe({ error: () => undefined });
      return new Observable(() => () => { stopped = true; });
    });
    const socket = waiting.connect();
    waiting.clock.by(10);
    socket.destroy();
    expect(stopped).toBe(false);
    waiting.clock.by(10);
    expect(stopped).toBe(true);
  });

  it('emits nothing in the stack of send, consumed, end and destroy', () => {
    const { clock, connect } = lab(source(pattern(50_000)), { latency: 0 });
    const socket = connect();
    clock.by(1);
    const arrived = record(socket.incoming);
    const writable = record(socket.writable);
    clock.by(1);
    const before = arrived.values.length;
    socket.consumed(5760);
    socket.send(pattern(6000));
    socket.end();
    socket.destroy();
    expect(arrived.values).toHaveLength(before);
    expect(writable).toMatchObject({ values: [], completed: false });
    clock.by(1);
    expect(writable.completed).toBe(true);
  });

  it('refuses a second reader at the same time and leaves the rest to the next one', () => {
    const { clock, connect } = lab(source(pattern(5000)));
    const socket = connect();
    const first = record(socket.incoming);
    expect(record(socket.incoming).error).toBeInstanceOf(Error);
    clock.by(2);
    first.stop();
    clock.by(100);
    const second = record(socket.incoming);
    expectBytes(joined([...first.values, ...second.values]), pattern(5000));
  });
});

describe('connecting', () => {
  const connect = (clock: Clock, host: string, port: number, rest: object = {}) => {
    const network = inMemoryNetwork({
      scheduler: clock, latency: 10, connectTimeout: 5000,
      hosts: {
        '192.168.4.2': { tcp: { 80: sink() }, tls: { 443: sink() }, names: ['Web.Lab'] },
        'dead.lab': { state: 'silent' },
        '10.0.0.9': { state: 'unreachable' },
        'far.lab': { latency: 300, tcp: { 80: sink() } },
      },
    });
    return record(network.connect({ host, port, window, ...rest }));
  };
  const tls = { authMode: 0, pkiNumber: 0, caNumber: 0 } as const;
  it.each<readonly [string, number, object, string, number]>([
    ['192.168.4.2', 81, {}, 'refused', 20],
    ['nobody.invalid', 80, {}, 'not-found', 20],
    ['192.168.4.99', 80, {}, 'timeout', 5000],
    ['dead.lab', 80, {}, 'timeout', 5000],
    ['10.0.0.9', 80, {}, 'unreachable', 20],
    ['192.168.4.2', 80, { tls }, 'tls', 40],
    ['192.168.4.2', 81, { tls }, 'refused', 20],
  ])('%s:%d %j fails: %s after %d ms', (host, port, rest, failure, time) => {
    const clock = new Clock();
    const attempt = connect(clock, host, port, rest);
    clock.to(time - 1);
    expect(attempt.error).toBeUndefined();
    clock.to(time);
    expect(failureOf(attempt.error)).toBe(failure);
    expect(attempt.values).toEqual([]);
  });

  it.each<readonly [string, number, object, number]>([
    ['192.168.4.2', 80, {}, 20],
    ['web.lab', 80, {}, 20],
    ['far.lab', 80, {}, 600],
    ['192.168.4.2', 443, { tls }, 40],
  ])('%s:%d %j stands after %s ms', (host, port, rest, time) => {
    const clock = new Clock();
    const attempt = connect(clock, host, port, rest);
    clock.to(time - 1);
    expect(attempt.values).toHaveLength(0);
    clock.to(time);
    expect(attempt.values).toHaveLength(1);
    expect(attempt.completed).toBe(true);
    expect(attempt.values[0]).toMatchObject({ remote: { port }, localAddress: '192.168.4.100' });
  });

  it('resets a connection without TLS to a port that speaks TLS', () => {
    const clock = new Clock();
    const attempt = connect(clock, '192.168.4.2', 443);
    clock.to(20);
    const arrived = record((attempt.values[0] as NetworkSocket).incoming);
    clock.to(100);
    expect(arrived.error).toBeInstanceOf(NetworkError);
  });

  it('gives out local ports and refuses one in use until its connection is gone', () => {
    const { clock, network } = lab(() => NEVER);
    const open = (localPort?: number) => record(network.connect({ host: '192.168.4.2', port: 7000, window, ...(localPort === undefined ? {} : { localPort }) }));
    const [a, b, c] = [open(), open(), open(7201)];
    clock.by(10);
    const ports = [a, b, c].map(({ values }) => (values[0] as NetworkSocket).localPort);
    expect(new Set(ports).size).toBe(3);
    expect(ports[2]).toBe(7201);
    expect(failureOf(open(7201).error)).toBe('in-use');
    (c.values[0] as NetworkSocket).destroy();
    clock.by(10);
    const again = open(7201);
    clock.by(10);
    expect(again.values).toHaveLength(1);
  });

  it('gives up when unsubscribed: the host never serves, the port is free', () => {
    const { clock, network, peers } = lab(() => NEVER, { latency: 10 });
    for (const time of [0, 5, 15]) {
      const attempt = record(network.connect({ host: '192.168.4.2', port: 7000, window, localPort: 5000 }));
      clock.by(time);
      attempt.stop();
      clock.by(100);
      expect(attempt.values).toHaveLength(0);
    }
    expect(peers).toHaveLength(0);
  });

  it('delays each segment by the latency', () => {
    const { clock, connect, peers } = lab(() => NEVER, { latency: 25 });
    const socket = connect();
    const arrived = record(socket.incoming);
    (peers[0] as HostSocket).send(pattern(3000));
    clock.by(24);
    expect(arrived.values).toHaveLength(0);
    clock.by(1);
    expect(arrived.values.map((chunk) => chunk.length)).toEqual([1440, 1440, 120]);
  });

  it('makes a lost segment 200 ms late, without disorder', () => {
    const { clock, connect } = lab(source(pattern(100_000)), { loss: 0.2, seed: 7 });
    const socket = connect();
    const arrived: Uint8Array[] = [];
    const times: number[] = [];
    let last = clock.now();
    socket.incoming.subscribe((chunk) => {
      arrived.push(chunk);
      times.push(clock.now() - last);
      last = clock.now();
      socket.consumed(chunk.length);
    });
    clock.by(60_000);
    expectBytes(joined(arrived), pattern(100_000));
    expect(Math.max(...times)).toBeGreaterThanOrEqual(200);
  });
});

describe('five links', () => {
  it('share the air fairly at a rate', () => {
    const { clock, network } = lab(source(pattern(400_000)), { rate: 100_000 });
    const received = [0, 0, 0, 0, 0];
    received.forEach((_, link) => network.connect({ host: '192.168.4.2', port: 7000, window }).subscribe((socket) => {
      socket.incoming.subscribe((chunk) => {
        received[link] = (received[link] as number) + chunk.length;
        socket.consumed(chunk.length);
      });
    }));
    clock.by(10_000);
    const total = received.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(980_000);
    expect(total).toBeLessThanOrEqual(1_000_000);
    expect(Math.max(...received) - Math.min(...received)).toBeLessThanOrEqual(5760);
  });

  it('leave a link alone that is not read: the others go on at full pace', () => {
    const { clock, network, peers } = lab(source(pattern(100_000)));
    const received = [0, 0, 0, 0, 0];
    received.forEach((_, link) => network.connect({ host: '192.168.4.2', port: 7000, window }).subscribe((socket) => {
      socket.incoming.subscribe((chunk) => {
        received[link] = (received[link] as number) + chunk.length;
        if (link !== 2) socket.consumed(chunk.length);
      });
    }));
    clock.by(10_000);
    expect(received).toEqual([100_000, 100_000, 5760, 100_000, 100_000]);
    expect(peers.map(({ stats }) => stats.blocked)).toEqual([false, false, true, false, false]);
  });
});

describe('the module as a server', () => {
  const listening = () => {
    const { clock, network } = lab(sink());
    const opened = record(network.listen({ port: 333, window }));
    return { clock, network, server: opened.values[0] as NetworkServer };
  };

  it('accepts hosts, with its window on each connection', () => {
    const { clock, network, server } = listening();
    const accepted = record(server.connections);
    const hosts = [record(network.connectTo(333)), record(network.connectTo(333, { from: { address: '10.1.1.1', port: 4000 } }))];
    clock.by(10);
    expect(accepted.values.map(({ remote, localPort }) => [remote.address, localPort])).toEqual([['192.168.4.2', 333], ['10.1.1.1', 333]]);
    const host = hosts[1]?.values[0] as HostSocket;
    const incoming = record((accepted.values[1] as NetworkSocket).incoming);
    host.send(pattern(10_000));
    clock.by(1000);
    expect(length(incoming.values)).toBe(5760);
    expect(host.stats).toMatchObject({ sent: 5760, blocked: true });
    const back = record(host.incoming);
    (accepted.values[1] as NetworkSocket).send(pattern(50));
    clock.by(10);
    expect(length(back.values)).toBe(50);
  });

  it('keeps data that a host sends at once for the accepted socket', () => {
    const { clock, network, server } = listening();
    const host = record(network.connectTo(333));
    clock.by(2);
    (host.values[0] as HostSocket).send(pattern(20));
    clock.by(10);
    const accepted = record(server.connections);
    expect(length(record((accepted.values[0] as NetworkSocket).incoming).values)).toBe(20);
  });

  it('refuses where nobody listens, before, elsewhere and after close; accepted connections live on', () => {
    const { clock, network, server } = listening();
    expect(failureOf(record(network.listen({ port: 333, window })).error)).toBe('in-use');
    const accepted = record(server.connections);
    const standing = record(network.connectTo(333));
    const elsewhere = record(network.connectTo(334));
    clock.by(10);
    expect(failureOf(elsewhere.error)).toBe('refused');
    const late = record(network.connectTo(333));
    clock.by(2);
    server.close();
    const after = record(network.connectTo(333));
    clock.by(10);
    expect(accepted.completed).toBe(true);
    expect(accepted.values).toHaveLength(1);
    expect(failureOf(after.error)).toBe('refused');
    expect(record((late.values[0] as HostSocket).incoming).error).toBeInstanceOf(NetworkError);
    (standing.values[0] as HostSocket).send(pattern(9));
    clock.by(10);
    expect(length(record((accepted.values[0] as NetworkSocket).incoming).values)).toBe(9);
    expect(record(network.listen({ port: 333, window })).values).toHaveLength(1);
  });
});
