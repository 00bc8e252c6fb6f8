import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { AtError } from '../../lib/transport.js';
import { servePty, type ServePtyOptions } from '../../transports/emulator/node/index.js';
import { ptyBinding } from '../../transports/emulator/node/ptyBinding.js';
import { expectBytes, joined, length, pattern, record } from './networkHarness.js';
import { echoTransport, opened, pass, until } from './nodeHarness.js';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => { for (const clean of cleanups.splice(0).reverse()) await clean(); });

const served = async (options: ServePtyOptions = {}) => {
  const module = echoTransport();
  const { value, subscription } = await opened(servePty(module.transport, options));
  cleanups.push(() => { subscription.unsubscribe(); });
  return { ...module, ...value, subscription };
};

const host = async (path: string) => {
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  const got: Uint8Array[] = [];
  port.on('data', (data: Buffer) => got.push(data));
  port.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => { port.open((error) => { if (error) reject(error); else resolve(); }); });
  const close = (): Promise<void> => new Promise((resolve) => { if (port.isOpen) port.close(() => { resolve(); }); else resolve(); });
  cleanups.push(close);
  return { port, got, close };
};

// Runs a shell script whose `$1` is the pty; a shell changes no line settings and flushes nothing.
const shell = (script: string, pty: string): Promise<string> =>
  new Promise((resolve) => { execFile('sh', ['-c', script, 'sh', pty], { timeout: 4000 }, (_, stdout) => { resolve(stdout); }); });

const directory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'pty-'));
  cleanups.push(() => { rmSync(path, { recursive: true }); });
  return path;
};

describe('a module on a pty', () => {
  it('exchanges 1 MB of all byte values both ways with serialport, unchanged', async () => {
    const { pty, state } = await served();
    const { port, got } = await host(pty);
    const data = pattern(1_000_000);
    port.write(Buffer.from(data));
    await until(() => length(got) === data.length);
    expectBytes(joined(got), data);
    expect(state).toMatchObject({ opened: 1, overlaps: 0, written: data.length });
  });

  it('serves hosts that close and open again; the module runs on, and nothing stale greets the next one', async () => {
    const { pty, state, say } = await served();
    for (const turn of ['one', 'two', 'three']) {
      say(pattern(50));
      const { port, got, close } = await host(pty);
      port.write(turn);
      await until(() => length(got) >= turn.length);
      expect(Buffer.concat(got).toString()).toBe(turn);
      port.pause();
      port.write('unread');
      await close();
      await pass(60);
      say(pattern(50));
    }
    expect(state).toMatchObject({ opened: 1, closed: 0 });
  });

  it('forgets what a host did not read: one that does not flush when it opens sees nothing of it', async () => {
    const { pty, state, say } = await served();
    const { port, got, close } = await host(pty);
    port.write('x');
    await until(() => length(got) === 1);
    port.pause();
    say(pattern(400_000));
    await until(() => state.holds.at(-1) === true);
    await close();
    await pass(60);
    expect(await shell('exec 3<>"$1"; sleep 0.1; printf two >&3; sleep 0.1; dd bs=65536 count=1 <&3 2>/dev/null', pty)).toBe('two');
    expect(state.opened).toBe(1);
  });

  it('takes what a host wrote before it hung up', async () => {
    const { pty, state } = await served();
    const { port, close } = await host(pty);
    port.write(Buffer.from(pattern(2000)));
    await new Promise((resolve) => { port.drain(resolve); });
    await close();
    await until(() => state.written === 2000);
  });

  it('holds the module back while the host does not read; nothing is lost', async () => {
    const { pty, state, say } = await served();
    const { port, got } = await host(pty);
    port.write('x');
    await until(() => length(got) === 1);
    port.pause();
    const data = pattern(400_000);
    for (let offset = 0; offset < data.length; offset += 10_000) say(data.subarray(offset, offset + 10_000));
    await until(() => state.holds.at(-1) === true);
    await pass(50);
    expect(state.holds.at(-1)).toBe(true);
    port.resume();
    await until(() => length(got) === 1 + data.length);
    expectBytes(joined(got).slice(1), data);
    expect(state.holds.at(-1)).toBe(false);
  });

  it('is raw from the start: software that sets nothing is not echoed and gets line ends as they are', async () => {
    const { pty } = await served();
    const script = 'exec 3<>"$1"; sleep 0.1; printf "AT\\r\\nB" >&3; dd bs=1 count=5 <&3 2>/dev/null; sleep 0.1; dd bs=1 count=1 iflag=nonblock <&3 2>/dev/null';
    expect(await shell(script, pty)).toBe('AT\r\nB');
  });

  it('makes a link, exchanges an old one, leaves files alone, and removes it', async () => {
    const link = join(directory(), 'ttyESP0');
    symlinkSync('/dev/null', link);
    const { pty, link: named, subscription, state } = await served({ link });
    expect(named).toBe(link);
    expect(readlinkSync(link)).toBe(pty);
    const { port, got, close } = await host(link);
    port.write('hello');
    await until(() => length(got) === 5);
    await close();
    subscription.unsubscribe();
    expect(existsSync(link)).toBe(false);
    expect(existsSync(pty)).toBe(false);
    expect(state.closed).toBe(1);

    writeFileSync(link, 'precious');
    const module = echoTransport();
    const refused = record(servePty(module.transport, { link }));
    await until(() => refused.error !== undefined);
    expect(refused.error).toMatchObject({ kind: 'usage', code: 'link' });
    expect(module.state.closed).toBe(1);
  });

  it('ends with the line: error and completion both give the pty back', async () => {
    for (const end of ['error', 'complete'] as const) {
      const module = echoTransport();
      const result = record(servePty(module.transport));
      await until(() => result.values.length === 1);
      const pty = result.values[0]?.pty ?? '';
      expect(existsSync(pty)).toBe(true);
      if (end === 'error') module.gone.error(new Error('lost'));
      else module.gone.complete();
      expect(result.completed).toBe(end === 'complete');
      expect(result.error === undefined).toBe(end === 'complete');
      expect(existsSync(pty)).toBe(false);
      expect(module.state.closed).toBe(1);
    }
  });

  it('says what is missing without the package, and on Windows', () => {
    const without = record(ptyBinding('linux', () => { throw new Error('Cannot find module'); }));
    expect(without.error).toBeInstanceOf(AtError);
    expect(without.error).toMatchObject({ kind: 'transport', code: 'open', details: { reason: 'package' } });
    expect(String(without.error)).toContain('npm install @lydell/node-pty');
    expect(String(record(ptyBinding('linux', () => ({ requireBinary: () => ({}) }))).error)).toContain('@lydell/node-pty');
    expect(String(record(ptyBinding('win32')).error)).toContain('Windows');
  });
});
