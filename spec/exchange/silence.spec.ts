import { mergeMap } from 'rxjs';
import { requalify } from '../../lib/module/recovery.js';
import { act, at, bench, modeQuery, muxQuery, ok, pull, scan, send, transparent, type Bench } from './exchangeHarness.js';

/** As the session does it. */
const recover = (all: Bench): void => {
  const { exchange, scheduler } = all;
  exchange.silences.subscribe((dead) => all.watch(requalify(exchange, scheduler, dead)));
};

describe('time-outs', () => {
  test('are idle times: what belongs to the command restarts them, other lines do not', () => {
    const { line, exec, scheduler } = bench();
    const found = exec(scan);
    scheduler.advance(4000);
    line.say('+CWLAP:(0,"a",-40,"00:11:22:33:44:55",1)\r\n');
    scheduler.advance(4000);
    line.say('WIFI GOT IP\r\nlog line\r\n');
    scheduler.advance(999);
    expect(found.error).toBeUndefined();
    scheduler.advance(1);
    expect(found.error).toMatchObject({ kind: 'command', code: 'timeout', retry: 'safe', details: { command: 'AT+CWLAP', phase: 'answering' } });
    expect(found.at).toBe(9000);
  });

  test('the time on the line is added', () => {
    const { exec, scheduler } = bench({ baud: 1000 });
    const tried = exec(act, { value: 1 });
    scheduler.advance(3099);
    expect(tried.error).toBeUndefined();
    scheduler.advance(1);
    expect(tried.error).toMatchObject({ kind: 'command', code: 'timeout', retry: 'unknown', details: { phase: 'sent' } });
  });

  test('a pull of any length neither overflows the timer nor waits for years', () => {
    const { exec, scheduler } = bench({ baud: 115_200 });
    const tried = exec(pull, { length: 0x7fffffff });
    scheduler.advance(20_000);
    expect(tried.error).toMatchObject({ code: 'timeout' });
  });

  test('a slow payload is no silence', () => {
    const { line, exec, scheduler } = bench();
    const pulled = exec(pull, { length: 1000 });
    line.say('+CIPRECVDATA:20,');
    for (let i = 0; i < 10; i += 1) {
      scheduler.advance(2000);
      line.say('xy');
    }
    line.say(ok);
    expect(pulled).toMatchObject({ completed: true, values: [{ length: 20 }] });
  });

  test('messages do not keep a pull alive', () => {
    const { line, exec, scheduler } = bench();
    const pulled = exec(pull, { length: 1000 });
    for (let i = 0; i < 2; i += 1) {
      scheduler.advance(2000);
      line.say('WIFI GOT IP\r\n');
    }
    scheduler.advance(1000);
    expect(pulled).toMatchObject({ error: { code: 'timeout' }, at: 5000 });
  });

  test('noise without end does not keep a command alive', () => {
    const { line, exec, scheduler } = bench();
    const pulled = exec(pull, { length: 1000 });
    for (let i = 0; i < 200 && pulled.error === undefined; i += 1) {
      scheduler.advance(1000);
      line.say('x'.repeat(1000));
    }
    expect(pulled.error).toMatchObject({ code: 'timeout' });
  });

  test('the write that ends late starts the time again', () => {
    const { exec, scheduler, line } = bench({ takes: 2000 });
    const tried = exec(act, { value: 1 });
    scheduler.advance(4999);
    expect(tried.error).toBeUndefined();
    scheduler.advance(1);
    expect(tried.error).toMatchObject({ code: 'timeout' });
    expect(line.written).toHaveLength(1);
  });
});

describe('quarantine', () => {
  test('no command of a user is written before a query of another name is answered by its own line and OK', () => {
    const all = bench();
    const { line, exec, scheduler, exchange, diagnostics } = all;
    recover(all);
    const dead = exec(muxQuery);
    const waiting = exec(at);
    scheduler.advance(3000);
    expect(dead.error).toMatchObject({ code: 'timeout' });
    expect(line.written).toEqual(['AT+CIPMUX?\r\n', 'AT+CWMODE?\r\n']);
    // Everything the dead command still says, and what the probe must not take for its own.
    line.say(`+CIPMUX:1\r\n${ok}`);
    line.say('\r\nERROR\r\n');
    expect(line.written).toHaveLength(2);
    line.say('+CWMODE:1\r\n');
    expect(line.written).toHaveLength(2);
    line.say(ok);
    exchange.resume();
    expect(line.written).toEqual(['AT+CIPMUX?\r\n', 'AT+CWMODE?\r\n', 'AT\r\n']);
    line.say(ok);
    expect(waiting.completed).toBe(true);
    expect(diagnostics.map(({ kind, text }) => (kind === 'late' ? text : kind))).toEqual(['quarantine', '+CIPMUX:1', 'synchronised']);
  });

  test('a bare OK and ERROR are no sign of the probe: busy after them still means that it was dropped', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    recover(all);
    exec(act, { value: 1 });
    scheduler.advance(3000);
    expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
    line.say(`${ok}\r\nbusy p...\r\n`);
    scheduler.advance(50);
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT+CIPMUX?\r\n', 'AT+CIPMUX?\r\n']);
  });

  test('the late answer of a probe does not pass for the next one: probes differ', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    recover(all);
    exec(act, { value: 1 });
    scheduler.advance(3000 + 3000 + 250);
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT+CIPMUX?\r\n', 'AT+CWMODE?\r\n']);
    const next = exec(modeQuery, {}, { internal: true });
    line.say(`+CIPMUX:1\r\n${ok}`);
    expect(line.written).toHaveLength(3);
    line.say(`+CWMODE:1\r\n${ok}`);
    expect(line.written).toHaveLength(4);
    line.say(`+CWMODE:2\r\n${ok}`);
    expect(next.values).toEqual([{ mode: 2 }]);
  });

  test('given up after about two minutes, and it is bounded', () => {
    const all = bench();
    const { scheduler, exec } = all;
    const given = all.watch(all.exchange.silences.pipe(mergeMap((dead) => requalify(all.exchange, scheduler, dead))));
    exec(act, { value: 1 });
    scheduler.advance(3000 + 20 * 3000 + (250 * 19 * 20) / 2);
    expect(given.error).toMatchObject({ kind: 'module', code: 'lost' });
  });

  test('the prompt that comes late is filled to the announced length, and only then is it probed', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    recover(all);
    const sent = exec(send, { length: 5 }, { data: new Uint8Array(5) });
    scheduler.advance(5000);
    expect(sent.error).toMatchObject({ kind: 'command', code: 'timeout', details: { phase: 'sent' } });
    // The probe is swallowed by the payload that the module now waits for.
    expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
    line.say(`${ok}\r\n>`);
    expect(line.written.at(-1)).toBe('\r\r\r\r\r\r\n');
    line.say('\r\nbusy p...\r\n\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n\r\nERROR\r\n');
    scheduler.advance(3100);
    expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
  });

  test('silence after the payload: what may be missing of it is filled, and has left the line before the probe is timed', () => {
    const all = bench({ baud: 1000 });
    const { line, exec, scheduler } = all;
    recover(all);
    const sent = exec(send, { length: 4 }, { data: new Uint8Array([65, 66, 67, 68]) });
    line.say(`${ok}\r\n>`);
    scheduler.advance(5040);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'timeout', retry: 'unknown', details: { phase: 'paid' } });
    scheduler.advance(59);
    expect(line.written.slice(1)).toEqual(['ABCD', '\r\r\r\r\r\n']);
    scheduler.advance(1);
    expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
  });

  test('a passthrough that did not come is left before it is probed', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    recover(all);
    exec(transparent);
    scheduler.advance(3040);
    expect(line.written).toEqual(['AT+CIPSEND\r\n', '+++']);
    line.say('\r\n>raw\r\n');
    scheduler.advance(1040);
    expect(line.written.at(-1)).toBe('AT+CIPMUX?\r\n');
    line.say(`+CIPMUX:0\r\n${ok}`);
    expect(all.events.at(-1)).toMatchObject({ name: 'unknown', fields: { text: '>raw' } });
  });
});

describe('counted answers', () => {
  test('are released by their OK, directly or behind messages', () => {
    const { line, exec, events } = bench();
    const pulled = exec(pull, { length: 100 });
    line.say('+CIPRECVDATA:6,\r\nOK\r\n\r\nbusy p...\r\nWIFI GOT IP\r\n');
    expect(pulled.values).toEqual([]);
    line.say(ok);
    expect(pulled).toMatchObject({ completed: true, values: [{ length: 6, payload: new Uint8Array([13, 10, 79, 75, 13, 10]) }] });
    expect(events.map(({ name }) => name)).toEqual(['busy p...', 'WIFI GOT IP']);
  });

  test('without proof: a framing error, the bytes are read again as text, ready among them', () => {
    const all = bench();
    const { line, exec } = all;
    const pulled = exec(pull, { length: 100 });
    line.say('+CIPRECVDATA:9,boot\r\nready\r\nmore\r\n');
    expect(pulled.error).toMatchObject({ kind: 'framing', code: 'unproven' });
    expect(all.restarts).toBe(1);
  });

  test('broken off: a framing error whatever ends the command', () => {
    const { line, exec, scheduler, diagnostics } = bench();
    const pulled = exec(pull, { length: 100 });
    line.say('+CIPRECVDATA:50,abc\r\nOK\r\n');
    scheduler.advance(3000);
    expect(pulled.error).toMatchObject({ kind: 'framing', code: 'abandoned', details: { received: 9, length: 50 } });
    expect(diagnostics.map(({ kind }) => kind)).toContain('broken');
  });

  test('of a dead pull does not fail the command that runs now', () => {
    const { line, exec, scheduler, diagnostics } = bench();
    const found = exec(scan);
    line.say('+CIPRECVDATA:50,abc\r\n');
    scheduler.advance(3000);
    expect(diagnostics.map(({ kind }) => kind)).toEqual(['broken']);
    line.say(ok);
    expect(found).toMatchObject({ completed: true, error: undefined });
  });

  test('a false head is given up with the command whose answer it swallowed', () => {
    const { line, exec, scheduler, diagnostics } = bench();
    const asked = exec(at);
    line.say('+IPD,0,50:abc\r\nOK\r\n');
    scheduler.advance(1000);
    expect(asked.error).toMatchObject({ code: 'timeout' });
    expect(diagnostics.map(({ kind }) => kind)).toEqual(['quarantine', 'broken', 'late']);
  });
});
