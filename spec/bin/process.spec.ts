import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { openPty } from '../support/pty.js';
import { until } from './fakeIo.js';

const root = resolve(__dirname, '..', '..');
let folder = '';
let script = '';
const running: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esp-at-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  script = join(folder, 'espAt.js');
  buildSync({
    entryPoints: [join(root, 'bin', 'espAt.ts')], outfile: script, bundle: true, platform: 'node', tsconfig: join(root, 'tsconfig.json'),
    external: ['serialport', '@lydell/node-pty', 'mqtt'], logLevel: 'error',
  });
}, 60_000);
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const startWith = (env: Readonly<Record<string, string>>, ...args: string[]) => {
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } });
  running.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  return { child, ended, out: () => out, err: () => err };
};

const start = (...args: string[]) => startWith({}, ...args);

const ready = '{"dir":"rx","base64":"cmVhZHkNCg=="}\n';

/** A host of the module: says a line, resolves with the answer up to OK. */
const host = (port: number, text: string): Promise<string> =>
  new Promise((done, failed) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', failed);
    socket.on('data', (data: Buffer) => {
      got += data.toString();
      if (got.endsWith('OK\r\n')) socket.end();
    });
    socket.on('close', () => done(got));
  });

describe('the process esp-at', () => {
  it.each([
    [0, ['commands'], ''],
    [2, ['get', 'ftp://example.com/', '--port', 'emulator'], ''],
    [2, ['nonsense'], ''],
    [2, ['info'], ''],
    [66, ['info', '--port', '/dev/there-is-no-such-port'], ''],
    [66, ['decode', '/there/is/no/such/file'], ''],
    [0, ['decode'], ready],
    [65, ['decode'], `nonsense\n${ready}`],
  ])('exits with %d for %j', async (code, args, input) => {
    const { child, ended, out, err } = start(...args);
    child.stdin.end(input);
    expect(await ended).toBe(code);
    expect(err() === '').toBe(code === 0);
    expect(out() === '').toBe(code === 2 || code === 66);
  }, 20_000);

  it('ends quietly when its reader has seen enough', () => {
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', `yes '${ready.trim()}' | head -200000 | "${process.execPath}" "${script}" decode | head -1`], { encoding: 'utf8', timeout: 20_000 });
    expect({ stdout, stderr }).toEqual({ stdout: '{"kind":"event","name":"ready","fields":{}}\n', stderr: '' });
    // `yes` and the first `head` are ended by the pipe too.
    expect([0, 141]).toContain(status);
  }, 30_000);

  it('says why the output cannot be written, and ends with 1', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [script, 'commands'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8', timeout: 20_000 });
    closeSync(full);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^esp-at: cannot write the output: ENOSPC.*\n$/)]);
  }, 30_000);

  it('ends with 66 and says why where the link to a pseudoterminal cannot be made', async () => {
    const { ended, err } = start('emulate', '--pty', join(folder, 'no', 'such', 'folder'));
    expect([await ended, err()]).toEqual([66, expect.stringMatching(/^esp-at: cannot make the link \S+folder: ENOENT.*\n$/)]);
  }, 20_000);

  it('serves two hosts one after the other over TCP until Ctrl-C', async () => {
    const { child, ended, out, err } = start('emulate', '--tcp', '0', '--json');
    await until(() => out().includes('\n'), 'listening');
    expect(out()).toMatch(/^\{"listening":\{"tcp":\d+\}\}\n$/);
    const { listening } = JSON.parse(out()) as { readonly listening: { readonly tcp: number } };
    expect(await host(listening.tcp, 'ATE0\r\n')).toBe('ATE0\r\n\r\nOK\r\n');
    expect(await host(listening.tcp, 'AT\r\n')).toBe('\r\nOK\r\n');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(err()).toBe('');
    await expect(host(listening.tcp, 'AT\r\n')).rejects.toThrow(/ECONNREFUSED/);
  }, 30_000);

  it('serves on a pseudoterminal behind a link, which it removes', async () => {
    const link = join(folder, 'tty');
    const { child, ended, out } = start('emulate', '--pty', link, '--json', '--firmware', '2.1.0', '--ap', 'My\\,Net,pass\\"word,6,-48');
    await until(() => out().includes('\n'), 'listening');
    expect(JSON.parse(out())).toEqual({ listening: { pty: expect.stringMatching(/^\/dev\//), link } });
    const scanned = start('scan', '--port', link, '--json');
    expect(await scanned.ended).toBe(0);
    expect(JSON.parse(scanned.out())).toMatchObject({ ssid: 'My,Net', channel: 6, rssi: -48, encryption: 'wpa2' });
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(existsSync(link)).toBe(false);
  }, 30_000);

  it('fetches a page into a pipe through the emulated module', async () => {
    const server = createWebServer((_, response) => void response.end('a page\n'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { readonly port: number };
    const { ended, out, err } = startWith({ ESP_AT_PASSWORD: '' }, 'get', `http://127.0.0.1:${String(port)}/`, '--port', 'emulator', '--ssid', 'Espressif');
    expect(await ended).toBe(0);
    expect({ out: out(), err: err() }).toEqual({ out: 'a page\n', err: '' });
    server.close();
  }, 30_000);

  it('closes the link and tells of half a file on Ctrl-C; the recording is whole', async () => {
    let closed = false;
    const server = createWebServer((request, response) => {
      request.socket.on('close', () => (closed = true));
      response.writeHead(200, { 'content-length': 10 }).write('half');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { readonly port: number };
    const file = join(folder, 'page');
    const capture = join(folder, 'page.jsonl');
    const { child, ended, err } = startWith({ ESP_AT_PASSWORD: '' }, 'get', `http://127.0.0.1:${String(port)}/`, '-o', file, '--port', 'emulator', '--ssid', 'Espressif', '--record', capture);
    await until(() => existsSync(file) && readFileSync(file, 'utf8') === 'half', 'half of the page');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(err()).toBe(`esp-at: ${file} is not whole: 4 of 10 bytes\n`);
    await until(() => closed, 'closing');
    const decode = start('decode', capture);
    expect(await decode.ended).toBe(0);
    expect(decode.out()).toMatch(/"text":"AT\+CIPCLOSE=\d"/);
    server.close();
  }, 30_000);

  it('leaves no link in a module on a pty after Ctrl-C, and says so when the port is unplugged', async () => {
    const link = join(folder, 'tty');
    const served = start('emulate', '--pty', link, '--json');
    await until(() => served.out().includes('\n'), 'listening');
    const server = createWebServer((_, response) => void response.writeHead(200, { 'content-length': 10 }).write('half'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { readonly port: number };
    const fetching = startWith({ ESP_AT_PASSWORD: '' }, 'get', `http://127.0.0.1:${String(port)}/`, '--port', link, '--ssid', 'Espressif');
    await until(() => fetching.out() === 'half', 'half of the page');
    fetching.child.kill('SIGINT');
    expect(await fetching.ended).toBe(130);
    const asking = start('term', '--port', link);
    asking.child.stdin.end('AT+CIPSTATUS\n');
    expect(await asking.ended).toBe(0);
    expect(asking.out()).toBe('  STATUS:4\n  OK\n');

    const talking = start('term', '--port', link);
    talking.child.stdin.write('AT\n');
    await until(() => talking.out().includes('OK'), 'the answer');
    served.child.kill('SIGKILL');
    expect(await talking.ended).toBe(1);
    expect(talking.err()).toMatch(/^esp-at: .* is gone: .*\n$/);
    server.close();
    server.closeAllConnections();
    // Who is ended by force removes nothing.
    rmSync(link, { force: true });
  }, 30_000);

  it.each([['info'], ['scan'], ['join', 'Home'], ['get', 'http://127.0.0.1:1/'], ['term'], ['record', 'line.jsonl']])(
    'is ended by Ctrl-C while a module does not answer: %s',
    async (...args) => {
      let came = 0;
      const silent = createServer((socket) => {
        came++;
        socket.on('error', () => undefined).on('close', () => came--).resume();
      });
      await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
      const { port } = silent.address() as { readonly port: number };
      const { child, ended, out, err } = startWith({ ESP_AT_PASSWORD: '' }, ...args.map((text) => (text === 'line.jsonl' ? join(folder, text) : text)), '--port', `tcp://127.0.0.1:${String(port)}`);
      await until(() => came === 1, 'the connection');
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      expect({ out: out(), err: err() }).toEqual({ out: '', err: '' });
      await until(() => came === 0, 'closing');
      silent.close();
    },
    20_000,
  );

  it('gives the terminal back as it was when term is left with Ctrl-C', async () => {
    const pty = await openPty();
    let screen = '';
    pty.onData((chunk) => (screen += Buffer.from(chunk).toString()));
    const settings = join(folder, 'settings');
    const read = (name: string): string => (existsSync(`${settings}.${name}`) ? readFileSync(`${settings}.${name}`, 'utf8') : '');
    const commands = `exec < ${pty.path} > ${pty.path} 2>&1; stty -g > ${settings}.before; "${process.execPath}" "${script}" term --port emulator; echo "code $?"; stty -g > ${settings}.after`;
    const shell = spawn('bash', ['-c', commands], { detached: true, stdio: 'ignore' });
    try {
      await until(() => screen.includes('connected to emulator'), 'opening');
      await pty.write(Buffer.from('AT\r'));
      await until(() => screen.includes('  OK\r\n'), 'the answer');
      await pty.write(Buffer.from('AT+GM\x03'));
      await until(() => screen.includes('code 130') && read('after') !== '', 'the end');
      expect(read('after')).toBe(read('before'));
    } finally {
      if (shell.exitCode === null && shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
      await pty.hangUp();
    }
  }, 30_000);
});
