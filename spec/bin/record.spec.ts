import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, concatMap, from, ignoreElements, lastValueFrom, map, of, switchMap, take, toArray } from 'rxjs';
import { openModule, scan, station, type Transport } from 'rx-esp-at';
import { emulator } from 'rx-esp-at/emulator';
import { serveTcp } from 'rx-esp-at/emulator/node';
import { parseTranscript, replay } from 'rx-esp-at/transports/transcript';
import { run } from '../../bin/cli.js';
import { recorded } from '../../bin/recording.js';
import { version } from '../../bin/version.js';
import { esp, fakeProcess, until } from './fakeIo.js';

const secret = 'correct horse';
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  file = join(folder, 'line.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Line {
  readonly dir: string;
  readonly base64?: string;
}
const lines = (): Line[] => readFileSync(file, 'utf8').split('\n').filter((text) => text !== '').map((text) => JSON.parse(text) as Line);
/** All bytes of a direction; entries are cut anywhere. */
const heard = (dir: string): string => Buffer.concat(lines().filter((line) => line.dir === dir).map(({ base64 }) => Buffer.from(base64 ?? '', 'base64'))).toString('latin1');
/** The secret is in neither direction of the line, and in no entry. */
const expectNoSecret = (): void => {
  for (const text of [heard('tx'), heard('rx'), readFileSync(file, 'utf8')]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('horse');
  }
};
const decoded = async (...args: string[]) => {
  const { code, err, out, json } = await esp(['decode', file, ...args]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return { out, json: json() };
};

/** The same line, byte by byte. */
const crumbs = (transport: Transport): Transport => ({
  open: () =>
    transport.open().pipe(
      map((connection) => ({
        incoming: connection.incoming.pipe(concatMap((chunk) => from(Array.from(chunk, (byte) => Uint8Array.of(byte))))),
        write: (bytes: Uint8Array) => concat(...Array.from(bytes, (byte) => connection.write(Uint8Array.of(byte)))),
      })),
    ),
});

describe('esp-at … --record', () => {
  const joins = async (transport: (transport: Transport) => Transport) => {
    const module = emulator({ accessPoints: [{ ssid: 'Home', password: secret, channel: 6, rssi: -48 }] });
    const task = recorded(transport(module), file, (line) =>
      openModule(line).pipe(
        switchMap((opened) =>
          concat(
            scan(opened).pipe(toArray(), ignoreElements()),
            station(opened, { ssid: 'Home', password: secret }).pipe(take(10), map(({ state }) => state)),
          ),
        ),
        switchMap((state) => (state === 'got-ip' ? of(0) : [])),
        take(1),
      ),
    );
    expect(await lastValueFrom(task)).toBe(0);
  };

  it.each([
    ['as it comes', (transport: Transport) => transport],
    ['in chunks of one byte', crumbs],
  ])('keeps a scan and a join on a line %s, and no password', async (_, transport) => {
    await joins(transport);
    expectNoSecret();
    expect(heard('tx')).toContain('AT+CWJAP="Home","*************"\r\n');
    const { json } = await decoded();
    expect(json).toContainEqual(expect.objectContaining({ kind: 'command', name: 'AT+CWLAP', result: 'OK', response: [expect.objectContaining({ ssid: 'Home' })] }));
    expect(json).toContainEqual(expect.objectContaining({ kind: 'command', text: 'AT+CWJAP="Home","*************"', result: 'OK' }));
    expect(json).toContainEqual(expect.objectContaining({ kind: 'event', name: 'WIFI GOT IP' }));
    expect(json.filter(({ kind }) => kind === 'noise' || kind === 'raw')).toEqual([]);
  });

  it('begins with when, by whom and of which firmware, in one line that decode shows and that changes nothing else', async () => {
    const before = Date.now();
    await joins((transport) => transport);
    const [first, ...rest] = readFileSync(file, 'utf8').split('\n');
    const { context } = JSON.parse(first ?? '') as { readonly context: Readonly<Record<string, string>> };
    expect(context).toEqual({ recorded: expect.any(String), recorder: `rx-esp-at ${version()}`, firmware: '4.1.0.0-dev', dialect: 'v4' });
    expect(Date.parse(context['recorded'] ?? '')).toBeGreaterThanOrEqual(before);
    expect(rest.every((text) => !text.includes('context'))).toBe(true);
    const [shown, ...others] = (await decoded()).json;
    expect(shown).toEqual({ kind: 'context', ...context });
    writeFileSync(file, rest.join('\n'));
    expect((await decoded()).json).toEqual(others);
  });

  it('is played again by replay, the line in front and all', async () => {
    const converse = (line: Transport): Promise<readonly string[]> =>
      lastValueFrom(openModule(line).pipe(switchMap((opened) => scan(opened).pipe(map(({ ssid }) => String(ssid)), toArray())), take(1)));
    let live: readonly string[] = [];
    expect(await lastValueFrom(recorded(emulator(), file, (line) => from(converse(line)).pipe(map((found) => ((live = found), 0)))))).toBe(0);
    const entries = await lastValueFrom(parseTranscript(readFileSync(file, 'utf8')).pipe(toArray()));
    expect(entries[0]?.dir).toBe('context');
    expect(await converse(replay(entries, { then: 'silence' }))).toEqual(live);
  });

  it('names the dialect that was chosen, and no firmware that was never asked', async () => {
    expect((await esp(['record', file, '--port', 'emulator', '--dialect', 'v2'], { input: 'AT\n' })).code).toBe(0);
    expect((await decoded()).json[0]).toEqual({ kind: 'context', recorded: expect.any(String), recorder: `rx-esp-at ${version()}`, dialect: 'v2' });
  });

  it('is read the same by decode in chunks of one byte', async () => {
    await joins((transport) => transport);
    expect((await decoded('--chunk', '1')).out).toBe((await decoded()).out);
  });

  it.each([['info'], ['scan'], ['term'], ['join', 'Espressif']])('is taken by %s', async (...args) => {
    const { code, out } = await esp([...args, '--port', 'emulator', '--record', file], { input: 'AT+GMR\n', env: { ESP_AT_PASSWORD: secret } });
    expect(code).toBe(0);
    expect(out).not.toBe('');
    expectNoSecret();
    expect((await decoded()).json).toContainEqual(expect.objectContaining({ kind: 'command', name: 'AT+GMR', result: 'OK' }));
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('ends with 66 before the module is opened where the file cannot be made', async () => {
    const { code, err } = await esp(['info', '--port', 'tcp://127.0.0.1:1', '--record', join(folder, 'no', 'file')]);
    expect(code).toBe(66);
    expect(err).toContain('cannot record to');
  });

  it('ends with 1 when the disk is full', async () => {
    const { code, err } = await esp(['info', '--port', 'emulator', '--record', '/dev/full']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^esp-at: cannot record to \/dev\/full: ENOSPC.*\n$/) });
  });
});

describe('esp-at record', () => {
  it('talks as term does, and keeps what passed', async () => {
    const input = `ATE0\nAT+CWMODE=1\nAT+CWJAP="Espressif","${secret}"\n`;
    const said = await esp(['record', file, '--port', 'emulator'], { input });
    expect(said).toMatchObject({ code: 0, out: (await esp(['term', '--port', 'emulator'], { input })).out });
    expectNoSecret();
    expect((await decoded()).json.filter(({ kind }) => kind === 'command').map(({ text, result }) => [text, result])).toEqual([
      ['ATE0', 'OK'],
      ['AT+CWMODE=1', 'OK'],
      ['AT+CWJAP="Espressif","*************"', 'OK'],
    ]);
  });

  it('keeps no password of a line over TCP', async () => {
    const served = await new Promise<number>((done) => {
      const serving = serveTcp(emulator(), { port: 0 }).subscribe(({ port }) => done(port));
      closing.push(() => serving.unsubscribe());
    });
    const { code } = await esp(['record', file, '--port', `tcp://127.0.0.1:${String(served)}`], { input: `AT+CWMODE=1\nAT+CWJAP="Espressif","${secret}"\n` });
    expect(code).toBe(0);
    expectNoSecret();
    expect((await decoded()).json).toContainEqual(expect.objectContaining({ text: 'AT+CWJAP="Espressif","*************"', result: 'OK' }));
  });

  it('has everything in the file when it is interrupted', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('AT+CWJAP="Home","correct ho'));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closing.push(() => server.close());
    const { port } = server.address() as { readonly port: number };
    const fake = fakeProcess();
    const ended = run(['record', file, '--port', `tcp://127.0.0.1:${String(port)}`], fake.io);
    fake.stdin.write(`AT+CWJAP="Home","${secret}"\n`);
    await until(() => heard('tx').includes('CWJAP'), 'sending');
    await new Promise((done) => setTimeout(done, 50));
    fake.interrupt();
    expect(await ended).toBe(130);
    expectNoSecret();
    expect(heard('rx')).toMatch(/^AT\+CWJAP="Home",".*$/);
    expect(heard('rx')).not.toContain('correct');
  });

  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
});
