import * as fc from 'fast-check';
import { type Observable, of, Subject, type Subscription, VirtualTimeScheduler } from 'rxjs';
import type { AtError, Connection, Transport } from '../../lib/transport.js';
import { fromBase64, toBase64 } from '../../transports/transcript/base64.js';
import { pair } from '../../transports/pair.js';
import { formatEntry, parseTranscript, record, replay, type ReplayConfig, type TranscriptEntry } from '../../transports/transcript.js';

const bytes = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0));
const text = (value: Uint8Array) => String.fromCharCode(...value);
const join = (transport: Transport): { readonly connection: Connection; readonly open: Subscription } => {
  let connection: Connection | undefined;
  const open = transport.open().subscribe((each) => (connection = each));
  return { connection: connection!, open };
};
const log = (source: Observable<unknown>, now: () => number = () => 0): string[] => {
  const seen: string[] = [];
  source.subscribe({
    next: (value) => seen.push(`${now()} ${value instanceof Uint8Array ? text(value) : JSON.stringify(value)}`),
    error: (error: AtError) => seen.push(`${now()} ${error.kind}/${error.code}`),
    complete: () => seen.push(`${now()} end`),
  });
  return seen;
};
const all = <T>(source: Observable<T>): T[] => {
  const found: T[] = [];
  source.subscribe({ next: (value) => found.push(value), error: (error: unknown) => { throw error; } });
  return found;
};
const errorOf = (source: Observable<unknown>): AtError | undefined => {
  let found: AtError | undefined;
  source.subscribe({ error: (error: AtError) => (found = error) });
  return found;
};
const tx = (value: string): TranscriptEntry => ({ dir: 'tx', bytes: bytes(value) });
const rx = (value: string): TranscriptEntry => ({ dir: 'rx', bytes: bytes(value) });
const wait = (ms: number): TranscriptEntry => ({ dir: 'wait', ms });

describe('base64', () => {
  it('is that of Node, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
        const coded = Buffer.from(value).toString('base64');
        expect(toBase64(value)).toBe(coded);
        expect(fromBase64(coded)).toEqual(value);
        expect(fromBase64(coded.replace(/=+$/, ''))).toEqual(value);
      }),
      { seed: 7 },
    );
  });
  it.each(['A', 'AAAAA', 'A===', '=AAA', 'AA=A', 'AA==AA==', 'AAA==', 'A-_A', 'AA A', 'äAAA', 'AA='])('refuses %j', (value) => {
    expect(fromBase64(value)).toBeUndefined();
  });
});

describe('entries', () => {
  it('are one JSON object a line', () => {
    const entries: TranscriptEntry[] = [{ dir: 'context', context: { echo: false } }, tx('AT\r\n'), wait(40), rx('\r\nOK\r\n')];
    expect(entries.map(formatEntry)).toEqual([
      '{"context":{"echo":false}}',
      '{"dir":"tx","base64":"QVQNCg=="}',
      '{"dir":"wait","ms":40}',
      '{"dir":"rx","base64":"DQpPSw0K"}',
    ]);
    expect(all(parseTranscript(`${entries.map(formatEntry).join('\r\n')}\n\n`))).toEqual(entries);
  });
  it.each([
    ['no JSON', 'AT'],
    ['null', 'null'],
    ['an array', '[]'],
    ['another dir', '{"dir":"up","base64":""}'],
    ['no bytes', '{"dir":"tx"}'],
    ['bad base64', '{"dir":"rx","base64":"a"}'],
    ['a negative wait', '{"dir":"wait","ms":-1}'],
    ['a late context', '{"context":{}}'],
  ])('errors with the line on %s', (_, line) => {
    expect(errorOf(parseTranscript(`\n{"dir":"wait","ms":1}\n${line}\n`))).toMatchObject({ kind: 'decode', code: 'transcript', details: { line: 3 } });
  });
  it('refuses a context that is no object', () => {
    expect(errorOf(parseTranscript('{"context":1}'))).toMatchObject({ kind: 'decode', details: { line: 1 } });
  });
});

describe('record', () => {
  it('tells what passes, with the waits, and the end', () => {
    const scheduler = new VirtualTimeScheduler();
    const { near, far } = pair({ scheduler, delay: 20 });
    const seen: string[] = [];
    const transport = record(
      near,
      { next: (entry) => seen.push(formatEntry(entry)), complete: () => seen.push('end') },
      { redact: 'none', scheduler, context: { echo: true } },
    );
    expect(seen).toEqual([]);
    const [a, b] = [join(transport), join(far).connection];
    const received = log(a.connection.incoming);
    b.incoming.subscribe(() => b.write(bytes('OK')).subscribe());
    const write = a.connection.write(bytes('AT'));
    expect(seen).toHaveLength(1);
    write.subscribe();
    scheduler.flush();
    a.open.unsubscribe();
    expect(received).toEqual(['0 OK', '0 end']);
    expect(seen).toEqual(['{"context":{"echo":true}}', formatEntry(tx('AT')), '{"dir":"wait","ms":40}', formatEntry(rx('OK')), 'end']);
  });

  it('leaves out waits under 5 ms without losing their time', () => {
    const scheduler = new VirtualTimeScheduler();
    const { near, far } = pair({ scheduler });
    const entries: TranscriptEntry[] = [];
    const [a, b] = [join(record(near, (entry) => entries.push(entry), { redact: 'none', scheduler })).connection, join(far).connection];
    a.incoming.subscribe();
    for (const ms of [0, 4, 9]) scheduler.schedule(() => b.write(bytes('.')).subscribe(), ms);
    scheduler.flush();
    expect(entries).toEqual([rx('.'), rx('.'), wait(5), rx('.')]);
  });

  it('records what `redact` returns, and nothing where that is empty; the line is untouched', () => {
    const scheduler = new VirtualTimeScheduler();
    const { near, far } = pair({ scheduler });
    const entries: TranscriptEntry[] = [];
    const redact = (value: Uint8Array, dir: 'tx' | 'rx') => (dir === 'tx' ? value.fill(0x2a) : value.subarray(0, 0));
    const [a, b] = [join(record(near, (entry) => entries.push(entry), { redact })).connection, join(far).connection];
    const [atA, atB] = [log(a.incoming), log(b.incoming)];
    a.write(bytes('secret')).subscribe();
    b.write(bytes('secret')).subscribe();
    scheduler.flush();
    expect([atA, atB]).toEqual([['0 secret'], ['0 secret']]);
    expect(entries).toEqual([tx('******')]);
  });

  it('passes on what the connection can, and no more', () => {
    const calls: string[] = [];
    let baud = 9600;
    const nothing = new Subject<never>();
    const inner: Connection = {
      incoming: new Subject<Uint8Array>(),
      write: () => nothing,
      hold: (on) => void calls.push(`hold ${on}`),
      drained: () => (calls.push('drained'), nothing),
      control: { baud: () => nothing, set: () => nothing },
      get baud() {
        return baud;
      },
    };
    const opened = join(record({ open: () => of(inner) }, () => undefined, { redact: 'none' })).connection;
    opened.hold?.(true);
    opened.drained?.();
    baud = 115200;
    expect(calls).toEqual(['hold true', 'drained']);
    expect(opened.baud).toBe(115200);
    expect(opened.control).toBe(inner.control);
    const bare = join(record({ open: () => of({ incoming: inner.incoming, write: inner.write }) }, () => undefined, { redact: 'none' })).connection;
    expect(Object.keys(bare).sort()).toEqual(['incoming', 'write']);
  });
});

describe('replay', () => {
  let scheduler: VirtualTimeScheduler;
  const now = () => scheduler.frame;
  const play = (entries: readonly TranscriptEntry[], config: ReplayConfig = {}) => join(replay(entries, { scheduler, ...config }));
  beforeEach(() => {
    scheduler = new VirtualTimeScheduler();
  });

  it('answers as recorded, after what was written, in the recorded time, and ends', () => {
    const { connection } = play([rx('ready'), tx('AT'), wait(30), rx('O'), rx('K'), tx('ATE0')]);
    const seen = log(connection.incoming, now);
    scheduler.flush();
    expect(seen).toEqual(['0 ready']);
    const written = log(connection.write(bytes('AT')), now);
    expect([seen.length, written]).toEqual([1, []]);
    scheduler.flush();
    expect(written).toEqual(['0 end']);
    expect(seen).toEqual(['0 ready', '30 O', '30 K']);
    connection.write(bytes('ATE0')).subscribe();
    scheduler.flush();
    expect(seen.at(-1)).toBe('30 end');
  });

  it('does not wait where it should not, and stays silent where it should not end', () => {
    const { connection } = play([wait(1000), rx('x')], { waits: false, then: 'silence' });
    const seen = log(connection.incoming, now);
    scheduler.flush();
    expect(seen).toEqual(['0 x']);
  });

  it('takes the same bytes cut in any way, also ahead of the script', () => {
    const script = [tx('AT'), rx('1'), tx('+GM'), tx('R'), wait(10), rx('2'), tx('!')];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }), (cuts) => {
        scheduler = new VirtualTimeScheduler();
        const { connection } = play(script);
        const seen = log(connection.incoming);
        const whole = bytes('AT+GMR!');
        let at = 0;
        for (const cut of [...cuts, 7]) {
          if (at < whole.length) {
            expect(errorOf(connection.write(whole.subarray(at, at + cut)))).toBeUndefined();
            at += cut;
            scheduler.maxFrames = 5;
            scheduler.flush();
          }
        }
        scheduler.maxFrames = 100;
        scheduler.flush();
        expect(seen).toEqual(['0 1', '0 2', '0 end']);
      }),
      { seed: 11 },
    );
  });

  it('errors where the bytes differ: the entry, the place, both texts', () => {
    const { connection } = play([tx('AT\r\n'), rx('OK'), tx('AT+GMR\r\n')]);
    const seen = log(connection.incoming);
    connection.write(bytes('AT\r\n')).subscribe();
    scheduler.flush();
    let error: AtError | undefined;
    connection.write(bytes('AT+CMD?\r\n')).subscribe({ error: (each: AtError) => (error = each) });
    expect(error).toBeUndefined();
    scheduler.flush();
    expect(error).toMatchObject({
      kind: 'transport',
      code: 'mismatch',
      retry: 'never',
      details: { entry: 2, offset: 7, expected: 'AT+GMR\\r\\n', actual: 'AT+CMD?\\r\\n' },
    });
    expect(seen).toEqual(['0 OK', '0 transport/mismatch']);
    const again = log(connection.write(bytes('AT')));
    scheduler.flush();
    expect(again).toEqual(['0 transport/mismatch']);
  });

  it('errors on bytes past the last entry, and limits what it quotes', () => {
    const { connection } = play([tx('A')]);
    let error: AtError | undefined;
    connection.write(bytes(`A${'\x00'.repeat(5000)}`)).subscribe({ error: (each: AtError) => (error = each) });
    scheduler.flush();
    expect(error?.details).toMatchObject({ entry: 1, offset: 1, expected: 'A' });
    expect(error?.message).toContain('after the last entry');
    expect(error?.message.length).toBeLessThan(400);
  });

  it('compares and quotes redacted bytes only', () => {
    const redact = (value: Uint8Array) => bytes(text(value).replace(/"[^"]*"/g, (secret) => '*'.repeat(secret.length)));
    const entries = [tx('J=********,1'), rx('OK')];
    const good = play(entries, { redact }).connection;
    const seen = log(good.incoming);
    good.write(bytes('J="secret",1')).subscribe();
    scheduler.flush();
    expect(seen).toEqual(['0 OK', '0 end']);
    const bad = play(entries, { redact }).connection;
    let error: AtError | undefined;
    bad.write(bytes('J="secret",2')).subscribe({ error: (each: AtError) => (error = each) });
    scheduler.flush();
    expect(error?.code).toBe('mismatch');
    expect(`${error?.message}${JSON.stringify(error?.details)}`).not.toContain('secret');
  });

  it('is one write at a time, holds, and stops on unsubscribe', () => {
    const { connection, open } = play([rx('1'), wait(10), rx('2'), tx('AT')]);
    connection.hold?.(true);
    const seen = log(connection.incoming);
    scheduler.maxFrames = 5;
    scheduler.flush();
    expect(seen).toEqual([]);
    connection.hold?.(false);
    expect(seen).toEqual(['0 1']);
    const written = log(connection.write(bytes('AT')));
    expect(log(connection.write(bytes('AT')))).toEqual(['0 usage/overlap']);
    open.unsubscribe();
    scheduler.maxFrames = 100;
    scheduler.flush();
    expect(written).toEqual(['0 transport/lost']);
    expect(seen).toEqual(['0 1', '0 end']);
  });

  it('plays again from the start, and passes on what is wrong with its source', () => {
    const transport = replay(parseTranscript('{"dir":"rx","base64":"eA=="}'), { scheduler });
    for (const turn of [1, 2]) {
      const seen = log(join(transport).connection.incoming);
      scheduler.flush();
      expect([turn, seen]).toEqual([turn, ['0 x', '0 end']]);
    }
    expect(errorOf(replay(parseTranscript('?')).open())).toMatchObject({ kind: 'decode', code: 'transcript' });
  });

  it('plays what `record` recorded', () => {
    const { near, far } = pair({ scheduler, baud: 1000 });
    const entries: TranscriptEntry[] = [];
    const [a, b] = [join(record(near, (entry) => entries.push(entry), { redact: 'none', scheduler })).connection, join(far).connection];
    const first = log(a.incoming, now);
    b.incoming.subscribe((chunk) => b.write(chunk).subscribe());
    a.write(bytes('hello')).subscribe();
    scheduler.flush();
    scheduler = new VirtualTimeScheduler();
    const played = play(entries, { then: 'silence' }).connection;
    const second = log(played.incoming, now);
    played.write(bytes('hello')).subscribe();
    scheduler.flush();
    expect(second).toEqual(first);
    expect(first).toEqual(['100 hello']);
  });
});
