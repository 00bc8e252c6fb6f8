import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { firstValueFrom, lastValueFrom, type Observable, type Subscription, VirtualTimeScheduler } from 'rxjs';
import { SerialPort, SerialPortMock } from 'serialport';
import { isAtError, type Connection } from '../../lib/transport.js';
import { serialport, type SerialBinding, type SerialBindingPort } from '../../transports/serialport.js';
import { openPty, type Pty } from '../support/pty.js';

const failure = (source: Observable<unknown>): Promise<unknown> =>
  new Promise((resolve) => source.subscribe({ error: resolve, complete: () => resolve('completed') }));
const done = (source: Observable<never>): Promise<void> => lastValueFrom(source, { defaultValue: undefined });
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
// A device that is gone while open shows as `/dev/pts/3 (deleted)`.
const handlesOn = (path: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).split(' ')[0] === path;
    } catch {
      return false;
    }
  }).length;
/** Resolves with the first `length` bytes of a connection. */
const take = (connection: Connection, length: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let got = 0;
    const reading = connection.incoming.subscribe({
      next: (chunk) => {
        chunks.push(chunk);
        got += chunk.length;
        if (got < length) return;
        resolve(Buffer.concat(chunks));
        queueMicrotask(() => reading.unsubscribe());
      },
      error: reject,
    });
  });
const turns = (count: number) => new Promise<void>((resolve) => {
  const turn = (left: number): unknown => (left === 0 ? resolve() : setImmediate(turn, left - 1));
  turn(count);
});

describe('serialport on a pseudo terminal', () => {
  let pty: Pty;
  let opened: Subscription[] = [];
  const opening = (path = pty.path): Promise<Connection> =>
    new Promise((resolve, reject) => {
      opened.push(serialport({ path }).open().subscribe({ next: resolve, error: reject }));
    });
  // libuv opens a terminal once more for the stream around it and leaves the first handle: one is there before any test.
  let before = 0;
  const handles = async () => {
    for (let turn = 0; handlesOn(pty.path) > before && turn < 2000; turn += 1) await turns(1);
    return handlesOn(pty.path) - before;
  };

  beforeEach(async () => {
    pty = await openPty();
    before = handlesOn(pty.path);
  });
  afterEach(async () => {
    for (const each of opened) each.unsubscribe();
    opened = [];
    await pty.hangUp();
  });

  it('carries 1 MiB of random bytes each way, unchanged', async () => {
    const connection = await opening();
    const there = randomBytes(1 << 20);
    pty.onData((chunk) => void echo(chunk));
    let last = Promise.resolve();
    const echo = (chunk: Uint8Array) => (last = last.then(() => pty.write(chunk)));
    const back = take(connection, there.length);
    for (let at = 0; at < there.length; at += 65_536) await done(connection.write(there.subarray(at, at + 65_536)));
    expect(digest(await back)).toBe(digest(there));
    await last;
  });

  it('hands out chunks that are plain, exact and never reused', async () => {
    const connection = await opening();
    const first = firstValueFrom(connection.incoming);
    await pty.write(Uint8Array.of(1, 2, 3));
    const chunk = await first;
    const second = firstValueFrom(connection.incoming);
    await pty.write(Uint8Array.of(4, 5, 6));
    await second;
    expect(chunk.constructor).toBe(Uint8Array);
    expect([...chunk]).toEqual([1, 2, 3]);
    expect(chunk.buffer.byteLength).toBe(3);
  });

  it('keeps what arrived before anybody listens, and allows one reader', async () => {
    const connection = await opening();
    await pty.write(Buffer.from('ready'));
    const reading = take(connection, 5);
    expect(await failure(connection.incoming)).toMatchObject({ kind: 'usage', code: 'overlap' });
    expect(Buffer.from(await reading).toString()).toBe('ready');
  });

  it('stops taking bytes while held, and loses none', async () => {
    const connection = await opening();
    const sent = randomBytes(256 * 1024);
    let seen = 0;
    const got: Uint8Array[] = [];
    const all = new Promise<void>((resolve, reject) =>
      opened.push(
        connection.incoming.subscribe({
          next: (chunk) => {
            got.push(chunk);
            seen += chunk.length;
            if (seen >= sent.length) resolve();
          },
          error: reject,
        }),
      ),
    );
    connection.hold?.(true);
    let taken = false;
    const writing = pty.write(sent).then(() => (taken = true));
    await turns(2000);
    expect(seen).toBe(0);
    expect(taken).toBe(false);
    connection.hold?.(false);
    await Promise.all([writing, all]);
    expect(digest(Buffer.concat(got))).toBe(digest(sent));
  });

  it('errors `lost` when the port vanishes in the middle of a transfer, and lets go of it', async () => {
    const connection = await opening();
    expect(handlesOn(pty.path)).toBe(before + 1);
    const gone = failure(connection.incoming);
    const flood = pty.write(randomBytes(256 * 1024)).catch(() => undefined);
    await turns(50);
    await pty.hangUp();
    await flood;
    expect(await gone).toMatchObject({ kind: 'transport', code: 'lost', retry: 'unknown' });
    expect(await handles()).toBe(0);
    expect(await failure(connection.write(Uint8Array.of(1)))).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(await failure(connection.drained!())).toMatchObject({ kind: 'transport', code: 'lost' });
  });

  it('errors `lost` when the port vanishes while held with bytes waiting', async () => {
    const connection = await opening();
    const gone = failure(connection.incoming);
    connection.hold?.(true);
    const flood = pty.write(randomBytes(64 * 1024)).catch(() => undefined);
    await turns(50);
    await pty.hangUp();
    await flood;
    expect(await gone).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(await handles()).toBe(0);
  });

  it('errors `lost` when the port vanishes before anybody listens', async () => {
    const connection = await opening();
    await pty.hangUp();
    expect(await failure(connection.incoming)).toMatchObject({ kind: 'transport', code: 'lost' });
  });

  it('errors the write that is stuck when the port vanishes', async () => {
    const connection = await opening();
    pty.pause();
    const stuck = failure(connection.write(randomBytes(1 << 20)));
    await turns(50);
    await pty.hangUp();
    expect(await stuck).toMatchObject({ kind: 'transport' });
    expect(['lost', 'write']).toContain(((await stuck) as { code: string }).code);
  });

  it('refuses a second write while one is on its way, also after its subscriber left', async () => {
    const connection = await opening();
    pty.pause();
    const long = connection.write(randomBytes(1 << 20)).subscribe({ error: () => undefined });
    expect(await failure(connection.write(Uint8Array.of(1)))).toMatchObject({ kind: 'usage', code: 'overlap' });
    long.unsubscribe();
    expect(await failure(connection.write(Uint8Array.of(1)))).toMatchObject({ kind: 'usage', code: 'overlap' });
  });

  it('drains, changes the rate it reports, and has no modem lines on a pseudo terminal', async () => {
    const connection = await opening();
    pty.onData(() => undefined);
    await done(connection.write(Buffer.from('AT\r\n')));
    await done(connection.drained!());
    expect(connection.baud).toBe(115200);
    await done(connection.control!.baud(921600));
    expect(connection.baud).toBe(921600);
    expect(await failure(connection.control!.get!())).toMatchObject({ kind: 'transport', code: 'control' });
    expect(await failure(connection.control!.set({ dtr: false }))).toMatchObject({ kind: 'transport', code: 'control' });
  });

  it('finds a port open elsewhere busy', async () => {
    await opening();
    await expect(opening()).rejects.toMatchObject({ kind: 'transport', code: 'open', retry: 'safe', details: { path: pty.path, reason: 'busy' } });
  });

  it('closes on unsubscribe, completes `incoming` and opens again at once', async () => {
    const transport = serialport({ path: pty.path });
    const first = await new Promise<{ connection: Connection; open: Subscription }>((resolve) => {
      const open = transport.open().subscribe((connection) => queueMicrotask(() => resolve({ connection, open })));
    });
    const ended = failure(first.connection.incoming);
    first.open.unsubscribe();
    expect(await ended).toBe('completed');
    const second = await firstValueFrom(transport.open());
    expect(second).not.toBe(first.connection);
    expect(await handles()).toBe(0);
  });

  it('closes a port that is still opening when its subscriber leaves', async () => {
    const next = jest.fn();
    let open: Subscription | undefined;
    const opens = new Promise<unknown>((resolve) => {
      const binding: SerialBinding = {
        ...SerialPort.binding,
        open: (options) => {
          const port = SerialPort.binding.open(options);
          queueMicrotask(() => open?.unsubscribe());
          resolve(port);
          return port;
        },
      };
      open = serialport({ path: pty.path, binding }).open().subscribe(next);
    });
    await opens;
    expect(handlesOn(pty.path)).toBe(before + 1);
    expect(await handles()).toBe(0);
    expect(next).not.toHaveBeenCalled();
  });

  it('is cold: nothing opens before the subscription', async () => {
    serialport({ path: pty.path }).open();
    await turns(50);
    expect(handlesOn(pty.path)).toBe(before);
  });
});

describe('serialport without a terminal', () => {
  it('says that there is no such port', async () => {
    expect(await failure(serialport({ path: '/dev/no-such-port' }).open())).toMatchObject({
      kind: 'transport',
      code: 'open',
      message: expect.stringContaining('/dev/no-such-port'),
      details: { path: '/dev/no-such-port', reason: 'not-found' },
    });
  });

  it.each([
    ['Opening COM3: Access denied', 'busy'],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'denied'],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'busy'],
    ['Opening COM9: File not found', 'not-found'],
    ['Error: Is a directory, cannot open /tmp', 'other'],
  ])('reads "%s" as %s', async (message, reason) => {
    const binding: SerialBinding = { list: async () => [], open: () => Promise.reject(new Error(message)) };
    expect(await failure(serialport({ path: 'x', binding }).open())).toMatchObject({ code: 'open', details: { reason } });
  });

  it('tells how to install a missing package', async () => {
    jest.resetModules();
    jest.doMock('serialport', () => {
      throw Object.assign(new Error("Cannot find module 'serialport'"), { code: 'MODULE_NOT_FOUND' });
    });
    const fresh = jest.requireActual<typeof import('../../transports/serialport.js')>('../../transports/serialport.js');
    const error = await failure(fresh.serialport({ path: 'x' }).open());
    expect(error).toMatchObject({ kind: 'transport', code: 'open', message: expect.stringContaining('npm install serialport'), details: { reason: 'package' } });
    expect(await failure(fresh.list())).toMatchObject({ code: 'open', details: { reason: 'package' } });
    jest.dontMock('serialport');
    jest.resetModules();
  });

  it('takes the mock binding of the package, its modem lines included', async () => {
    const { binding } = SerialPortMock;
    binding.reset();
    binding.createPort('/dev/mock', { echo: true });
    let open: Subscription | undefined;
    const connection = await new Promise<Connection>((resolve) => {
      open = serialport({ path: '/dev/mock', binding }).open().subscribe(resolve);
    });
    const back = take(connection, 2);
    await done(connection.write(Buffer.from('hi')));
    expect(Buffer.from(await back).toString()).toBe('hi');
    expect(await firstValueFrom(connection.control!.get!())).toEqual({ cts: true, dsr: false, dcd: false });
    open?.unsubscribe();
  });
});

describe('the lines and clocks of serialport', () => {
  const idlePort = (over: Partial<SerialBindingPort> = {}): SerialBindingPort => ({
    isOpen: true,
    close: async () => undefined,
    read: () => new Promise(() => undefined),
    write: async () => undefined,
    update: async () => undefined,
    set: async () => undefined,
    get: async () => ({ cts: true, dsr: true, dcd: false }),
    getBaudRate: async () => ({ baudRate: 115200 }),
    drain: async () => undefined,
    ...over,
  });
  const bindingOf = (port: SerialBindingPort): SerialBinding => ({ list: async () => [], open: async () => port });
  const connectionOf = (port: SerialBindingPort, scheduler = new VirtualTimeScheduler()) =>
    new Promise<Connection>((resolve) =>
      serialport({ path: 'x', binding: bindingOf(port), scheduler }).open().subscribe((connection) => resolve(connection)),
    );
  const until = (scheduler: VirtualTimeScheduler, ms: number) => {
    scheduler.maxFrames = ms;
    scheduler.flush();
  };

  it('opens again only when the system has let go of the port, and leaves it where nobody waits any more', async () => {
    let letGo: () => void = () => undefined;
    const port = idlePort({ close: () => new Promise((resolve) => (letGo = resolve)) });
    const open = jest.fn(async () => port);
    const transport = serialport({ path: 'x', binding: { list: async () => [], open }, scheduler: new VirtualTimeScheduler() });
    const first = transport.open().subscribe();
    await turns(1);
    first.unsubscribe();
    transport.open().subscribe().unsubscribe();
    transport.open().subscribe();
    await turns(1);
    expect(open).toHaveBeenCalledTimes(1);
    letGo();
    await turns(1);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('keeps the lines that a change does not name', async () => {
    const set = jest.fn(async () => undefined);
    const connection = await connectionOf(idlePort({ set }));
    await done(connection.control!.set({ dtr: false }));
    await done(connection.control!.set({ rts: false, brk: true }));
    expect(set.mock.calls).toEqual([[{ dtr: false, rts: true, brk: false }], [{ dtr: false, rts: false, brk: true }]]);
  });

  it('asks every 500 ms whether the port is there, held or not', async () => {
    const scheduler = new VirtualTimeScheduler();
    let there = true;
    const getBaudRate = jest.fn(() => (there ? Promise.resolve({ baudRate: 115200 }) : Promise.reject(new Error('EIO'))));
    const close = jest.fn(async () => undefined);
    const connection = await connectionOf(idlePort({ getBaudRate, close }), scheduler);
    connection.hold?.(true);
    const gone = failure(connection.incoming);
    until(scheduler, 500);
    expect(getBaudRate).toHaveBeenCalledTimes(1);
    await turns(1);
    there = false;
    until(scheduler, 1000);
    expect(await gone).toMatchObject({ code: 'lost' });
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('asks for the modem lines where the platform cannot read the rate, and nothing where it has neither', async () => {
    const scheduler = new VirtualTimeScheduler();
    const getBaudRate = jest.fn(() => Promise.reject(new Error('getBaudRate is not implemented on darwin')));
    const get = jest.fn(() => Promise.reject(new Error('Error: Inappropriate ioctl for device, cannot get')));
    const connection = await connectionOf(idlePort({ getBaudRate, get }), scheduler);
    const error = jest.fn();
    connection.incoming.subscribe({ error });
    for (const ms of [500, 1000, 1500]) {
      until(scheduler, ms);
      await turns(1);
    }
    expect(getBaudRate).toHaveBeenCalledTimes(1);
    expect(get).toHaveBeenCalledTimes(1);
    expect(error).not.toHaveBeenCalled();
  });

  it('gives up a drain after the line time of what may lie in the system, and 1 s', async () => {
    const scheduler = new VirtualTimeScheduler();
    const connection = await connectionOf(idlePort({ drain: () => new Promise(() => undefined) }), scheduler);
    let error: unknown;
    connection.drained!().subscribe({ error: (cause: unknown) => (error = cause) });
    until(scheduler, 1355);
    expect(error).toBeUndefined();
    until(scheduler, 1356);
    expect(isAtError(error, 'transport')).toBe(true);
    expect(error).toMatchObject({ code: 'write' });
  });
});
