import * as fc from 'fast-check';
import { concat, concatMap } from 'rxjs';
import { echo, lineSource, sendAll, sink, source, type HostSocket } from '../../transports/emulator/network/index.js';
import { utf8Bytes } from '../../transports/emulator/network/hosts/utf8Bytes.js';
import { expectBytes, joined, lab, length, pattern, record } from './networkHarness.js';

describe('host behaviours', () => {
  it('source keeps to its rate', () => {
    const { clock, connect } = lab(source(pattern(100_000), { rate: 10_000 }));
    const socket = connect();
    const start = clock.now();
    let received = 0;
    socket.incoming.subscribe((chunk) => {
      received += chunk.length;
      socket.consumed(chunk.length);
    });
    for (const seconds of [1, 2, 5]) {
      clock.to(start + seconds * 1000);
      expect(received).toBeGreaterThan(seconds * 10_000 - 1500);
      expect(received).toBeLessThanOrEqual(seconds * 10_000);
    }
    clock.to(start + 11_000);
    expect(received).toBe(100_000);
  });

  it('source draws from an endless generator only as far as it can send', () => {
    let drawn = 0;
    const { clock, connect, peers } = lab(source(function* () { for (;;) { drawn += 1; yield pattern(1000, drawn); } }));
    const socket = connect();
    clock.by(1000);
    expect(drawn).toBe(Math.ceil((5760 + 65_536) / 1000));
    socket.destroy();
    clock.by(10);
    expect((peers[0] as HostSocket).stats.blocked).toBe(false);
  });

  it('source begins anew for each connection and stays open where told', () => {
    const { clock, connect } = lab(source(pattern(100), { end: false }));
    const [a, b] = [connect(), connect()];
    const got = [record(a.incoming), record(b.incoming)];
    clock.by(100);
    expect(got.map(({ values }) => length(values))).toEqual([100, 100]);
    expect(got.map(({ completed }) => completed)).toEqual([false, false]);
  });

  it('source reads what the module sends', () => {
    const { clock, connect, peers } = lab(source(pattern(10_000)));
    const socket = connect();
    clock.by(10);
    for (let turn = 0; turn < 50; turn += 1) {
      expect(socket.send(pattern(4000))).toBe(4000);
      clock.by(10);
    }
    expect((peers[0] as HostSocket).stats.received).toBe(200_000);
  });

  it('lineSource sends one line each interval and skips none after being held back', () => {
    const { clock, connect } = lab(lineSource((index) => (index < 500 ? `line ${String(index)} °` : undefined), { interval: 10, eol: '\n' }));
    const socket = connect();
    const start = clock.now();
    const chunks = record(socket.incoming);
    clock.to(start + 95);
    expect(chunks.values).toHaveLength(10);
    clock.to(start + 20_000);
    expect(length(chunks.values)).toBe(5760);
    for (let turn = 0; turn < 10; turn += 1) {
      socket.consumed(5760);
      clock.by(100);
    }
    const text = new TextDecoder().decode(joined(chunks.values));
    expect(text).toBe(Array.from({ length: 500 }, (_, index) => `line ${String(index)} °\n`).join(''));
    expect(chunks.completed).toBe(true);
  });

  it('lineSource takes a list, with CR LF by default', () => {
    const { clock, connect } = lab(lineSource(['a', 'b']));
    const chunks = record(connect().incoming);
    clock.by(10);
    expect(new TextDecoder().decode(joined(chunks.values))).toBe('a\r\nb\r\n');
  });

  it('sink at a rate holds the module back', () => {
    const { clock, connect, network } = lab(sink());
    let peer: HostSocket | undefined;
    network.configure('192.168.4.2', { window: 2000, tcp: { 7000: (socket) => { peer = socket; return sink({ rate: 1000 })(socket); } } });
    const socket = connect();
    clock.by(10);
    expect(socket.send(pattern(5744))).toBe(5744);
    clock.by(1500);
    expect(peer?.stats.received).toBeLessThan(5000);
    clock.by(6000);
    expect(peer?.stats.received).toBe(5744);
  });

  it('echo ends after the module, with everything returned', () => {
    const { clock, connect } = lab(echo());
    const socket = connect();
    const back = record(socket.incoming);
    clock.by(1);
    socket.send(pattern(5000));
    socket.end();
    clock.by(100);
    expectBytes(joined(back.values), pattern(5000));
    expect(back.completed).toBe(true);
  });

  it('a handler of a few lines greets and then answers', () => {
    const { clock, connect } = lab((socket) =>
      concat(sendAll(socket, utf8Bytes('hello\r\n')), socket.incoming.pipe(concatMap(({ length: count }) => sendAll(socket, utf8Bytes(`${String(count)}\r\n`))))));
    const socket = connect();
    const got = record(socket.incoming);
    clock.by(10);
    socket.send(pattern(77));
    clock.by(10);
    expect(new TextDecoder().decode(joined(got.values))).toBe('hello\r\n77\r\n');
  });

  it('utf8Bytes is UTF-8', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect([...utf8Bytes(text)]).toEqual([...new TextEncoder().encode(text)]);
    }), { seed: 1 });
  });
});
