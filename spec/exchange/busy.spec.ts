import { act, at, bench, muxQuery, ok, send } from './exchangeHarness.js';

const busy = '\r\nbusy p...\r\n';
const coded = `ERR CODE:0x010b0000\r\n${busy}`;

describe('busy before anything was seen of the command', () => {
  test('it was dropped: it is written again after pauses that double', () => {
    const { line, exec, scheduler, diagnostics } = bench();
    const tried = exec(act, { value: 1 });
    line.say(busy);
    scheduler.advance(49);
    expect(line.written).toHaveLength(1);
    scheduler.advance(1);
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT+ACT=1\r\n']);
    line.say(busy);
    scheduler.advance(99);
    expect(line.written).toHaveLength(2);
    scheduler.advance(1);
    expect(line.written).toHaveLength(3);
    line.say(ok);
    expect(tried).toMatchObject({ completed: true, values: [undefined] });
    expect(diagnostics.map(({ kind }) => kind)).toEqual(['resend', 'resend']);
  });

  test('eight times, then it is an error that may be tried again', () => {
    const { line, exec, scheduler } = bench();
    line.on('AT+ACT=1\r\n', busy);
    const tried = exec(act, { value: 1 });
    scheduler.advance(60_000);
    expect(line.written).toHaveLength(9);
    expect(tried.error).toMatchObject({ kind: 'command', code: 'busy', retry: 'safe' });
    expect(tried.at).toBe(50 * 255 + 9);
  });

  test('the code of the rejection does not stick to the next try', () => {
    const { line, exec, scheduler } = bench();
    const tried = exec(act, { value: 1 });
    line.say(coded);
    scheduler.advance(50);
    line.say('ERR CODE:0x01070001\r\n\r\nERROR\r\n');
    expect(tried.error).toMatchObject({ code: 'rejected', details: { codes: [{ code: '0x01070001' }] } });
  });

  test('a line cut in two is refused twice: the second refusal comes in the pause and asks for nothing', () => {
    const { line, exec, scheduler, events } = bench();
    const tried = exec(act, { value: 1 });
    line.say(busy + busy);
    scheduler.advance(50);
    expect(line.written).toHaveLength(2);
    line.say(ok);
    expect(tried.completed).toBe(true);
    expect(events.map(({ name }) => name)).toEqual(['busy p...']);
  });

  test('nobody else is written in the pause, and who left is not written again', () => {
    const { line, exec, scheduler } = bench();
    const tried = exec(act, { value: 1 });
    const other = exec(at, {}, { lane: 'other' });
    line.say(busy);
    tried.stop();
    scheduler.advance(49);
    expect(line.written).toHaveLength(1);
    scheduler.advance(1);
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT\r\n']);
    line.say(ok);
    expect(other.completed).toBe(true);
  });

  test('unsubscribed before: it is not repeated, the line is free', () => {
    const { line, exec } = bench();
    exec(act, { value: 1 }).stop();
    const next = exec(at);
    line.say(busy);
    expect(line.written).toEqual(['AT+ACT=1\r\n', 'AT\r\n']);
    line.say(ok);
    expect(next.completed).toBe(true);
  });

  test('a prompt is not awaited in the pause', () => {
    const { line, exec, scheduler, events } = bench();
    exec(send, { length: 1 }, { data: new Uint8Array([65]) });
    line.say(`${busy}>\r\n`);
    expect(line.written).toHaveLength(1);
    scheduler.advance(50);
    line.say(`${ok}\r\n>`);
    expect(line.written).toEqual(['AT+CIPSEND=1\r\n', 'AT+CIPSEND=1\r\n', 'A']);
    expect(events.at(-1)).toMatchObject({ fields: { text: '>' } });
  });
});

describe('busy after something was seen of the command is information', () => {
  test.each([
    ['its echo', 'AT+CIPMUX?\r\n'],
    ['a line of its answer', '+CIPMUX:1\r\n'],
  ])('%s', (_, seen) => {
    const { line, exec, scheduler, events } = bench();
    const asked = exec(muxQuery);
    line.say(`${seen}${coded}`);
    scheduler.advance(1000);
    expect(line.written).toHaveLength(1);
    line.say(seen.startsWith('AT') ? `+CIPMUX:1\r\n${ok}` : ok);
    expect(asked.values).toEqual([{ enable: true }]);
    expect(events.map(({ name }) => name)).toEqual(['busy p...']);
  });

  test('surplus payload: the send goes on, and its error does not blame the busy module', () => {
    const { line, exec, events } = bench();
    const sent = exec(send, { length: 1 }, { data: new Uint8Array([65]) });
    line.say(`${ok}\r\n>`);
    line.say(`${coded}\r\nRecv 1 bytes\r\n\r\nSEND FAIL\r\n`);
    expect(sent.error).toMatchObject({ kind: 'send', code: 'failed', retry: 'unknown' });
    expect(events.map(({ name }) => name)).toEqual(['busy p...']);
  });

  test('a code alone proves nothing', () => {
    const { line, exec, scheduler } = bench();
    const tried = exec(act, { value: 1 });
    line.say('ERR CODE:0x01070001\r\n');
    line.say(busy);
    scheduler.advance(50);
    expect(line.written).toHaveLength(2);
    line.say('\r\nERROR\r\n');
    expect(tried.error).toMatchObject({ details: { codes: [] } });
  });
});
