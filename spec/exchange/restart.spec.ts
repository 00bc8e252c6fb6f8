import { bootSettings } from '../../lib/command/index.js';
import { execute } from '../../lib/module/execute.js';
import { memorySource, ascii } from '../support/byteSources.js';
import { act, at, bench, close, echo, mux, muxQuery, ok, restart, send, type Result } from './exchangeHarness.js';

const settled = (): ReturnType<typeof bench> => {
  const all = bench();
  all.exec(echo, { enable: false });
  all.line.say(ok);
  all.exec(mux, { enable: true });
  all.line.say(ok);
  return all;
};

describe('ready that nobody asked for', () => {
  test('fails what waits: the command on the line may have been executed, those behind it were not', () => {
    const all = settled();
    const { line, exec, events, diagnostics } = all;
    const sent = exec(act, { value: 1 });
    const queued = exec(act, { value: 2 });
    const other = exec(at, {}, { lane: 'other' });
    line.say('ets Jun  8 2016\r\n\r\nready\r\n');
    expect(sent.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'unknown', details: { command: 'AT+ACT' } });
    expect(queued.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'safe' });
    expect(other.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'safe' });
    expect(events.map(({ name }) => name)).toEqual(['unknown', 'ready']);
    expect(diagnostics.map(({ kind }) => kind)).toEqual(['restarted']);
    expect(all.restarts).toBe(1);
  });

  test('nothing of a user is written between it and resume, though what belongs to the upkeep is', () => {
    const { line, exec, exchange } = settled();
    exec(act, { value: 1 });
    const { written } = line;
    const count = written.length;
    line.say('\r\nready\r\n');
    exec(at);
    expect(written).toHaveLength(count);
    exec(muxQuery, {}, { internal: true });
    expect(written.at(-1)).toBe('AT+CIPMUX?\r\n');
    line.say(`+CIPMUX:0\r\n${ok}`);
    expect(written).toHaveLength(count + 1);
    exchange.resume();
    expect(written.at(-1)).toBe('AT\r\n');
  });

  test('not even what a failed command triggers', () => {
    const { line, exec, exchange } = settled();
    const count = line.written.length;
    let again: Result | undefined;
    execute(exchange, act, { value: 1 }).subscribe({ error: () => (again = exec(at)) });
    line.say('\r\nready\r\n');
    expect(line.written).toHaveLength(count + 1);
    expect(again?.error).toBeUndefined();
    exchange.resume();
    expect(line.written.at(-1)).toBe('AT\r\n');
  });

  test('the module has the settings it boots with; commands queued meanwhile are judged by those the prologue sets again', () => {
    const { line, exec, exchange } = settled();
    line.say('\r\nready\r\n');
    expect(exchange.settings).toEqual(bootSettings);
    expect(exchange.expected.cipmux).toBe(true);
    const queued = exec(close, { link: 3 });
    expect(queued.error).toBeUndefined();
    exec(mux, { enable: true }, { internal: true });
    line.say(`AT+CIPMUX=1\r\n${ok}`);
    exchange.resume();
    expect(line.written.at(-1)).toBe('AT+CIPCLOSE=3\r\n');
    expect(exchange.expected).toBe(exchange.settings);
  });

  test('settings that were not set again make them wrong when their turn comes', () => {
    const { line, exec, exchange } = settled();
    line.say('\r\nready\r\n');
    const queued = exec(close, { link: 3 });
    exchange.resume();
    expect(queued.error).toMatchObject({ kind: 'usage', details: { parameter: 'link' } });
  });

  test('a payload on its way is not written into the command line of the new boot', () => {
    const { line, exec, exchange, scheduler } = bench();
    const sent = exec(send, { length: 4 }, { data: memorySource([ascii('ab'), ascii('cd')], { delay: 10, scheduler }) });
    line.say(`${ok}\r\n>`);
    scheduler.advance(10);
    line.say('\r\nready\r\n');
    expect(sent.error).toMatchObject({ code: 'reset', retry: 'unknown' });
    scheduler.advance(1000);
    exchange.resume();
    expect(line.written.slice(1)).toEqual(['ab']);
  });

  test('a pause after busy is over: the new boot has nothing to do with it', () => {
    const { line, exec, scheduler } = bench();
    line.on('AT+ACT=1\r\n', '\r\nbusy p...\r\n');
    const tried = exec(act, { value: 1 });
    scheduler.advance(50 + 100 + 200 + 400 + 20);
    line.say('\r\nready\r\n');
    expect(tried.error).toMatchObject({ code: 'reset', retry: 'safe' });
    const count = line.written.length;
    exec(at, {}, { internal: true });
    expect(line.written).toHaveLength(count + 1);
  });

  test('a prompt is not awaited any more', () => {
    const { line, exec, events } = bench();
    exec(send, { length: 4 }, { data: ascii('abcd') });
    line.say(`${ok}\r\nready\r\n>\r\n`);
    expect(line.written).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ fields: { text: '>' } });
  });
});

describe('a command that restarts', () => {
  test('ends with its OK; what follows waits for ready, and is not lost to it', () => {
    const all = settled();
    const { line, exec, exchange } = all;
    const asked = exec(restart);
    const queued = exec(act, { value: 1 });
    line.say(ok);
    expect(asked.completed).toBe(true);
    const later = exec(at);
    expect(line.written.at(-1)).toBe('AT+RST\r\n');
    line.say('garbage\r\n\r\nready\r\n');
    expect([queued.error, later.error, all.restarts]).toEqual([undefined, undefined, 1]);
    exchange.resume();
    expect(line.written.at(-1)).toBe('AT+ACT=1\r\n');
  });

  test('ready that overtakes its OK is its end; no second restart is waited for', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    const asked = exec(restart);
    line.say('\r\nready\r\n');
    expect(asked.completed).toBe(true);
    all.exchange.resume();
    scheduler.advance(60_000);
    expect(all.restarts).toBe(1);
    expect(all.timers).toBe(0);
  });

  test('without ready it is set up after 15 s as if it had come', () => {
    const all = settled();
    const { line, exec, scheduler, exchange, events } = all;
    exec(restart);
    const queued = exec(at);
    line.say(ok);
    scheduler.advance(14_999);
    expect(all.restarts).toBe(0);
    scheduler.advance(1);
    expect(all.restarts).toBe(1);
    expect(exchange.settings).toEqual(bootSettings);
    expect(events.at(-1)?.name).toBe('ready');
    expect(queued.error).toBeUndefined();
  });

  test('refused, it restarts nothing', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    exec(restart);
    line.say('\r\nERROR\r\n');
    const next = exec(at);
    line.say(ok);
    scheduler.advance(60_000);
    expect([next.completed, all.restarts]).toEqual([true, 0]);
  });
});
