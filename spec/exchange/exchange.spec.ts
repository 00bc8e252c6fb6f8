import { bootSettings } from '../../lib/command/index.js';
import { absent, act, at, bench, echo, join, mux, muxQuery, ok, scan, send, version } from './exchangeHarness.js';

describe('one command at a time', () => {
  test('the line is listened to before a byte is written', () => {
    const { line, exec } = bench();
    exec(at);
    expect(line.log.slice(0, 2)).toEqual(['listen', 'write']);
    expect(line.written).toEqual(['AT\r\n']);
  });

  test('nothing is written without a subscription, and a second command waits for the terminal of the first', () => {
    const { line, exec } = bench();
    const first = exec(act, { value: 1 });
    const second = exec(muxQuery);
    expect(line.written).toEqual(['AT+ACT=1\r\n']);
    line.say('+CIPMUX:1\r\n');
    expect(line.written).toHaveLength(1);
    line.say(ok);
    expect(first).toMatchObject({ values: [undefined], completed: true });
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT+CIPMUX?\r\n']);
    line.say(`+CIPMUX:0\r\n${ok}`);
    expect(second).toMatchObject({ values: [{ enable: false }], completed: true });
  });

  test('an answer that comes before the write has completed counts; the next command waits for the write', () => {
    const { line, exec } = bench();
    const release = line.hold();
    const first = exec(muxQuery);
    const second = exec(at);
    line.say(`+CIPMUX:1\r\n${ok}`);
    expect(first).toMatchObject({ values: [{ enable: true }], completed: true });
    expect(line.written).toHaveLength(1);
    release();
    expect(line.written).toEqual(['AT+CIPMUX?\r\n', 'AT\r\n']);
    line.say(ok);
    expect(second.completed).toBe(true);
  });

  test('a prompt that comes before the write has completed: the payload waits for the line', () => {
    const { line, exec } = bench();
    const release = line.hold();
    const sent = exec(send, { length: 3 }, { data: new Uint8Array([65, 66, 67]) });
    line.say(`${ok}\r\n>`);
    expect(line.written).toHaveLength(1);
    release();
    expect(line.written).toEqual(['AT+CIPSEND=3\r\n', 'ABC']);
    line.say('\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n');
    expect(sent).toMatchObject({ values: [3], completed: true });
  });

  test('a stream emits its lines as they come, and completes at the terminal', () => {
    const { line, exec } = bench();
    const found = exec(scan);
    line.say('+CWLAP:(0,"a",-40,"00:11:22:33:44:55",1)\r\n');
    expect(found.values).toHaveLength(1);
    line.say(`+CWLAP:(3,"b","c",-50,"00:11:22:33:44:56",11,5,7)\r\n${ok}`);
    expect(found).toMatchObject({ values: [{ ssid: 'a' }, { ssid: 'b","c', channel: 11 }], completed: true });
  });

  test('a line of the answer that cannot be read fails the command when it has ended', () => {
    const { line, exec } = bench();
    const asked = exec(muxQuery);
    line.say('+CIPMUX:maybe\r\n');
    expect(asked.error).toBeUndefined();
    line.say(ok);
    expect(asked.error).toMatchObject({ kind: 'decode', code: 'line' });
  });

  test('an answer without its line is an error, not a value', () => {
    const { line, exec } = bench();
    const asked = exec(muxQuery);
    line.say(ok);
    expect(asked).toMatchObject({ values: [], error: { kind: 'decode', code: 'missing' } });
  });

  test('messages of the module go between and into answers without touching them', () => {
    const { line, exec, events } = bench();
    const asked = exec(muxQuery);
    line.say('AT+CIPMUX?\r\n0,CONNECT\r\n+IPD,0,7:\r\nOK\r\n!\r\n+CIPMUX:1\r\nWIFI GOT IP\r\n\r\nO');
    line.say('K\r\n1,CLOSED\r\n');
    expect(asked).toMatchObject({ values: [{ enable: true }], completed: true });
    expect(events.map(({ name }) => name)).toEqual(['CONNECT', '+IPD', 'WIFI GOT IP', 'CLOSED']);
    expect(events[1]).toMatchObject({ fields: { link: 0, length: 7 }, payload: new Uint8Array([13, 10, 79, 75, 13, 10, 33]) });
  });

  test('what no declaration reads surfaces as unknown', () => {
    const { line, events } = bench();
    line.say('I (1234) wifi: hello\r\n+NEWS:1\r\n');
    expect(events).toEqual([
      { name: 'unknown', fields: { text: 'I (1234) wifi: hello' } },
      { name: 'unknown', fields: { text: '+NEWS:1' } },
    ]);
  });

  test('a terminal without a command goes to the diagnostics and completes nothing', () => {
    const { line, exec, diagnostics } = bench();
    line.say(ok);
    const asked = exec(at);
    expect(asked.completed).toBe(false);
    line.say(ok);
    expect(asked.completed).toBe(true);
    line.say('\r\nSEND OK\r\n\r\nERROR\r\n');
    expect(diagnostics.map(({ kind, text }) => [kind, text])).toEqual([['late', 'OK'], ['late', 'SEND OK'], ['late', 'ERROR']]);
  });

  test('lines without a prefix belong to the command that takes them, events excepted', () => {
    const { line, exec, events } = bench();
    const asked = exec(version);
    line.say(`AT+GMR\r\nAT version:4.1.0.0\r\nWIFI GOT IP\r\nSDK version:v5\r\n${ok}`);
    expect(asked.values).toEqual([['AT version:4.1.0.0', 'SDK version:v5']]);
    expect(events.map(({ name }) => name)).toEqual(['WIFI GOT IP']);
  });
});

describe('the echo', () => {
  test('is no answer, whole or broken by a message', () => {
    const { line, exec, events } = bench();
    const asked = exec(echo, { enable: false });
    line.say('ATE\r\nWIFI GOT IP\r\n0\r\n');
    line.say(ok);
    expect(asked.completed).toBe(true);
    expect(events.map(({ name }) => name)).toEqual(['WIFI GOT IP']);
  });

  test('NONOS echoes a second CR', () => {
    const { line, exec, events } = bench();
    const asked = exec(muxQuery);
    line.say(`AT+CIPMUX?\r\r\n+CIPMUX:1\r\n${ok}`);
    expect(asked.values).toEqual([{ enable: true }]);
    expect(events).toEqual([]);
  });

  test('glued to a counted message', () => {
    const { line, exec, events } = bench();
    const asked = exec(at);
    line.say(`AT\r\n+IPD,0,4:\r\nOKK\r\n${ok}`);
    expect(asked.completed).toBe(true);
    expect(events[0]).toMatchObject({ name: '+IPD', fields: { length: 4 } });
  });
});

describe('found before a byte is sent', () => {
  test.each([
    ['out of range', act, { value: 10 }, { kind: 'usage', code: 'parameter', details: { command: 'AT+ACT', parameter: 'value', expected: 'integer 0 to 9' } }],
    ['missing', act, {}, { kind: 'usage', code: 'parameter', details: { parameter: 'value' } }],
    ['unknown parameter', act, { value: 1, more: 2 }, { kind: 'usage', code: 'parameter', details: { parameter: 'more' } }],
    ['unknown parameter named as a method of objects', act, { value: 1, toString: 2 }, { kind: 'usage', code: 'parameter', details: { parameter: 'toString' } }],
    ['only with CIPMUX=1', send, { link: 1, length: 1 }, { kind: 'usage', details: { parameter: 'link' } }],
    ['unknown command', absent, {}, { kind: 'unsupported', code: 'command', details: { command: 'AT+ABSENT', dialect: 'v4' } }],
    ['data missing', send, { length: 1 }, { kind: 'usage', code: 'data' }],
    ['too long for its field', join, { ssid: 'é'.repeat(17), password: '' }, { kind: 'usage', details: { parameter: 'ssid', expected: 'text of at most 32 bytes without CR, LF and NUL' } }],
  ])('%s', (_, command, params, error) => {
    const { line, exec } = bench();
    const tried = exec(command, params);
    expect(tried.error).toMatchObject(error);
    expect(line.written).toEqual([]);
  });

  test('data of another length than announced, or for a command that takes none', () => {
    const { line, exec } = bench();
    expect(exec(send, { length: 2 }, { data: new Uint8Array(3) }).error).toMatchObject({ kind: 'usage', code: 'length' });
    expect(exec(at, {}, { data: new Uint8Array(3) }).error).toMatchObject({ kind: 'usage', code: 'data' });
    expect(line.written).toEqual([]);
  });
});

describe('settings', () => {
  test('hold once their command has succeeded, not before and not after ERROR', () => {
    const { line, exec, exchange } = bench();
    exec(mux, { enable: true });
    expect(exchange.settings.cipmux).toBe(false);
    line.say('\r\nERROR\r\n');
    expect(exchange.settings).toEqual(bootSettings);
    exec(mux, { enable: true });
    line.say(ok);
    expect(exchange.settings.cipmux).toBe(true);
    const sent = exec(send, { length: 1 }, { data: new Uint8Array(1) });
    expect(sent.error).toMatchObject({ kind: 'usage', details: { parameter: 'link' } });
  });

  test('a queued command is written for the settings that hold then', () => {
    const { line, exec } = bench();
    exec(mux, { enable: true });
    // Good at the time it is queued, wrong when its turn comes.
    const queued = exec(send, { length: 1 }, { data: new Uint8Array(1) });
    line.say(ok);
    expect(queued.error).toMatchObject({ kind: 'usage', details: { parameter: 'link' } });
    expect(line.written).toHaveLength(1);
  });
});

describe('the end of the line', () => {
  test('lost: the command on the line may have been executed, those behind it were not', () => {
    const all = bench();
    const { line, exec, exchange } = all;
    const sent = exec(act, { value: 1 });
    const queued = exec(act, { value: 2 });
    line.lose();
    expect(sent.error).toMatchObject({ kind: 'transport', code: 'lost', retry: 'unknown' });
    expect(queued.error).toMatchObject({ kind: 'transport', code: 'lost', retry: 'safe' });
    expect(all.ended).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(exec(at).error).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(all.timers).toBe(0);
    expect(exchange.settings).toEqual(bootSettings);
  });

  test('an orderly close of the port is a loss too, a foreign error as well', () => {
    const closed = bench();
    closed.line.close();
    expect(closed.ended).toMatchObject({ kind: 'transport', code: 'lost' });
  });

  test('a write that fails ends it with transport/write, whatever the error was', () => {
    const all = bench();
    all.line.break(new Error('EIO'));
    const sent = all.exec(at);
    expect(sent.error).toMatchObject({ kind: 'transport', code: 'write' });
    expect(all.ended).toMatchObject({ kind: 'transport', code: 'write', cause: new Error('EIO') });
    expect(all.timers).toBe(0);
  });

  test('a write of the payload that fails ends it too', () => {
    const all = bench();
    const sent = all.exec(send, { length: 1 }, { data: new Uint8Array(1) });
    all.line.break(new Error('EIO'));
    all.line.say(`${ok}\r\n>`);
    expect(sent.error).toMatchObject({ kind: 'transport', code: 'write' });
    expect(all.ended).toMatchObject({ kind: 'transport', code: 'write' });
    expect(all.timers).toBe(0);
  });

  test('stop() fails what waits, completes the facts and leaves no timer', () => {
    const all = bench();
    const sent = all.exec(act, { value: 1 });
    const queued = all.exec(at);
    let completed = 0;
    all.exchange.events.subscribe({ complete: () => (completed += 1) });
    all.line.say('+IPD,0,100:abc');
    expect(all.timers).toBeGreaterThan(0);
    all.exchange.stop();
    expect(sent.error).toMatchObject({ kind: 'module', code: 'closed', retry: 'unknown' });
    expect(queued.error).toMatchObject({ kind: 'module', code: 'closed' });
    expect([completed, all.ended, all.timers]).toEqual([1, 'completed', 0]);
    all.line.say(ok);
    expect(all.exec(at).error).toMatchObject({ kind: 'module', code: 'closed' });
  });
});

describe('ERROR', () => {
  test('with its codes, decoded', () => {
    const { line, exec } = bench();
    const tried = exec(act, { value: 1 });
    line.say('ERR CODE:0x01080001\r\nERR CODE:0x01040003\r\n\r\nERROR\r\n');
    expect(tried.error).toMatchObject({
      kind: 'command', code: 'rejected', retry: 'never',
      details: { command: 'AT+ACT', codes: [{ subcategory: 'PARA_PARSE_FAIL', extension: 1 }, { subcategory: 'PARA_LENGTH', extension: 3 }] },
    });
  });

  test('an unknown command is unsupported', () => {
    const { line, exec } = bench();
    const tried = exec(act, { value: 1 });
    line.say('ERR CODE:0x01090000\r\n\r\nERROR\r\n');
    expect(tried.error).toMatchObject({ kind: 'unsupported', code: 'firmware' });
  });

  test('a reason of its own', () => {
    const { line, exec } = bench();
    const tried = exec(join, { ssid: 'home', password: 'sesame123' });
    line.say('WIFI DISCONNECT\r\n+CWJAP:3\r\n\r\nERROR\r\n');
    expect(tried.error).toMatchObject({ kind: 'command', code: 'rejected', retry: 'safe', details: { reason: 'not-found' } });
  });

  test('without a code it may be tried again', () => {
    const { line, exec } = bench();
    const tried = exec(act, { value: 1 });
    line.say('\r\nERROR\r\n');
    expect(tried.error).toMatchObject({ kind: 'command', code: 'rejected', retry: 'safe', details: { codes: [] } });
  });
});

