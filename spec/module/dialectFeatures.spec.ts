import { catchError, concat, defer, filter, ignoreElements, map, mergeMap, type Observable, of, take, tap, timer } from 'rxjs';
import { type AtModule, isAtError, listen, openModule, ping, resolve, type Socket, station, tcp, tls, udp } from '../../lib/index.js';
import { type DialectName, emulatedReleases } from '../../transports/emulator/index.js';
import { type HostHandler, echoDatagrams } from '../../transports/emulator/network/index.js';
import { virtualModule } from '../support/virtualModule.js';

const names = Object.keys(emulatedReleases) as DialectName[];
/** The core of 1.1.3 has no passive receive. */
const receiveOf = (dialect: DialectName): 'passive' | 'active' => (dialect === 'v1' ? 'active' : 'passive');

const echo: HostHandler = (socket) => {
  socket.incoming.subscribe({ next: (chunk) => void socket.send(chunk), error: () => undefined });
};

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const hello = Uint8Array.from('hello +IPD,0,3:', (character) => character.charCodeAt(0));

/** Says hello and reads what comes back. */
const greet = (socket: Socket): Observable<string> =>
  concat(socket.send(hello).pipe(ignoreElements()), socket.read().pipe(map(text)), socket.end());

const failure = (source: Observable<unknown>): Observable<string> =>
  source.pipe(
    map(() => 'no failure'),
    catchError((cause: unknown) => of(isAtError(cause) ? [`${cause.kind}/${cause.code}`, ...(typeof cause.details['reason'] === 'string' ? [cause.details['reason']] : [])].join(' ') : String(cause))),
  );

const worldOf = (dialect: DialectName) => {
  const world = virtualModule({
    emulator: { dialect, accessPoints: [{ ssid: 'Espressif' }, { ssid: 'Lab', password: 'rightpassword' }] },
    network: { hosts: { 'peer.lan': { address: '192.168.4.2', tcp: { 7: echo }, tls: { 443: echo }, udp: { 7: echoDatagrams() } } } },
  });
  const violations: string[] = [];
  world.module.violations.subscribe(({ kind, text: said }) => violations.push(`${kind} ${said}`));
  return { world, violations };
};

/** What a joined module says to the calls, one after another. */
const told = (dialect: DialectName, use: (module: AtModule) => readonly Observable<unknown>[]): readonly unknown[] => {
  const { world, violations } = worldOf(dialect);
  const values: unknown[] = [];
  let error: unknown;
  const life = world.joined.pipe(mergeMap((module) => concat(...use(module)))).subscribe({ next: (value) => values.push(value), error: (cause: unknown) => (error = cause) });
  world.run(300_000);
  life.unsubscribe();
  world.run(10_000);
  expect({ error, violations, timers: world.timers }).toEqual({ error: undefined, violations: [], timers: 0 });
  return values;
};

describe.each(names)('%s', (dialect) => {
  const receive = receiveOf(dialect);

  it('resolves, pings and tells a refused connection', () => {
    const said = told(dialect, (module) => [
      resolve(module, 'peer.lan'),
      failure(resolve(module, 'nobody.lan')),
      ping(module, '192.168.4.2').pipe(map((ms) => ms >= 0)),
      failure(ping(module, '192.168.4.77')),
      failure(tcp(module, { host: '192.168.4.2', port: 81, receive })),
      failure(tcp(module, { host: '192.168.4.2', port: 7, receive, link: 0 }).pipe(mergeMap(greet))),
    ]);
    expect(said).toEqual(['192.168.4.2', 'link/unresolved', true, 'link/timeout', 'link/refused', 'no failure']);
  });

  it('talks TLS and UDP, beside a TCP connection', () => {
    // Passive receive of NONOS is for TCP alone, and 1.1.3 has none.
    const none = dialect === 'v1' || dialect === 'nonos';
    const receive = none ? 'active' : 'passive';
    const refused = told(dialect, (module) => [
      failure(tls(module, { host: '192.168.4.2', port: 443 }).pipe(mergeMap(greet))),
      failure(udp(module, { host: '192.168.4.2', port: 7, receive: 'passive' }).pipe(take(1))),
    ]);
    const why = dialect === 'v1' ? 'unsupported/command' : 'unsupported/parameter';
    expect(refused).toEqual(none ? [why, why] : ['no failure', 'no failure']);
    const said = told(dialect, (module) => [
      tcp(module, { host: '192.168.4.2', port: 7, receive: receiveOf(dialect) }).pipe(
        mergeMap((socket) =>
          concat(
            tls(module, { host: '192.168.4.2', port: 443, receive }).pipe(mergeMap(greet)),
            ...([{ receive }, {}] as const).map((wish) =>
              udp(module, { host: '192.168.4.2', port: 7, ...wish }).pipe(
                mergeMap((other) => concat(other.send(hello).pipe(ignoreElements()), other.read().pipe(map(({ bytes }) => text(bytes))), other.end())),
              ),
            ),
            greet(socket),
          ),
        ),
      ),
    ]);
    expect(said).toEqual([text(hello), text(hello), text(hello), text(hello)]);
  });

  it('serves a client', () => {
    const { world, violations } = worldOf(dialect);
    const heard: string[] = [];
    let error: unknown;
    const serve = (module: AtModule): Observable<unknown> =>
      listen(module, { port: 80, receive }).pipe(
        mergeMap((socket) => socket.read().pipe(mergeMap((bytes) => concat(socket.send(bytes).pipe(ignoreElements()), defer(() => socket.end()))))),
      );
    const life = world.joined
      .pipe(
        tap(() => {
          world.scheduler.schedule(() => {
            world.network.connectTo(80).subscribe((socket) => {
              socket.incoming.subscribe((chunk) => heard.push(text(chunk)));
              socket.send(hello);
            });
          }, 2000);
        }),
        mergeMap(serve),
      )
      .subscribe({ error: (cause: unknown) => (error = cause) });
    world.run(60_000);
    life.unsubscribe();
    world.run(10_000);
    expect({ error, violations, heard: heard.join('') }).toEqual({ error: undefined, violations: [], heard: text(hello) });
  });

  it('says why a join is refused', () => {
    const { world, violations } = worldOf(dialect);
    const said: string[] = [];
    openModule(world.module, { scheduler: world.scheduler })
      .pipe(
        mergeMap((module) =>
          concat(
            failure(station(module, { ssid: 'Lab', password: 'wrongpassword' })),
            failure(station(module, { ssid: 'Nowhere', password: '' })),
            station(module, { ssid: 'Lab', password: 'rightpassword' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), map(({ state }) => state)),
          ),
        ),
      )
      .subscribe((value) => said.push(value));
    world.run(120_000);
    expect({ said, violations }).toEqual({ said: ['command/rejected password', 'command/rejected not-found', 'got-ip'], violations: [] });
  });

  it('is set up again after a restart', () => {
    const { world, violations } = worldOf(dialect);
    const said: unknown[] = [];
    const again = (module: AtModule): Observable<unknown> => {
      world.module.reset();
      return concat(
        timer(3000, world.scheduler).pipe(map(() => [module.settings.echo, module.settings.cipmux])),
        tcp(module, { host: '192.168.4.2', port: 7, receive }).pipe(mergeMap(greet)),
      );
    };
    const life = world.joined.pipe(mergeMap(again)).subscribe({ next: (value) => said.push(value), error: (cause: unknown) => said.push(cause) });
    world.run(60_000);
    life.unsubscribe();
    expect({ said, violations }).toEqual({ said: [[false, true], text(hello)], violations: [] });
  });
});
