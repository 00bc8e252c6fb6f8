import type { RawLine } from '../../lib/command/index.js';
import { act, at, bench, echo, ok, transferMode, transparent, type Bench, type Result } from './exchangeHarness.js';

const bytes = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));
const text = (values: readonly unknown[]): string => values.map((value) => String.fromCharCode(...(value as Uint8Array))).join('');

interface Raw extends Bench {
  readonly stream: Result;
  readonly raw: RawLine;
  readonly incoming: Result;
}

/** A raw stream that has just begun; `first` stands in the chunk of the prompt. */
const begin = (all: Bench, first = ''): Raw => {
  let raw: RawLine | undefined;
  let incoming: Result | undefined;
  const stream = all.exec(transparent);
  const { values } = stream;
  const push = values.push.bind(values);
  values.push = (value: unknown) => {
    raw = value as RawLine;
    incoming = all.watch(raw.incoming);
    return push(value);
  };
  all.line.say(`${ok}\r\n>${first}`);
  return { ...all, stream, raw: raw as unknown as RawLine, incoming: incoming as unknown as Result };
};
const begun = (config: Parameters<typeof bench>[0] = {}, first = ''): Raw => begin(bench(config), first);

const mode = (on: 0 | 1): string => `+CIPMODE:${String(on)}\r\n${ok}`;

describe('a raw stream', () => {
  test('begins at the prompt, with the very next byte, and the line is its own', () => {
    const { line, stream, incoming, exec, scheduler } = begun({}, 'AT\r\nOK\r\nready\r\n');
    const other = exec(at);
    line.say('+IPD,0,5:');
    scheduler.advance(60_000);
    expect(text(incoming.values)).toBe('AT\r\nOK\r\nready\r\n+IPD,0,5:');
    expect([stream.values.length, stream.completed, line.written]).toEqual([1, false, ['AT+CIPSEND\r\n']]);
    expect(other).toMatchObject({ values: [], completed: false, error: undefined });
  });

  test('is left by quiet, +++ alone, a second of quiet and a query; then commands go on', () => {
    const { line, stream, incoming, raw, watch, exec, scheduler } = begun();
    const other = exec(at);
    const log: string[] = [];
    const step = (ms: number): void => {
      scheduler.advance(ms);
      log.push(`${String(scheduler.frame)} ${line.written.slice(1).join('').replace(/\r\n/g, '')}`);
    };
    const left = watch(raw.leave());
    step(39);
    step(1);
    step(1039);
    step(41);
    expect(log).toEqual(['39 ', '40 +++', '1079 +++', '1120 +++AT+CIPMODE?']);
    line.say('peer');
    line.say(mode(0));
    expect(text(incoming.values)).toBe('peer');
    expect([incoming.completed, stream.completed, left.completed]).toEqual([true, true, true]);
    expect(line.written.at(-1)).toBe('AT\r\n');
    line.say(ok);
    expect(other.completed).toBe(true);
    expect(watch(raw.leave()).completed).toBe(true);
    expect(watch(raw.write(bytes('late'))).error).toMatchObject({ kind: 'send', code: 'closed' });
  });

  test('with transfer mode 1 it is ended too, and what stands between the answers goes where it belongs', () => {
    const all = bench();
    all.line.on('AT+CIPMODE=1\r\n', ok);
    all.exec(transferMode, { passthrough: true });
    all.scheduler.advance(10);
    const stream = all.exec(transparent);
    const { line, scheduler, watch, events } = all;
    let incoming: Result | undefined;
    const { values } = stream;
    const push = values.push.bind(values);
    values.push = (value: unknown) => {
      incoming = watch((value as RawLine).incoming);
      return push(value);
    };
    // The peer speaks before the prompt, and between its two halves.
    line.say('banner');
    line.say(`\r\nOK\r\n more `);
    line.say('\r\n');
    line.say('>then\r\n>');
    expect(text(incoming?.values ?? [])).toBe('banner more then\r\n>');
    watch((values[0] as RawLine).leave());
    scheduler.advance(1120);
    line.say(`a${mode(1)}b`);
    expect(line.written.at(-1)).toBe('AT+CIPMODE=0\r\n');
    line.say(`c${ok}\r\n+IPD,3:xyz\r\nCLOSED\r\n`);
    expect(line.written.at(-1)).toBe('AT+CIPMODE?\r\n');
    line.say(mode(0));
    expect(text(incoming?.values ?? [])).toBe('banner more then\r\n>abc');
    expect([incoming?.completed, stream.completed, all.exchange.settings.cipmode]).toEqual([true, true, false]);
    expect(events.map(({ name }) => name)).toEqual(['+IPD', 'CLOSED']);
  });

  test.each(['ERROR', 'busy p...'])('that is refused by %s is none, and the next command is read as ever', (refusal) => {
    const { line, exec, scheduler } = bench();
    line.on('AT+CIPMODE=1\r\n', ok);
    exec(transferMode, { passthrough: true });
    scheduler.advance(10);
    const stream = exec(transparent);
    line.say(`\r\n${refusal}\r\n`);
    line.on('AT+CIPSEND\r\n', '\r\nERROR\r\n');
    scheduler.advance(5000);
    expect(stream.error).toMatchObject({ kind: 'command', code: 'rejected' });
    const next = exec(at);
    line.say(ok);
    expect(next.completed).toBe(true);
  });

  test('is left when nobody listens any more, also before its prompt', () => {
    for (const early of [true, false]) {
      const { line, exec, scheduler, exchange } = bench();
      const stream = exec(transparent);
      if (early) stream.stop();
      line.say(`${ok}\r\n>`);
      if (!early) stream.stop();
      line.on('AT+CIPMODE?\r\n', mode(0));
      scheduler.advance(1130);
      expect(line.written).toEqual(['AT+CIPSEND\r\n', '+++', 'AT+CIPMODE?\r\n']);
      const next = exec(act, { value: 1 });
      line.say(ok);
      expect(next.completed).toBe(true);
      exchange.stop();
    }
  });

  test('whose +++ was not understood is left by the next', () => {
    const { line, scheduler, raw, watch, incoming } = begun();
    const left = watch(raw.leave());
    scheduler.advance(1120);
    line.say('+++AT+CIPMODE?\r\n');
    scheduler.advance(1500 + 1120);
    expect(line.written.slice(1)).toEqual(['+++', 'AT+CIPMODE?\r\n', '+++', 'AT+CIPMODE?\r\n']);
    line.say(mode(0));
    expect([left.completed, text(incoming.values)]).toEqual([true, '+++AT+CIPMODE?\r\n']);
  });

  test('of a module that says nothing is given up in bounded time, and the line is requalified', () => {
    const { line, stream, scheduler, raw, watch, incoming, silences, exchange } = begun();
    const left = watch(raw.leave());
    scheduler.advance(20_000);
    expect(left.completed).toBe(true);
    expect(stream.error).toMatchObject({ kind: 'command', code: 'timeout' });
    expect(incoming.error).toMatchObject({ kind: 'module', code: 'lost' });
    expect(silences).toHaveLength(1);
    expect(line.written.filter((written) => written === '+++')).toHaveLength(5);
    exchange.stop();
  });

  test('of a module that has restarted is found by its echo: what is pending fails, and nothing of users is written before the prologue', () => {
    const all = bench();
    all.line.on('ATE0\r\n', ok);
    all.exec(echo, { enable: false });
    all.scheduler.advance(10);
    const { line, stream, incoming, raw } = begin(all);
    const { scheduler, watch, exec, events } = all;
    const unwritten = exec(act, { value: 1 });
    watch(raw.leave());
    scheduler.advance(1120);
    line.say('+++AT+CIPMODE?\r\n\r\nERROR\r\n');
    expect(line.written.filter((written) => written === 'AT+CIPMODE?\r\n')).toHaveLength(2);
    line.say(`AT+CIPMODE?\r\n${mode(0)}`);
    expect(stream.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'unknown' });
    expect(incoming.error).toMatchObject({ kind: 'module', code: 'reset' });
    expect(unwritten.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'safe' });
    expect([all.restarts, events.map(({ name }) => name)]).toEqual([1, ['ready']]);
    exec(at);
    expect(line.written.at(-1)).toBe('AT+CIPMODE?\r\n');
    all.exchange.stop();
  });

  test('that holds an answer of its own ends in an error', () => {
    const { line, scheduler, raw, watch, incoming, stream } = begun();
    watch(raw.leave());
    scheduler.advance(50);
    line.say(mode(1));
    scheduler.advance(1100);
    line.say(mode(0));
    expect(incoming.error).toMatchObject({ kind: 'link', code: 'mixed' });
    expect(stream.completed).toBe(true);
  });

  test('ends with the line', () => {
    const { line, stream, incoming, raw, watch } = begun();
    const release = line.hold();
    const written = watch(raw.write(bytes('x')));
    const waiting = watch(raw.write(bytes('y')));
    line.lose();
    expect(incoming.error).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(stream.error).toMatchObject({ kind: 'transport', code: 'lost', retry: 'unknown' });
    expect(written.error).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(waiting.error).toMatchObject({ kind: 'transport', code: 'lost' });
    release();
  });

  test('takes no more than 2 KiB ahead of the line, and nothing after the wish to leave', () => {
    const { line, raw, watch, scheduler } = begun({ baud: 100_000 });
    // The command that led here has left the host.
    scheduler.advance(2);
    const first = watch(raw.write(new Uint8Array(2048)));
    const second = watch(raw.write(new Uint8Array(2048)));
    const third = watch(raw.write(new Uint8Array(2048)));
    scheduler.advance(0);
    expect([first.completed, second.completed, third.completed]).toEqual([true, false, false]);
    scheduler.advance(205);
    expect([second.completed, third.completed, line.written.length]).toEqual([true, false, 4]);
    const unsent = watch(raw.write(bytes('unsent')));
    watch(raw.leave());
    expect(unsent.error).toMatchObject({ kind: 'send', code: 'closed' });
    // What is on its way first, then the quiet.
    scheduler.advance(614 - 205 + 39);
    expect(line.written.at(-1)).toHaveLength(2048);
    scheduler.advance(2);
    expect(line.written.at(-1)).toBe('+++');
  });

  test('writes a lone +++ of the user with a pause inside', () => {
    const { line, raw, watch, scheduler } = begun();
    watch(raw.write(bytes('+++')));
    expect(line.written.slice(1)).toEqual(['+']);
    scheduler.advance(39);
    expect(line.written.slice(1)).toEqual(['+']);
    scheduler.advance(1);
    expect(line.written.slice(1)).toEqual(['+', '++']);
  });
});
