import { source, sink, echo } from '../../transports/emulator/network/index.js';
import type { HostSocket } from '../../transports/emulator/network/index.js';
import { expectBytes, joined, lab, length, pattern, record, window } from './networkHarness.js';

const peerOf = (peers: readonly HostSocket[]): HostSocket => peers[0] as HostSocket;

describe('receive window', () => {
  it('lets exactly 5,760 bytes of 1 MB reach a link that nobody reads, however long it takes', () => {
    const { clock, peers, connect } = lab(source(pattern(1_000_000)));
    const socket = connect();
    clock.by(60_000);
    expect(peerOf(peers).stats).toMatchObject({ sent: 5760, acknowledged: 5760, blocked: true, windowFull: 1 });
    expect(peerOf(peers).stats.accepted).toBe(5760 + 65_536);
    const arrived = record(socket.incoming);
    expect(length(arrived.values)).toBe(5760);
    clock.by(60_000);
    expect(length(arrived.values)).toBe(5760);
    expect(arrived.values.map((chunk) => chunk.length)).toEqual([1440, 1440, 1440, 1440]);
  });

  it.each([1, 100, 1440, 2000, 5760])('lets as many more come as were consumed: %d', (count) => {
    const { clock, peers, connect } = lab(source(pattern(1_000_000)));
    const socket = connect();
    const arrived = record(socket.incoming);
    clock.by(100);
    socket.consumed(count);
    expect(length(arrived.values)).toBe(5760);
    clock.by(100);
    expect(length(arrived.values)).toBe(5760 + count);
    expect(peerOf(peers).stats.sent).toBe(5760 + count);
    expectBytes(joined(arrived.values), pattern(1_000_000).slice(0, 5760 + count));
  });

  it('does not open further than what was received, whatever is said to be consumed', () => {
    const { clock, connect } = lab(source(pattern(100_000)));
    const socket = connect();
    const arrived = record(socket.incoming);
    clock.by(100);
    socket.consumed(1_000_000);
    clock.by(100);
    expect(length(arrived.values)).toBe(2 * 5760);
  });

  it('never has more than the window unread, at any consumed step', () => {
    const { clock, connect } = lab(source(pattern(200_000)), { latency: 7 });
    const socket = connect();
    const arrived = record(socket.incoming);
    let consumed = 0;
    for (let step = 0; step < 400; step += 1) {
      clock.by(5);
      const unread = length(arrived.values) - consumed;
      expect(unread).toBeLessThanOrEqual(window);
      const taken = Math.min(unread, (step * 97) % 1500);
      socket.consumed(taken);
      consumed += taken;
    }
    expect(consumed).toBeGreaterThan(100_000);
    expectBytes(joined(arrived.values), pattern(200_000).slice(0, length(arrived.values)));
  });

  it('counts how long and how often the sender was held back', () => {
    const { clock, peers, connect } = lab(source(pattern(20_000)));
    const socket = connect();
    record(socket.incoming);
    clock.by(1000);
    const { stats } = peerOf(peers);
    expect(stats.blocked).toBe(true);
    const before = stats.blockedFor;
    expect(before).toBeGreaterThanOrEqual(990);
    clock.by(500);
    expect(stats.blockedFor).toBe(before + 500);
    for (let turn = 0; turn < 10; turn += 1) {
      socket.consumed(5760);
      clock.by(10);
    }
    expect(stats).toMatchObject({ blocked: false, sent: 20_000, acknowledged: 20_000 });
    const after = stats.blockedFor;
    clock.by(500);
    expect(stats.blockedFor).toBe(after);
    expect(stats.windowFull).toBe(3);
  });

  it('moves 100 MB in virtual time quickly', () => {
    const block = pattern(65_536);
    const total = 1600 * block.length;
    const { clock, connect } = lab(source(function* () { for (let turn = 0; turn < 1600; turn += 1) yield block; }));
    const socket = connect();
    let received = 0;
    let sum = 0;
    let done = false;
    socket.incoming.subscribe({
      next: (chunk) => {
        received += chunk.length;
        sum = (sum + (chunk[0] ?? 0)) >>> 0;
        socket.consumed(chunk.length);
      },
      complete: () => { done = true; },
    });
    const start = Date.now();
    clock.by(1_000_000);
    expect(received).toBe(total);
    expect(done).toBe(true);
    expect(sum).toBeGreaterThan(0);
    expect(Date.now() - start).toBeLessThan(8000);
  });
});

describe('send buffer', () => {
  it('takes exactly 5,744 bytes while the host reads nothing and its window is full', () => {
    const { clock, network, connect } = lab(sink());
    network.configure('192.168.4.2', { tcp: { 7000: (socket) => { socket.hold(true); } }, window: 1000 });
    const socket = connect();
    clock.by(10);
    expect(socket.send(pattern(10_000))).toBe(5744);
    expect(socket.send(pattern(10))).toBe(0);
    clock.by(60_000);
    // 1000 bytes are acknowledged, in the host's window: they make room here.
    expect(socket.send(pattern(10_000))).toBe(1000);
    clock.by(60_000);
    expect(socket.send(pattern(1))).toBe(0);
  });

  it('says when there is room again, never in the stack of send, and completes when the connection is gone', () => {
    const { clock, connect } = lab(sink());
    const socket = connect();
    const writable = record(socket.writable);
    expect(socket.send(pattern(100))).toBe(100);
    clock.by(10);
    expect(writable.values).toHaveLength(0);
    expect(socket.send(pattern(6000))).toBe(5744);
    expect(writable.values).toHaveLength(0);
    clock.by(10);
    expect(writable.values).toHaveLength(1);
    expect(socket.send(pattern(6000))).toBe(5744);
    socket.end();
    expect(socket.send(pattern(1))).toBe(0);
    expect(writable.completed).toBe(false);
    clock.by(10);
    expect(writable.completed).toBe(true);
  });

  it('tells a late subscriber of writable that there is room', () => {
    const { clock, connect } = lab(sink());
    const socket = connect();
    expect(socket.send(pattern(6000))).toBe(5744);
    clock.by(10);
    expect(record(socket.writable).values).toHaveLength(1);
    expect(record(socket.writable).values).toHaveLength(0);
  });

  it('stops a module that echoes against a host which does not read', () => {
    const { clock, connect, peers } = lab((socket) => { socket.hold(true); return socket.incoming; });
    const socket = connect();
    let taken = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      taken += socket.send(pattern(2048));
      clock.by(10);
    }
    expect(taken).toBe(65_535 + 5744);
    peerOf(peers).hold(false);
    clock.by(100);
    expect(peerOf(peers).stats.received).toBe(taken);
  });

  it('keeps the bytes of a caller that uses its array again', () => {
    const seen: Uint8Array[] = [];
    const { clock, connect } = lab(sink({ each: (bytes) => seen.push(bytes) }));
    const socket = connect();
    const bytes = pattern(300);
    socket.send(bytes);
    bytes.fill(0);
    clock.by(10);
    expectBytes(joined(seen), pattern(300));
  });
});

describe('an echoing host', () => {
  it('returns 300 kB in order through both windows', () => {
    const { clock, connect } = lab(echo());
    const socket = connect();
    const back: Uint8Array[] = [];
    socket.incoming.subscribe((chunk) => {
      back.push(chunk);
      socket.consumed(chunk.length);
    });
    const data = pattern(300_000);
    let offset = 0;
    const go = (): void => { offset += socket.send(data.subarray(offset)); };
    socket.writable.subscribe(go);
    go();
    clock.by(10_000);
    expect(offset).toBe(300_000);
    expect(joined(back)).toEqual(data);
  });

  it('is held back with the module: what nobody reads fills both windows and both buffers, no more', () => {
    const { clock, connect } = lab(echo());
    const socket = connect();
    record(socket.incoming);
    let taken = 0;
    for (let turn = 0; turn < 2000; turn += 1) {
      taken += socket.send(pattern(2048));
      clock.by(10);
    }
    // 5,760 back at the module, 65,536 in the host's send buffer, one segment in the echo's hand, 65,535 unread at the host, 5,744 here.
    expect(taken).toBeGreaterThanOrEqual(5760 + 65_536 + 65_535 + 5744);
    expect(taken).toBeLessThanOrEqual(5760 + 65_536 + 65_535 + 5744 + 1440);
  });
});
