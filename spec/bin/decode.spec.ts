import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { run } from '../../bin/cli.js';
import { esp, fakeProcess, until } from './fakeIo.js';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const tx = (text: string): string => JSON.stringify({ dir: 'tx', base64: base64(text) });
const rx = (text: string): string => JSON.stringify({ dir: 'rx', base64: base64(text) });
const wait = (ms: number): string => JSON.stringify({ dir: 'wait', ms });
const context = (value: object): string => JSON.stringify({ context: value });
const decode = async (lines: readonly string[], ...args: string[]) => esp(['decode', ...args], { input: lines.join('\n') });

describe('esp-at decode', () => {
  it('writes what a client must conclude, one JSON object a line', async () => {
    const { code, err, json } = await decode([
      context({ echo: false, cipmux: 1, more: 'ignored' }),
      tx('AT+CIPSEND=0,4\r\n'),
      rx('\r\nOK\r\n\r\n>'),
      tx('abcd'),
      rx('\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n'),
      rx('\r\n+IPD,0,5:a\r\nb\0what is this\r\n'),
      tx('AT+CWJAP="Home","secret words"\r\n'),
      rx('+CWJAP:2\r\n\r\nERR CODE:0x010a0000\r\n\r\nERROR\r\n'),
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(json()).toEqual([
      { kind: 'command', text: 'AT+CIPSEND=0,4', name: 'AT+CIPSEND', form: 'set', result: 'SEND OK', response: expect.any(Array), payloads: [] },
      { kind: 'event', name: '+IPD', fields: { link: 0, length: 5 }, payload: base64('a\r\nb\0') },
      { kind: 'unknown', text: 'what is this' },
      {
        kind: 'command', text: 'AT+CWJAP="Home","************"', name: 'AT+CWJAP', form: 'set', result: 'ERROR',
        response: [{ reason: 'password' }], payloads: [], errCode: '0x010a0000',
      },
    ]);
  });

  it('writes raw bytes and the bare +++ with the form `special`', async () => {
    const { json } = await decode([
      context({ echo: false, sysmsg: 1 }), tx('AT+CIPSEND\r\n'), rx('\r\nOK\r\n\r\n>'), tx('up'), rx('down'), wait(30), tx('+++'), wait(30), rx('\r\n+QUITT\r\n'),
    ]);
    expect(json().filter(({ kind }) => kind !== 'event')).toMatchObject([
      { kind: 'command', name: 'AT+CIPSEND', form: 'execute', result: 'OK' },
      { kind: 'raw', dir: 'tx', base64: base64('up') },
      { kind: 'raw', dir: 'rx', base64: base64('down') },
      { kind: 'command', name: '+++', form: 'special', result: 'QUITT' },
    ]);
  });

  it('lets time pass by wait only: an open count is abandoned after 3,000 ms and read as lines', async () => {
    const lines = [context({ echo: false }), rx('\r\n+IPD,100:abc\r\nready\r\n')];
    expect((await decode([...lines, wait(2999)])).out).not.toContain('ready');
    expect((await decode([...lines, wait(1500), wait(1500)])).json()).toContainEqual({ kind: 'event', name: 'ready', fields: {} });
  });

  it('numbers bad lines on standard error, goes on, and ends with 65', async () => {
    const { code, err, json } = await decode([
      context({ echo: false }), tx('AT\r\n'), '', 'not JSON', '{"dir":"rx","base64":"@@@@"}', '{"dir":"wait","ms":-1}', '[]', context({}), '{"dir":"up"}', rx('\r\nOK\r\n'),
    ]);
    expect(code).toBe(65);
    expect(err.match(/line \d+/g)).toEqual(['line 4', 'line 5', 'line 6', 'line 7', 'line 8', 'line 9']);
    expect(json()).toMatchObject([{ kind: 'command', name: 'AT', result: 'OK' }]);
  });

  it.each([
    ['a wrong value', { cipmux: 2 }],
    ['a wrong type', { echo: 'yes' }],
    ['no object', 'single'],
  ])('counts a context with %s as a bad line', async (_, value) => {
    expect(await decode([JSON.stringify({ context: value }), rx('ready\r\n')])).toMatchObject({ code: 65, out: '{"kind":"event","name":"ready","fields":{}}\n' });
  });

  it('takes byte order mark, CR LF and keys that it does not know', async () => {
    const { code, json } = await esp(['decode'], { input: `\ufeff${JSON.stringify({ at: 1, dir: 'rx', base64: base64('ready\r\n') })}\r\n` });
    expect({ code, kinds: json().map(({ kind }) => kind) }).toEqual({ code: 0, kinds: ['event'] });
  });

  it('reads a file, and ends with 66 where it is missing or a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capture-'));
    writeFileSync(join(folder, 'a.jsonl'), `${rx('ready\r\n')}\n`);
    expect((await esp(['decode', join(folder, 'a.jsonl')])).json()).toEqual([{ kind: 'event', name: 'ready', fields: {} }]);
    expect(await esp(['decode', join(folder, 'b.jsonl')])).toMatchObject({ code: 66, out: '' });
    expect(await esp(['decode', folder])).toMatchObject({ code: 66, out: '' });
    rmSync(folder, { recursive: true });
  });

  it('writes each conclusion as soon as it stands, while the input goes on', async () => {
    const fake = fakeProcess();
    const ended = run(['decode', '-'], fake.io);
    fake.stdin.write(`${rx('ready\r\n')}\n`);
    await until(() => fake.out().includes('ready'));
    fake.interrupt();
    expect(await ended).toBe(130);
  });

  it('gives a terminal a table without control characters, and JSON when asked', async () => {
    const lines = [context({ echo: false }), tx('AT+CIPMUX?\r\n'), rx('+CIPMUX:0\r\n\r\nOK\r\n\x1b[31mred\r\n+IPD,3:a\x07b')];
    const atTerminal = async (...args: string[]) => {
      const fake = fakeProcess();
      Object.assign(fake.io.stdout, { isTTY: true });
      fake.stdin.end(lines.join('\n'));
      await run(['decode', ...args], fake.io);
      return fake.out();
    };
    expect((await atTerminal()).split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['command', 'AT+CIPMUX?', 'OK', expect.stringMatching(/false/)],
      ['unknown', '\\e[31mred'],
      ['event', '+IPD', expect.stringContaining('length 3'), '3 bytes "a\\x07b"'],
      [''],
    ]);
    expect(await atTerminal('--json')).toBe((await decode(lines)).out);
  });
});

describe('esp-at decode over recordings of real firmware', () => {
  const folder = join(__dirname, '..', 'fixtures', 'firmware');
  const captures = readdirSync(folder).filter((name) => /basic|passthrough|mux|active/.test(name)).map((name) => {
    const { steps } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly steps: readonly { readonly tx?: string; readonly rx?: string }[] };
    const lines = steps.flatMap((step) => [...(step.tx === undefined ? [] : [wait(1000), tx(step.tx)]), ...(step.rx === undefined ? [] : [rx(step.rx)])]);
    return [name, lines] as const;
  });

  it.each(captures)('%s: any split of the received bytes gives the same output', async (_, lines) => {
    const whole = await decode(lines);
    expect(whole.code).toBe(0);
    expect(whole.json().filter(({ kind }) => kind === 'command').length).toBeGreaterThan(5);
    for (const size of ['1', '2', '7', '64']) expect((await decode(lines, '--chunk', size)).out).toBe(whole.out);
  });
});

describe('esp-at decode over anything', () => {
  const pieces = fc.oneof(
    fc.constantFrom('AT\r\n', 'AT+CIPSEND=4\r\n', '\r\nOK\r\n', '\r\n>', '+IPD,0,9:', '+IPD,', '+CIPRECVDATA:3,', 'ready\r\n', '+++', 'busy p...\r\n', '\r\nERROR\r\n', '+CWLAP:(0,"', 'AT+CIPSEND\r\n', 'SEND OK\r\n'),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  const entries = fc.oneof({ weight: 8, arbitrary: fc.tuple(fc.boolean(), pieces).map(([sent, text]) => (sent ? tx(text) : rx(text))) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 4000 }).map(wait) });

  it('ends with 0 and the same output however the received bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entries, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), async (lines, chunk) => {
        const whole = await decode(lines);
        expect(whole.err).toBe('');
        expect(whole.code).toBe(0);
        expect((await decode(lines, '--chunk', String(chunk))).out).toBe(whole.out);
      }),
      { seed: 20261121, numRuns: 150 },
    );
  });

  it('ends with 0 or 65 whatever the input is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.json(), fc.string(), entries), { maxLength: 12 }), async (lines) => {
        expect([0, 65]).toContain((await decode(lines)).code);
      }),
      { seed: 20261121, numRuns: 100 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect([0, 65]).toContain((await esp(['decode'], { input: bytes })).code);
      }),
      { seed: 20261121, numRuns: 50 },
    );
  });
});
