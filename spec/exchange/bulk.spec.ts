import { NEVER } from 'rxjs';
import { ascii, memorySource } from '../support/byteSources.js';
import { at, bench, ok, proving, sendLong, type Bench } from './exchangeHarness.js';

const prompt = `${ok}\r\n>`;
const cancelled = '\r\nSEND CANCELLED\r\n';

/** Text is written, and `+++` is alone for 40 ms before; the command after it waits for the second and for the proof. */
const synchronised = ({ line, scheduler, exec }: Bench, before: readonly string[]): void => {
  const next = exec(at);
  expect(line.written).toEqual(before);
  scheduler.advance(39);
  expect(line.written).toEqual(before);
  scheduler.advance(1);
  expect(line.written).toEqual([...before, '+++']);
  scheduler.advance(40);
  line.say(cancelled);
  scheduler.advance(999);
  expect(line.written).toEqual([...before, '+++']);
  scheduler.advance(1);
  expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
  line.say(ok);
  expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
  line.say(`+CIPMUX:1\r\n${ok}`);
  expect(line.written.at(-1)).toBe('AT\r\n');
  line.say(ok);
  expect(next.completed).toBe(true);
};

describe('a bulk send that is left', () => {
  test('while it is queued, is never written', () => {
    const { line, exec } = bench();
    exec(at);
    exec(sendLong, { length: 100 }, { data: ascii('x'.repeat(100)) }).stop();
    line.say(ok);
    expect(line.written).toEqual(['AT\r\n']);
  });

  test('before its prompt, gets nothing of its payload', () => {
    const all = proving();
    const source = memorySource([ascii('abc')]);
    const sent = all.exec(sendLong, { length: 100 }, { data: source });
    sent.stop();
    all.line.say(prompt);
    synchronised(all, ['AT+CIPSENDL=100\r\n']);
    expect(source.reads).toEqual([]);
  });

  test('in the middle, is ended behind what was written', () => {
    const all = proving();
    const source = memorySource([ascii('abc'), ascii('def'), ascii('ghi')], { delay: 100, scheduler: all.scheduler });
    const sent = all.exec(sendLong, { length: 100 }, { data: source });
    all.line.say(prompt);
    all.scheduler.advance(250);
    sent.stop();
    synchronised(all, ['AT+CIPSENDL=100\r\n', 'abc', 'def']);
    expect(source.reads).toEqual([100, 97, 94]);
    expect(sent).toMatchObject({ error: undefined, completed: false });
  });

  test('while a write is under way: the quiet begins behind it', () => {
    const all = proving();
    const sent = all.exec(sendLong, { length: 5000 }, { data: new Uint8Array(5000) });
    const release = all.line.hold();
    all.line.say(prompt);
    sent.stop();
    all.scheduler.advance(1000);
    expect(all.line.written).toHaveLength(2);
    release();
    synchronised(all, ['AT+CIPSENDL=5000\r\n', '\0'.repeat(4096)]);
  });

  test('with no more than three bytes missing, is finished: +++ would be the last of them', () => {
    const { line, exec, scheduler } = proving();
    const source = memorySource([ascii('abc'), ascii('de'), ascii('f')], { delay: 100, scheduler });
    const sent = exec(sendLong, { length: 6 }, { data: source });
    line.say(prompt);
    scheduler.advance(150);
    sent.stop();
    scheduler.advance(1000);
    expect(line.written).toEqual(['AT+CIPSENDL=6\r\n', 'abc', 'de', 'f']);
    exec(at);
    line.say('+CIPSENDL:6,6\r\n\r\nSEND OK\r\n');
    expect(line.written.at(-1)).toBe('AT\r\n');
  });

  test('after its last byte, is awaited unheard', () => {
    const { line, exec, scheduler } = proving();
    const sent = exec(sendLong, { length: 6 }, { data: ascii('abcdef') });
    line.say(prompt);
    sent.stop();
    scheduler.advance(100);
    exec(at);
    expect(line.written).toEqual(['AT+CIPSENDL=6\r\n', 'abcdef']);
    line.say('\r\nSEND OK\r\n');
    expect(line.written.at(-1)).toBe('AT\r\n');
  });

  test('and a module that does not hear +++: once more before each probe, because it was data', () => {
    const { line, exec, scheduler } = proving();
    const sent = exec(sendLong, { length: 100 }, { data: { read: () => NEVER } });
    line.say(prompt);
    sent.stop();
    scheduler.advance(15_000);
    const told = line.written.slice(1);
    expect(told.slice(0, 6)).toEqual(['+++', '+++', 'AT+CIPMUX?\r\n', '+++', 'AT+CWMODE?\r\n', '+++']);
    line.on('AT+CIPMUX?\r\n', `+CIPMUX:1\r\n${ok}`);
    line.on('AT+CWMODE?\r\n', `+CWMODE:1\r\n${ok}`);
    line.on('AT\r\n', ok);
    const next = exec(at);
    scheduler.advance(20_000);
    expect(line.written.at(-1)).toBe('AT\r\n');
    expect(next.completed).toBe(true);
  });

  test('and a restart meanwhile: nothing more is written for it', () => {
    const all = proving();
    const { line, exec, scheduler, exchange } = all;
    const sent = exec(sendLong, { length: 100 }, { data: { read: () => NEVER } });
    line.say(prompt);
    sent.stop();
    scheduler.advance(20);
    line.say('\r\nready\r\n');
    exchange.resume();
    scheduler.advance(10_000);
    expect(line.written).toEqual(['AT+CIPSENDL=100\r\n']);
    expect(all.timers).toBe(0);
    exec(at);
    expect(line.written.at(-1)).toBe('AT\r\n');
  });
});

describe('a bulk send that somebody waits for', () => {
  test.each([
    ['ends early', memorySource([ascii('ab')])],
    ['fails', memorySource([ascii('ab')], { failure: new Error('disk') })],
    ['gives nothing more', { read: (max = 0) => (max === 100 ? memorySource([ascii('ab')]).read(max) : NEVER) }],
  ])('from a source that %s: ended by +++, and the error comes after all that was accepted', (_name, source) => {
    const all = proving();
    const sent = all.exec(sendLong, { length: 100 }, { data: source });
    all.line.say(prompt);
    all.scheduler.advance(_name === 'gives nothing more' ? 5000 : 0);
    all.line.say('+CIPSENDL:2,2\r\n');
    expect(sent.error).toBeUndefined();
    synchronised(all, ['AT+CIPSENDL=100\r\n', 'ab']);
    expect(sent).toMatchObject({ values: [{ sent: 2, received: 2 }], error: { kind: 'send', code: 'source', retry: 'unknown' } });
  });

  test('SEND FAIL before its end: no more is written', () => {
    const all = proving();
    const sent = all.exec(sendLong, { length: 100 }, { data: memorySource([ascii('ab'), ascii('cd')], { delay: 1000, scheduler: all.scheduler }) });
    all.line.say(prompt);
    all.scheduler.advance(1500);
    all.line.say('\r\nSEND FAIL\r\n');
    synchronised(all, ['AT+CIPSENDL=100\r\n', 'ab']);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'failed', retry: 'unknown' });
  });
});
