import fc from 'fast-check';
import type { CountedHead, Frame, FramerInstruction, FramerOptions } from '../../operators/frame.js';
import { createFramer, FramerMachine } from '../../operators/framer.js';
import { bytesOf, coalesced, heads, options, take } from './framing.js';

/** What stands in payloads to mislead a scanner. */
const lures = ['OK\r\n', '\r\nOK\r\n', '\r\n>', '+IPD,0,9:', 'ready', '+++', '\0', '\xff', '"', '\\', '\r', '\n', '+CIPRECVDATA:3,', 'busy p...\r\n'];
const pieces = [
  ...lures, 'a', 'AT+X="', '\r\n', '> ', '+IPD,0,5:', '+IPD,3:', '+IPD,0,2,"fe80::1",80:', '+IPD,1,7\r\n', '+CIPRECVDATA:2,hi\r\nOK\r\n', '+CIPRECVDATA:12,',
  '+MQTTSUBRECV:0,"a,b",4,', '+MQTTSUBRECV:0,"a",', '",3,', '"b",2,', '+HTTPCLIENT:3, ', '+HTTPCLIENT:4, a\r\n', '+CIPRECVDATA:2,hi\r\n+HTTPCLIENT:2,', '+CWLAP:(0,"x', 'WIFI GOT IP\r\n', '0,CLOSED\r\n', 'somewhat longer text, ',
];
const small: FramerOptions = { ...options, lineLimit: 24, headLimit: 26, wholeLimit: 8 };

const stream = (max: number) => fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...pieces) },
  { weight: 1, arbitrary: fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 6 }) },
), { maxLength: max }).map((parts) => parts.join(''));

/** Cuts as distances: a small first bound makes chunks of one byte likely. */
const cuts = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 20 });

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const shorter: readonly CountedHead[] = heads.slice(0, 1);
const instructions: readonly (FramerInstruction | undefined)[] = [
  undefined, undefined, undefined, undefined,
  { do: 'arm', then: 'lines' }, { do: 'arm', then: 'raw' }, { do: 'disarm' }, { do: 'raw' },
  { do: 'heads', heads: shorter }, { do: 'heads', heads }, { do: 'heads', heads: [] },
];

/** An instruction as a function of the frame's kind and place only; leaving raw mode is left to the steps between segments. */
const reaction = (seed: number) => {
  let count = 0;
  return (frame: Frame): FramerInstruction | undefined => {
    if (frame.kind === 'raw') return undefined;
    count += 1;
    return instructions[(count * 7 + seed * 13 + frame.kind.length * 5) % instructions.length];
  };
};

describe('createFramer, whatever the chunks', () => {
  const segment = fc.record({
    text: stream(14),
    then: fc.constantFrom<FramerInstruction>({ do: 'lines' }, { do: 'abandon' }, { do: 'arm', then: 'lines' }, { do: 'raw' }, { do: 'heads', heads }),
  });

  it.each([['usual', options], ['small', small]])('gives the same frames, mode changes included (%s limits)', (_, chosen) => {
    fc.assert(fc.property(fc.array(segment, { maxLength: 4 }), cuts, fc.nat(50), (segments, sizes, seed) => {
      const run = (split: (bytes: Uint8Array) => Uint8Array[]): string[] => {
        const framer = createFramer(chosen);
        const react = reaction(seed);
        const seen: Frame[] = [];
        for (const { text, then } of segments) {
          for (const chunk of split(bytesOf(text))) {
            framer.feed(chunk);
            take(framer, react, seen);
          }
          framer.instruct(then);
          take(framer, react, seen);
        }
        return coalesced(seen);
      };
      const whole = run((bytes) => [bytes]);
      expect(run((bytes) => cut(bytes, sizes))).toEqual(whole);
      expect(run((bytes) => cut(bytes, [1]))).toEqual(whole);
    }), { numRuns: 1000, seed: 71 });
  });
});

interface Item { readonly wire: string; readonly frames: readonly string[] }

describe('createFramer, on valid streams', () => {
  const payload = fc.array(fc.oneof(fc.constantFrom(...lures), fc.constantFrom('a', 'bc')), { maxLength: 8 }).map((parts) => parts.join(''));
  const counted = (head: string, bytes: string, wire: string): Item => ({ wire, frames: [`data ${head} ${bytes}`] });
  const id = fc.nat(4).map(String);
  const after = fc.constantFrom('', '\r\n');
  const event: fc.Arbitrary<Item> = fc.oneof(
    fc.constantFrom('a', ' a', '  \n', ' >OK').map((bytes) => counted(`+HTTPCLIENT:${String(bytes.length)}`, bytes, `\r\n+HTTPCLIENT:${String(bytes.length)},${bytes}\r\n`)),
    fc.constantFrom('k: v', '  v').map((bytes) => counted(`+HTTPCLIENT:${String(bytes.length)}`, bytes, `\r\n+HTTPCLIENT:${String(bytes.length)}, ${bytes}\r\n`)),
    fc.constantFrom('WIFI GOT IP', '0,CLOSED', 'busy p...', '+IPD,0,512').map((text) => ({ wire: `${text}\r\n`, frames: [`line ${text}`] })),
    fc.tuple(id, payload).map(([link, bytes]) => {
      const head = `+IPD,${link},${String(bytes.length)}`;
      return counted(head, bytes, `\r\n${head}:${bytes}\r\n`);
    }),
  );
  const item: fc.Arbitrary<Item> = fc.oneof(
    event,
    fc.constantFrom('OK', 'ERROR', 'SEND OK', 'ready').map((text) => ({ wire: `\r\n${text}\r\n`, frames: [`line ${text}`] })),
    fc.constantFrom('+CWLAP:(3,"a"+IPD,0,3:b",-40)', '+CIPSTA:ip:"192.168.4.2"', 'AT+X="+IPD,0,3:"').map((text) => ({ wire: `${text}\r\n`, frames: [`line ${text}`] })),
    fc.tuple(id, payload, after).map(([link, bytes, trailer]) => {
      const head = `+IPD,${link},${String(bytes.length)},"2001:db8::1",80`;
      return counted(head, bytes, `${head}:${bytes}${trailer}`);
    }),
    fc.tuple(payload, after).map(([bytes, trailer]) => {
      const head = `+MQTTSUBRECV:0,"a,b/"c",${String(bytes.length)}`;
      return counted(head, bytes, `${head},${bytes}${trailer}`);
    }),
    fc.tuple(fc.constantFrom('a",x', '",', '"', 'a",,b', 'a","b', 'a",7x', '",-1,"'), payload).map(([topic, bytes]) => {
      const head = `+MQTTSUBRECV:0,"${topic}",${String(bytes.length)}`;
      return counted(head, bytes, `${head},${bytes}\r\n`);
    }),
    fc.tuple(payload, fc.array(event, { maxLength: 3 })).map(([bytes, events]) => {
      const head = `+CIPRECVDATA:${String(bytes.length)}`;
      const between = events.map((each) => each.wire).join('');
      return { wire: `${head},${bytes}${between === '' ? '' : '\r\n'}${between}\r\nOK\r\n`,
        frames: [`data ${head} ${bytes}`, ...events.flatMap((each) => each.frames), 'line OK'] };
    }),
    fc.tuple(id, payload).map(([link, bytes]) => {
      const head = `+IPD,${link},${String(bytes.length)}`;
      return { wire: `busy p...${head}:${bytes}`, frames: ['line busy p...', `data ${head} ${bytes}`] };
    }),
  );

  it('gives what they were made of, and no byte of a payload in a line', () => {
    fc.assert(fc.property(fc.array(item, { maxLength: 12 }), cuts, (items, sizes) => {
      const framer = createFramer(options);
      const seen: Frame[] = [];
      for (const chunk of cut(bytesOf(items.map((each) => each.wire).join('')), sizes)) {
        framer.feed(chunk);
        take(framer, undefined, seen);
      }
      expect(coalesced(seen)).toEqual(items.flatMap((each) => each.frames));
      expect(framer.open).toBeUndefined();
    }), { numRuns: 1000, seed: 72 });
  });

  it('gives payloads in parts that together are the payload', () => {
    fc.assert(fc.property(payload, fc.integer({ min: 1, max: 9 }), cuts, (bytes, wholeLimit, sizes) => {
      const framer = createFramer({ ...options, wholeLimit });
      const seen: Frame[] = [];
      for (const chunk of cut(bytesOf(`+IPD,0,${String(bytes.length)}:${bytes}OK\r\n`), sizes)) {
        framer.feed(chunk);
        take(framer, undefined, seen);
      }
      const parts = seen.flatMap((frame) => (frame.kind === 'part' ? [frame] : []));
      if (bytes.length <= wholeLimit) expect(coalesced(seen)).toEqual([`data +IPD,0,${String(bytes.length)} ${bytes}`, 'line OK']);
      else {
        expect(parts.map((part) => part.payload.length)).toEqual(
          Array.from({ length: Math.ceil(bytes.length / wholeLimit) }, (_, i) => Math.min(wholeLimit, bytes.length - i * wholeLimit)));
        expect(parts.map((part) => part.last)).toEqual(parts.map((_, i) => i === parts.length - 1));
        expect(coalesced(seen.slice(parts.length))).toEqual(['line OK']);
      }
    }), { numRuns: 500, seed: 73 });
  });
});

describe('createFramer, on hostile input', () => {
  const MEGABYTE = 1 << 20;
  const fill = (text: string, size = MEGABYTE): Uint8Array => bytesOf(text.repeat(Math.ceil(size / text.length)));

  function workOn(bytes: Uint8Array, chunk: number, more: FramerOptions = {}): { perByte: number; held: number } {
    const machine = new FramerMachine({ ...options, ...more });
    let held = 0;
    for (let at = 0; at < bytes.length; at += chunk) {
      machine.feed(bytes.subarray(at, at + chunk));
      while (machine.next() !== undefined) { /* only counted */ }
      held = Math.max(held, machine.held);
    }
    return { perByte: machine.work / bytes.length, held };
  }

  it.each([
    ['nested proof heads', '+CIPRECVDATA:16000,'],
    ['nested proof heads before interim lines', `${'+CIPRECVDATA:9000,'.repeat(400)}${'busy p...\r\n'.repeat(2400)}x\r\n`],
    ['proof heads ending on every blank line', `${Array.from({ length: 500 }, (_, i) => `+CIPRECVDATA:${String(12000 - i * 20)},`).join('')}${'\r\n'.repeat(16000)}`],
    ['proof heads whose counted frames overlap', `${'+CIPRECVDATA:100,'.repeat(30)}${'\r\n+IPD,0,10:'.repeat(100)}`],
    ['heads without an end', `${'+MQTTSUBRECV:'.repeat(300)}\n`],
['quoted heads that fall back', `${'+MQTTSUBRECV:0,"a",x",1'.repeat(200)}\n`],
    ['counted frames whose blank is looked at behind them', `${'+CIPRECVDATA:100,'.repeat(30)}${'\r\n+HTTPCLIENT:9000, '.repeat(100)}`],
    ['quoted heads without an end', `${'+MQTTSUBRECV:0,"a'.repeat(200)}\n`],
    ['heads of different kinds without an end', `${'+MQTTSUBRECV:+IPD,'.repeat(200)}\n`],
    ['pluses', '+'],
    ['quotes', '"+"'],
    ['one endless line', 'abc'],
    ['endless garbage', '\xff\0'],
    ['newlines', '\n'],
    ['huge counts', '+IPD,0,2147483647:+IPD,'],
  ])('does work linear in the bytes: %s', (_, text) => {
    // The same bound for a megabyte, and for less of it in smaller chunks, down to one byte.
    for (const [size, chunk] of [[MEGABYTE, 4096], [MEGABYTE / 16, 61], [MEGABYTE / 32, 1]] as const) {
      const { perByte, held } = workOn(fill(text, size), chunk);
      expect(perByte).toBeLessThan(60);
      expect(held).toBeLessThan(4 * (512 + 16384 + 32768 + chunk));
    }
  });

  it('costs about one look and few copies on plain lines', () => {
    expect(workOn(fill('sensor 17 reads 21.50 degrees C\r\n'), 4096).perByte).toBeLessThan(2.1);
    expect(workOn(fill('sensor 17 reads 21.50 degrees C\r\n'), 64).perByte).toBeLessThan(4);
  });

  it('neither throws nor hoards on random bytes', () => {
    fc.assert(fc.property(fc.array(fc.oneof(stream(20).map(bytesOf), fc.uint8Array({ maxLength: 80 })), { maxLength: 30 }), fc.nat(50), (chunks, seed) => {
      const machine = new FramerMachine(small);
      const react = reaction(seed);
      for (const chunk of chunks) {
        machine.feed(chunk);
        take(machine, react);
        // Unread bytes stay below the held ones plus a chunk; the block that joins chunks is at most twice that.
        expect(machine.held).toBeLessThan(3 * (26 + 8 + 32768 + 400));
      }
    }), { numRuns: 500, seed: 74 });
  });

  it('holds no more than a line and a chunk while nothing is open', () => {
    const { held } = workOn(fill('\xf0\x81noise without end'), 64, { heads: [], lineLimit: 64 });
    expect(held).toBeLessThanOrEqual(1024 + 64 + 64);
    const long = workOn(fill('text without end '), 64, { heads: [], lineLimit: 64 });
    expect(long.held).toBeLessThanOrEqual(1024 + 64 + 64);
  });
});
