import { Subject } from 'rxjs';
import type { RawLine } from '../../lib/command/index.js';
import { stallLimit } from '../../lib/exchange/writer.js';
import { scriptedModule } from '../module/moduleHarness.js';
import { ascii, memorySource } from '../support/byteSources.js';
import { act, at, bench, ok, proving, send, sendLong, transparent, type Bench } from './exchangeHarness.js';

const prompt = `${ok}\r\n>`;
const stalled = { kind: 'transport', code: 'stalled', retry: 'unknown' };
const probe = 'AT+CIPMUX?\r\n';

/** The line moves again, and the next command is written once a query was answered by its own line. */
const synchronised = ({ line, exec, scheduler }: Bench): void => {
  scheduler.advance(1);
  const next = exec(act, { value: 1 });
  expect(line.written.at(-1)).toBe(probe);
  line.say(ok);
  scheduler.advance(10);
  expect(line.written.at(-1)).toBe(probe);
  line.say(`+CIPMUX:1\r\n${ok}`);
  expect(line.written.at(-1)).toBe('AT+ACT=1\r\n');
  line.say(ok);
  expect(next.completed).toBe(true);
};

/** Everything has ended with the line, at `time`, and no clock runs. */
const over = ({ exchange, scheduler, ended, timers }: Bench, waited: ReturnType<Bench['exec']>): void => {
  expect(ended).toMatchObject(stalled);
  expect(waited.error).toMatchObject(stalled);
  expect(timers).toBe(0);
  let late: unknown;
  exchange.write(ascii('x')).subscribe({ error: (error: unknown) => (late = error) });
  expect([late, scheduler.actions.length]).toEqual([expect.objectContaining(stalled), 0]);
};

describe('a line that RTS/CTS holds', () => {
  test('during a command: the command times out; a line that moves again is proved first', () => {
    const all = proving();
    const release = all.line.hold();
    const asked = all.exec(act, { value: 2 });
    all.scheduler.advance(3000);
    expect(asked.error).toMatchObject({ kind: 'command', code: 'timeout' });
    all.scheduler.advance(20_000);
    expect(all.line.written).toEqual(['AT+ACT=2\r\n']);
    release();
    expect(all.line.written).toEqual(['AT+ACT=2\r\n', probe]);
    synchronised(all);
  });

  test('during a payload: the send times out; a line that moves again is filled up and proved', () => {
    const all = proving();
    const sent = all.exec(send, { length: 6 }, { data: ascii('abcdef') });
    const release = all.line.hold();
    all.line.say(prompt);
    all.scheduler.advance(4999);
    expect(sent.error).toBeUndefined();
    all.scheduler.advance(1);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'timeout', retry: 'unknown' });
    all.scheduler.advance(20_000);
    expect(all.line.written.slice(1)).toEqual(['abcdef']);
    release();
    // Whether the module had counted to the end nobody knows: at most one ERROR comes of it.
    expect(all.line.written.slice(2, 3)).toEqual([`${'\r'.repeat(6)}\r\n`]);
    synchronised(all);
  });

  test('during a payload out of a source: no more is read', () => {
    const all = proving();
    const source = memorySource([ascii('ab'), ascii('cd'), ascii('ef')]);
    const sent = all.exec(send, { length: 6 }, { data: source });
    const release = all.line.hold();
    all.line.say(prompt);
    all.scheduler.advance(5000);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'timeout' });
    release();
    expect([all.line.written.slice(1, 3), source.reads]).toEqual([['ab', `${'\r'.repeat(6)}\r\n`], [6]]);
    synchronised(all);
  });

  test('during a bulk send: it times out, and is ended by +++ when the line moves again', () => {
    const all = proving();
    const sent = all.exec(sendLong, { length: 20_000 }, { data: ascii('x'.repeat(20_000)) });
    const release = all.line.hold();
    all.line.say(prompt);
    all.scheduler.advance(5000);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'timeout' });
    release();
    expect(all.line.written).toHaveLength(2);
    all.scheduler.advance(40);
    expect(all.line.written[2]).toBe('+++');
    all.scheduler.advance(40 + 1000);
    synchronised(all);
  });

  test('writes that each take their time are no stall', () => {
    const { line, scheduler, exec, exchange } = bench({ takes: 4000 });
    const sent = exec(send, { length: 4 }, { data: memorySource([ascii('a'), ascii('b'), ascii('c'), ascii('d')]) });
    scheduler.advance(4000);
    line.say(prompt);
    scheduler.advance(16_000);
    line.say('\r\nSEND OK\r\n');
    expect([sent.completed, line.written.slice(1).join('')]).toEqual([true, 'abcd']);
    exchange.stop();
    expect(scheduler.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  test.each([
    ['a command', act, { value: 2 }, {}, false],
    ['a payload', send, { length: 6 }, { data: ascii('abcdef') }, true],
    ['a bulk send', sendLong, { length: 6 }, { data: ascii('abcdef') }, true],
  ] as const)('for ever during %s: the line is at its end a minute after the write', (_, command, params, options, pays) => {
    const all = proving();
    if (!pays) all.line.hold();
    const first = all.exec(command, params, options);
    if (pays) all.line.hold();
    if (pays) all.line.say(prompt);
    const waiting = all.exec(at);
    all.scheduler.advance(stallLimit - 1);
    expect([first.error, all.ended]).toEqual([expect.objectContaining({ code: 'timeout' }), undefined]);
    all.scheduler.advance(1);
    over(all, waiting);
  });

  test('for ever under a bulk send that its user leaves', () => {
    const all = proving();
    const sent = all.exec(sendLong, { length: 6000 }, { data: ascii('x'.repeat(6000)) });
    all.line.hold();
    all.line.say(prompt);
    all.scheduler.advance(1000);
    sent.stop();
    const waiting = all.exec(at);
    all.scheduler.advance(stallLimit - 1000);
    over(all, waiting);
  });

  test('at a slow rate, that of what was to be written comes to the minute', () => {
    const all = proving({ baud: 300 });
    all.line.hold();
    const waiting = all.exec(act, { value: 1 });
    const after = all.exec(at);
    all.scheduler.advance(stallLimit + (10 * 10_000) / 300 - 1);
    expect([waiting.error !== undefined, all.ended]).toEqual([true, undefined]);
    all.scheduler.advance(1);
    over(all, after);
  });
});

describe('a raw stream that RTS/CTS holds', () => {
  const raw = (): { readonly all: Bench; readonly stream: RawLine } => {
    const all = proving();
    const entered = all.exec(transparent);
    all.line.say(`${ok}\r\n>`);
    return { all, stream: entered.values[0] as RawLine };
  };

  test('waits: the peer takes its time', () => {
    const { all, stream } = raw();
    const { line, scheduler, watch } = all;
    const release = line.hold();
    const first = watch(stream.write(ascii('first')));
    const second = watch(stream.write(ascii('second')));
    scheduler.advance(24 * 3_600_000);
    expect([first.completed, second.completed, all.ended, all.timers]).toEqual([false, false, undefined, 0]);
    release();
    scheduler.advance(0);
    expect([first.completed, second.completed, line.written.slice(1)]).toEqual([true, true, ['first', 'second']]);
  });

  test('writes what would add up to an escape only when the rest has left the driver, however long that takes, or a second after it is to be left', () => {
    for (const leaves of [false, true]) {
      const drained = new Subject<never>();
      const all = proving({ drained });
      const entered = all.exec(transparent);
      all.line.say(`${ok}\r\n>`);
      const stream = entered.values[0] as RawLine;
      all.watch(stream.write(ascii('+')));
      const second = all.watch(stream.write(ascii('++')));
      all.scheduler.advance(600_000);
      expect(all.line.written.slice(1)).toEqual(['+']);
      if (leaves) all.watch(stream.leave());
      else drained.complete();
      all.scheduler.advance(leaves ? 1039 : 39);
      expect(all.line.written.slice(1)).toEqual(['+']);
      all.scheduler.advance(1);
      expect([all.line.written.slice(1, 3), second.completed]).toEqual([['+', '++'], true]);
    }
  });

  test('can be left as soon as the line moves again', () => {
    const { all, stream } = raw();
    const { line, scheduler, watch } = all;
    const release = line.hold();
    const writing = watch(stream.write(ascii('first')));
    scheduler.advance(600_000);
    const left = watch(stream.leave());
    scheduler.advance(stallLimit - 1);
    release();
    scheduler.advance(1200);
    expect([writing.completed, line.written.slice(1)]).toEqual([true, ['first', '+++', 'AT+CIPMODE?\r\n']]);
    line.say(`+CIPMODE:0\r\n${ok}`);
    expect(left.completed).toBe(true);
  });

  test('for ever: a minute after it was to be left, the line is at its end', () => {
    const { all, stream } = raw();
    all.line.hold();
    const writing = all.watch(stream.write(ascii('first')));
    const incoming = all.watch(stream.incoming);
    all.scheduler.advance(600_000);
    const left = all.watch(stream.leave());
    all.scheduler.advance(stallLimit - 1);
    expect([left.completed, writing.error, incoming.error]).toEqual([false, undefined, undefined]);
    all.scheduler.advance(1);
    expect([left.completed, incoming.error, all.timers]).toEqual([true, expect.objectContaining(stalled), 0]);
    expect(writing.error).toMatchObject(stalled);
  });
});

test('a module whose line takes nothing ends with a typed error, and its port is closed', () => {
  const all = scriptedModule();
  const open = all.open();
  all.scheduler.advance(100);
  all.line.hold();
  const asked = all.see(open.values[0]!.exec(at));
  all.scheduler.advance(stallLimit);
  expect([asked.error, open.error]).toEqual([expect.objectContaining({ code: 'timeout' }), expect.objectContaining(stalled)]);
  all.scheduler.advance(3000);
  expect([all.line.log.at(-1), all.timers]).toEqual(['close', 0]);
});
