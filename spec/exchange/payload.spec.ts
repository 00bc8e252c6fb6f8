import { concat, NEVER, of, throwError } from 'rxjs';
import type { Exchange } from '../../lib/exchange/exchange.js';
import { execute } from '../../lib/module/execute.js';
import { ascii, memorySource } from '../support/byteSources.js';
import { act, at, bench, ok, publish, send } from './exchangeHarness.js';

const prompt = `${ok}\r\n>`;
const done = '\r\nRecv 6 bytes\r\n\r\nSEND OK\r\n';

describe('the payload', () => {
  test('is written after the prompt and never before, whole and once', () => {
    const { line, exec } = bench();
    const sent = exec(send, { length: 6 }, { data: ascii('\r\n>AT+') });
    line.say(ok);
    expect(line.written).toEqual(['AT+CIPSEND=6\r\n']);
    line.say('\r\n');
    line.say('>');
    expect(line.written.slice(1)).toEqual(['\r\n>AT+']);
    line.say('WIFI GOT IP\r\n+IPD,0,2:>>\r\n');
    line.say(done);
    expect(sent).toMatchObject({ completed: true, values: [6] });
  });

  test('out of a source, piece by piece', () => {
    const { line, exec } = bench();
    const source = memorySource([ascii('ab'), ascii('cdef'), ascii('surplus')]);
    const sent = exec(send, { length: 6 }, { data: source });
    expect(source.reads).toEqual([]);
    line.say(prompt);
    expect(line.written.slice(1)).toEqual(['ab', 'cdef']);
    expect(source.reads).toEqual([6, 4]);
    line.say(done);
    expect(sent.completed).toBe(true);
  });

  test('a synchronous source of very many pieces needs no stack', () => {
    const { line, exec } = bench();
    const source = memorySource(Array.from({ length: 8192 }, () => ascii('x')));
    const sent = exec(send, { length: 8192 }, { data: source });
    line.say(prompt);
    expect(line.written).toHaveLength(8193);
    line.say('\r\nSEND OK\r\n');
    expect(sent.completed).toBe(true);
  });

  test.each([
    ['ends early', memorySource([ascii('ab')])],
    ['fails', memorySource([ascii('ab')], { failure: new Error('disk') })],
    ['throws', { read: () => { throw new Error('bug'); } }],
    ['gives nothing', { read: () => NEVER }],
    ['fails after its chunk', { read: () => concat(of(ascii('ab')), throwError(() => new Error('late'))) }],
  ])('a source that %s: the announced length is filled, the send is an error', (name, source) => {
    const { line, exec, scheduler } = bench();
    const sent = exec(send, { length: 6 }, { data: source });
    line.say(prompt);
    scheduler.advance(name === 'gives nothing' ? 5000 : 0);
    expect(line.written.slice(1).join('')).toHaveLength(6);
    expect(line.written.slice(1).join('')).toMatch(/^(?:ab)?\0+$/);
    expect(sent.error).toBeUndefined();
    const next = exec(at);
    line.say('\r\nRecv 6 bytes\r\n\r\nSEND OK\r\n');
    expect(sent.error).toMatchObject({ kind: 'send', code: 'source', retry: 'unknown' });
    line.say(ok);
    expect(next.completed).toBe(true);
  });

  test('a source that fell short and no terminal: the command still ends', () => {
    const { line, exec, scheduler } = bench();
    const sent = exec(send, { length: 6 }, { data: memorySource([ascii('ab')]) });
    line.say(prompt);
    scheduler.advance(5000);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'timeout' });
  });

  test('a terminal before the last byte waits for it: the module still counts', () => {
    const { line, exec } = bench();
    const sent = exec(send, { length: 2 }, { data: ascii('ab') });
    const next = exec(at);
    const release = line.hold();
    line.say(`${prompt}0,CLOSED\r\n\r\nERROR\r\n`);
    expect(sent.error).toBeUndefined();
    release();
    expect(sent.error).toMatchObject({ kind: 'send', code: 'failed', retry: 'unknown' });
    expect(line.written).toEqual(['AT+CIPSEND=2\r\n', 'ab', 'AT\r\n']);
    expect(next.error).toBeUndefined();
  });
});

describe('how it ends', () => {
  test.each([
    ['\r\nSEND FAIL\r\n', { kind: 'send', code: 'failed', retry: 'unknown' }],
    ['\r\nSEND Canceled\r\n', { kind: 'send', code: 'cancelled', retry: 'unknown' }],
    ['\r\nERROR\r\n', { kind: 'send', code: 'failed', retry: 'unknown' }],
  ])('%j', (said, error) => {
    const { line, exec } = bench();
    const sent = exec(send, { length: 2 }, { data: ascii('ab') });
    line.say(prompt + said);
    expect(sent.error).toMatchObject(error);
  });

  test('SEND FAIL keeps the codes that came with it', () => {
    const { line, exec } = bench();
    const sent = exec(send, { length: 2 }, { data: ascii('ab') });
    line.say(`${prompt}\r\nRecv 2 bytes\r\nERR CODE:0x01090000\r\n\r\nSEND FAIL\r\n`);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'failed', message: expect.stringContaining('0x01090000'), details: { command: 'AT+CIPSEND', codes: [{ code: '0x01090000', subcategory: 'UNSUPPORT_CMD' }] } });
  });

  test('ERROR before the prompt is a plain refusal: nothing was taken', () => {
    const { line, exec } = bench();
    const sent = exec(send, { length: 2 }, { data: ascii('ab') });
    line.say('\r\nERROR\r\n');
    expect(sent.error).toMatchObject({ kind: 'command', code: 'rejected', retry: 'safe' });
    line.say('>\r\n');
    expect(line.written).toHaveLength(1);
  });

  test('MQTT has words of its own', () => {
    const { line, exec } = bench();
    const good = exec(publish, { topic: 't', length: 1 }, { data: ascii('a') });
    line.say(`${prompt}+MQTTPUB:OK\r\n`);
    expect(good.completed).toBe(true);
    const bad = exec(publish, { topic: 't', length: 1 }, { data: ascii('a') });
    line.say(`${prompt}+MQTTPUB:FAIL\r\n`);
    expect(bad.error).toMatchObject({ kind: 'send', code: 'failed' });
  });

  test('nothing at all is to be paid for length 0', () => {
    const { line, exec } = bench();
    const sent = exec(publish, { topic: 't', length: 0 }, { data: new Uint8Array(0) });
    line.say(`${prompt}+MQTTPUB:OK\r\n`);
    expect(sent.completed).toBe(true);
    expect(line.written).toHaveLength(1);
  });
});

describe('unsubscribing', () => {
  test('while queued sends nothing', () => {
    const { line, exec } = bench();
    exec(at);
    exec(act, { value: 1 }).stop();
    line.say(ok);
    expect(line.written).toEqual(['AT\r\n']);
  });

  test('on the wire: it ends unheard, and the next waits for its terminal', () => {
    const { line, exec } = bench();
    const first = exec(act, { value: 1 });
    first.stop();
    exec(at);
    expect(line.written).toEqual(['AT+ACT=1\r\n']);
    line.say(ok);
    expect(first).toMatchObject({ values: [], completed: false, error: undefined });
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT\r\n']);
  });

  test('before the prompt and in the payload: it is finished', () => {
    const { line, exec, scheduler } = bench();
    const source = memorySource([ascii('ab'), ascii('cd')], { delay: 10, scheduler });
    const sent = exec(send, { length: 4 }, { data: source });
    exec(at);
    line.say(prompt);
    scheduler.advance(10);
    sent.stop();
    scheduler.advance(10);
    expect(line.written.slice(1)).toEqual(['ab', 'cd']);
    line.say('\r\nSEND OK\r\n');
    expect(line.written.at(-1)).toBe('AT\r\n');
    exec(send, { length: 1 }, { data: ascii('z') }).stop();
    line.say(ok);
    expect(line.written.at(-1)).toBe('AT\r\n');
  });
});

describe('a command that does harm when repeated', () => {
  const acting = (exchange: Exchange, value = 1) => execute(exchange, act, { value });

  test('is written once: a second subscription is an error and sends nothing', () => {
    const { line, exchange, watch } = bench();
    const once = acting(exchange);
    const first = watch(once);
    expect(watch(once).error).toMatchObject({ kind: 'usage', code: 'resubscribed' });
    line.say(ok);
    expect(first.completed).toBe(true);
    expect(watch(once).error).toMatchObject({ code: 'resubscribed' });
    expect(line.written).toHaveLength(1);
  });

  test('while it waits, too', () => {
    const { exchange, watch, exec } = bench();
    exec(at);
    const once = acting(exchange);
    watch(once);
    expect(watch(once).error).toMatchObject({ code: 'resubscribed' });
  });

  test('may be subscribed again when nothing was sent: unsubscribed in the queue, or wrong', () => {
    const { line, exchange, watch, exec } = bench();
    exec(at);
    const once = acting(exchange);
    watch(once).stop();
    const second = watch(once);
    line.say(ok);
    line.say(ok);
    expect(second.completed).toBe(true);
    expect(line.written).toEqual(['AT\r\n', 'AT+ACT=1\r\n']);
    const wrong = acting(exchange, 77);
    expect(watch(wrong).error).toMatchObject({ code: 'parameter' });
    expect(watch(wrong).error).toMatchObject({ code: 'parameter' });
  });

  test('may be subscribed again after an error that is safe to retry, from within the error', () => {
    const { line, exchange, watch } = bench();
    const once = acting(exchange);
    let again: ReturnType<typeof watch> | undefined;
    once.subscribe({ error: () => (again = watch(once)) });
    line.say('\r\nERROR\r\n');
    expect(again?.error).toBeUndefined();
    // Its holder is the second subscription now: a third one is refused.
    expect(watch(once).error).toMatchObject({ code: 'resubscribed' });
    line.say(ok);
    expect(again?.completed).toBe(true);
    expect(line.written).toHaveLength(2);
  });

  test('and one that never got to the line frees only itself', () => {
    const { line, exec, exchange, watch } = bench();
    exec(at);
    const once = acting(exchange);
    let again: ReturnType<typeof watch> | undefined;
    once.subscribe({ error: () => (again = watch(once)) });
    line.say('\r\nready\r\n');
    expect(again?.error).toBeUndefined();
    expect(watch(once).error).toMatchObject({ code: 'resubscribed' });
  });

  test('not after one that is not', () => {
    const { exchange, watch, scheduler } = bench();
    const once = acting(exchange);
    const first = watch(once);
    scheduler.advance(3000);
    expect(first.error).toMatchObject({ code: 'timeout', retry: 'unknown' });
    expect(watch(once).error).toMatchObject({ code: 'resubscribed' });
  });
});
