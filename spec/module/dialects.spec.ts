import { concat, EMPTY, expand, ignoreElements, last, map, mergeMap, type Observable, tap, toArray } from 'rxjs';
import { type AtModule, type ModuleConfig, scan, type Socket, tcp } from '../../lib/index.js';
import { emulatedReleases, type EmulatorConfig } from '../../transports/emulator/index.js';
import { type HostHandler, source } from '../../transports/emulator/network/index.js';
import { seeded, virtualModule } from '../support/virtualModule.js';

const size = 20_000;

/** Random bytes with text in them that a careless reader would take for frames of some dialect. */
const bytesOf = (random: () => number): Uint8Array => {
  const traps = ['\r\nOK\r\n', '\r\n>', '\r\nOK\r\n> ', '+IPD,4,9:', '+IPD,0,3,1.2.3.4,80:', '+CIPRECVDATA,5:', '0,CLOSED\r\n', 'busy s...\r\n', '\0'];
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const trap = traps[Math.floor(random() * traps.length)] ?? '';
    if (random() < 0.1) for (const character of trap) bytes[at++ % size] = character.charCodeAt(0);
    else bytes[at++] = Math.floor(random() * 256);
  }
  return bytes;
};

const whole = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));

/** Reads until the peer's end. */
const all = (socket: Socket): Observable<Buffer> =>
  socket.read().pipe(
    expand(() => socket.read()),
    map((chunk) => chunk.slice()),
    toArray(),
    map(whole),
  );

interface Outcome {
  readonly dialect: string;
  readonly version: string;
  readonly networks: readonly (string | undefined)[];
  readonly downloaded: boolean;
  readonly uploaded: boolean;
  readonly echoed: boolean;
  readonly error: unknown;
  readonly violations: readonly string[];
  readonly timers: number;
}

const session = (config: EmulatorConfig, seed: number, receive: 'passive' | 'active' = 'passive', module: ModuleConfig = {}): Outcome => {
  const random = seeded(seed);
  const download = bytesOf(random);
  const upload = bytesOf(random);
  const collected: Uint8Array[] = [];
  const collector: HostHandler = (socket) => {
    socket.incoming.subscribe({ next: (chunk) => collected.push(chunk.slice()), error: () => undefined });
  };
  const echo: HostHandler = (socket) => {
    socket.incoming.subscribe({ next: (chunk) => void socket.send(chunk), error: () => undefined });
  };
  const world = virtualModule({
    module,
    emulator: { ...config, seed, chunk: (next) => 1 + Math.floor(next() * (next() < 0.5 ? 8 : 600)) },
    network: { seed, latency: 1 + Math.floor(random() * 20), segment: 100 + Math.floor(random() * 1300), hosts: { '192.168.4.2': { tcp: { 9000: source(download), 9001: collector, 9002: echo } } } },
  });
  const violations: string[] = [];
  world.module.violations.subscribe(({ kind, text }) => violations.push(`${kind} ${text}`));
  let result: Omit<Outcome, 'violations' | 'timers' | 'error' | 'uploaded'> = { dialect: '', version: '', networks: [], downloaded: false, echoed: false };
  let error: unknown;
  const link = <T>(at: AtModule, port: number, use: (socket: Socket) => Observable<T>): Observable<T> =>
    tcp(at, { host: '192.168.4.2', port, receive }).pipe(mergeMap(use));
  const back = (socket: Socket): Observable<Buffer> => {
    const read = (have: Buffer): Observable<Buffer> => socket.read().pipe(map((chunk) => Buffer.concat([have, Buffer.from(chunk)])));
    const greeting = upload.subarray(0, 500);
    return concat(
      socket.send(greeting).pipe(ignoreElements()),
      read(Buffer.alloc(0)).pipe(expand((have) => (have.length < greeting.length ? read(have) : EMPTY)), last()),
      socket.end(),
    );
  };
  const use = (at: AtModule): Observable<unknown> => {
    const { dialect, version } = at.firmware;
    return concat(
      scan(at).pipe(toArray(), tap((found) => (result = { ...result, dialect, version, networks: found.map(({ ssid }) => ssid) }))),
      link(at, 9000, all).pipe(tap((bytes) => (result = { ...result, downloaded: bytes.equals(Buffer.from(download)) }))),
      link(at, 9001, (socket) => concat(socket.send(upload).pipe(ignoreElements()), socket.end())),
      link(at, 9002, back).pipe(tap((bytes) => (result = { ...result, echoed: bytes.equals(Buffer.from(upload.subarray(0, 500))) }))),
      at.close(),
    );
  };
  const fail = (cause: unknown): void => {
    error ??= cause;
  };
  const life = world.joined.pipe(mergeMap(use)).subscribe({ error: fail });
  world.run(600_000);
  life.unsubscribe();
  world.run(10_000);
  return { ...result, uploaded: whole(collected).equals(Buffer.from(upload)), error, violations, timers: world.timers };
};

const expected = (dialect: string, version: string): Outcome => ({
  dialect, version: expect.stringContaining(version) as string, networks: ['Espressif'],
  downloaded: true, uploaded: true, echoed: true, error: undefined, violations: [], timers: 0,
});

const names = Object.keys(emulatedReleases) as (keyof typeof emulatedReleases)[];

describe('every dialect is found by itself, joins and transfers both ways through random chunks', () => {
  // The core of 1.1.3 has no passive receive.
  it.each(names.filter((name) => name !== 'v1'))('%s, passive receive', (dialect) => {
    for (let seed = 1; seed <= 5; seed += 1) expect(session({ dialect }, seed)).toEqual(expected(dialect, emulatedReleases[dialect][0]));
  });

  it.each(names)('%s, active receive', (dialect) => {
    for (let seed = 11; seed <= 13; seed += 1) expect(session({ dialect }, seed, 'active')).toEqual(expected(dialect, emulatedReleases[dialect][0]));
  });

  it.each(names)('%s, active receive on the single link, with senders shown', (dialect) => {
    const settings: ModuleConfig = { multiple: false, showSenders: true };
    for (let seed = 21; seed <= 23; seed += 1) expect(session({ dialect }, seed, 'active', settings)).toEqual(expected(dialect, emulatedReleases[dialect][0]));
  });

  it.each(names.filter((name) => name !== 'v1'))('%s, passive receive on the single link, with senders shown', (dialect) => {
    const settings: ModuleConfig = { multiple: false, showSenders: true };
    for (let seed = 31; seed <= 32; seed += 1) expect(session({ dialect }, seed, 'passive', settings)).toEqual(expected(dialect, emulatedReleases[dialect][0]));
  });

  it('2.0.0, the older release of v2', () => {
    expect(session({ firmware: '2.0.0' }, 7)).toEqual(expected('v2', '2.0.0'));
  });

  it('v1 refuses passive receive before a byte of it is sent', () => {
    const { error, dialect, violations } = session({ dialect: 'v1' }, 1);
    expect({ error, dialect, violations }).toMatchObject({ error: { kind: 'unsupported' }, dialect: 'v1', violations: [] });
  });
});
