import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { createRedactor } from '../../lib/trace/redactor.js';
import { toWire } from '../../lib/codec/wireText.js';
import { act, bench, join, muxQuery, ok, restart, send, softAp } from '../exchange/exchangeHarness.js';

/** Everything a user or a log could see of a bench. */
const visible = (all: ReturnType<typeof bench>, ...more: unknown[]): string =>
  inspect([all.trace, all.events, all.diagnostics, ...more], { depth: 12, breakLength: Infinity, showHidden: true }) +
  JSON.stringify([all.trace, all.events, all.diagnostics, ...more.map((value) => (value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value))]) +
  more.map(String).join();

const password = 'S3cr,"t\\pw';
const escaped = 'S3cr\\,\\"t\\\\pw';
const isHidden = (text: string): void => {
  expect(text).not.toContain(password);
  expect(text).not.toContain(escaped);
  expect(text).not.toContain('S3cr');
};

describe('a secret parameter', () => {
  test('is on the wire and nowhere else: command, echo, broken echo, late echo, error, retry', () => {
    const all = bench();
    const { line, exec, scheduler } = all;
    const tried = exec(join, { ssid: 'home', password });
    expect(line.written).toEqual([`AT+CWJAP="home","${escaped}"\r\n`]);
    expect(all.trace[0]?.text).toBe(`AT+CWJAP="home","${'*'.repeat(escaped.length)}"`);
    line.say('\r\nbusy p...\r\n');
    scheduler.advance(50);
    line.say(`AT+CWJAP="home","S3\r\nWIFI DISCONNECT\r\n`);
    line.say(`cr\\,\\"t\\\\pw"\r\nlog: joining with ${password}\r\n+CWJAP:2\r\n\r\nERROR\r\n`);
    expect(tried.error).toMatchObject({ details: { reason: 'password' } });
    line.say(`AT+CWJAP="home","${escaped}"\r\n+NEWS:"${password}"\r\n`);
    isHidden(visible(all, tried.error));
    expect(all.trace.map(({ text }) => text)).toContain('AT+CWJAP="home","**');
  });

  test('however short it is', () => {
    const all = bench();
    const { line, exec } = all;
    exec(join, { ssid: 'home', password: 'zq' });
    line.say('AT+CWJAP="home","zq"\r\n\r\nERROR\r\nAT+CWJAP="home","zq"\r\n');
    expect(visible(all)).not.toContain('zq');
  });

  test('in a wrong command: the error names the parameter, not its value', () => {
    const all = bench();
    const tried = all.exec(join, { ssid: 'home', password: `${password}\n` });
    expect(tried.error).toMatchObject({ kind: 'usage', code: 'parameter', details: { parameter: 'password' } });
    isHidden(visible(all, tried.error));
    isHidden(visible(all, all.exec(join, { ssid: 'home', password: password.repeat(7) }).error));
  });

  test('in a command that never got an answer', () => {
    const all = bench();
    const tried = all.exec(join, { ssid: 'home', password });
    all.scheduler.advance(30_000);
    expect(tried.error).toMatchObject({ code: 'timeout' });
    isHidden(visible(all, tried.error));
  });
});

describe('a secret of an answer', () => {
  test('comes as a value that shows only on purpose', () => {
    const all = bench();
    const asked = all.exec(softAp);
    all.line.say(`+CWSAP:"my"ap,1","${password}",11\r\n${ok}`);
    const [value] = asked.values as [{ ssid: string; password: { reveal(): string; toString(): string } }];
    expect(value.ssid).toBe('my"ap,1');
    expect(value.password.reveal()).toBe(password);
    expect(all.trace.map(({ text }) => text)).toContain(`+CWSAP:${'*'.repeat(25)}`);
    isHidden(visible(all, value));
    isHidden(`${String(value.password)}${JSON.stringify(value)}${inspect(value, { showHidden: true, depth: 9 })}`);
    // What it was is known from now on.
    all.line.say(`+NEWS:${password}\r\n`);
    isHidden(visible(all));
  });

  test('in a line that cannot be read', () => {
    const all = bench();
    const asked = all.exec(softAp);
    all.line.say(`+CWSAP:"ap","${password}",eleven\r\n${ok}`);
    expect(asked.error).toMatchObject({ kind: 'decode' });
    isHidden(visible(all, asked.error));
  });

  test('in a message, and in the answer that comes too late', () => {
    const all = bench();
    all.line.say(`password:${password}\r\n`);
    expect(all.events[0]?.name).toBe('password');
    isHidden(visible(all));
    const late = bench();
    late.exec(softAp);
    late.scheduler.advance(3000);
    late.line.say(`+CWSAP:"ap","${password}",11\r\n${ok}`);
    expect(late.diagnostics.map(({ kind }) => kind)).toEqual(['quarantine', 'late', 'late']);
    isHidden(visible(late));
  });
});

describe('the trace', () => {
  test('has every line of both directions with its time; payloads are counted, not shown', () => {
    const { line, exec, trace, scheduler } = bench();
    exec(send, { length: 3 }, { data: new Uint8Array([65, 66, 67]) });
    scheduler.advance(5);
    line.say(`AT+CIPSEND=3\r\n${ok}\r\n>`);
    line.say('+IPD,0,2:XY\r\n\r\nSEND OK\r\n');
    expect(trace.map(({ dir, at, text }) => `${dir} ${String(at)} ${text}`)).toEqual([
      'tx 0 AT+CIPSEND=3', 'rx 5 AT+CIPSEND=3', 'rx 5 OK', 'rx 5 >', 'tx 5 <3 bytes>', 'rx 5 +IPD,0,2<2 bytes>', 'rx 5 SEND OK',
    ]);
  });

  test('follows a restart', () => {
    const { line, exec, trace } = bench();
    exec(restart);
    line.say(`${ok}\r\nready\r\n`);
    expect(trace.map(({ text }) => text)).toEqual(['AT+RST', 'OK', 'ready']);
    expect(exec(act, { value: 1 }).error).toBeUndefined();
    expect(exec(muxQuery).error).toBeUndefined();
  });
});

describe('the redactor', () => {
  test('masks any secret, bare and escaped, with its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4, maxLength: 20 }), fc.string({ maxLength: 10 }), (secret, around) => {
        fc.pre(!/^\*+$/.test(secret) && !around.includes(secret));
        const redactor = createRedactor();
        redactor.learn(secret);
        const wire = toWire(secret);
        const quoted = wire.replace(/[\\",]/g, '\\$&');
        for (const form of [wire, quoted]) {
          const shown = redactor.shown(`<${form}>`);
          expect(shown).toHaveLength(form.length + 2);
          expect(shown).not.toContain(form);
        }
      }),
      { seed: 3 },
    );
  });

  test('remembers the 256 newest, however long each is', () => {
    const redactor = createRedactor();
    redactor.learn('oldest secret');
    for (let i = 0; i < 255; i += 1) redactor.learn(`secret ${String(i)}`);
    expect(redactor.shown('oldest secret, secret 0.')).toBe('*************, ********.');
    redactor.learn('x,yz');
    expect(redactor.shown('oldest secret, secret 254, x\\,yz')).toBe('oldest secret, **********, *****');
  });

  test('an empty secret blanks nothing', () => {
    const redactor = createRedactor();
    redactor.learn('');
    expect(redactor.shown('AT+CWJAP="a",""')).toBe('AT+CWJAP="a",""');
  });
});
