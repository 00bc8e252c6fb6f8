import { catchError, concatMap, defer, EMPTY, ignoreElements, map, merge, mergeMap, type Observable, of, take, tap, timer } from 'rxjs';
import { type AtError, type AtModule, type Datagram, type DatagramSocket, listen, type Socket, tcp, udp } from '../../lib/index.js';
import { echo, echoDatagrams } from '../../transports/emulator/network/index.js';
import { named, play, string, text } from './world.js';

const host = '192.168.4.2';
const opened = {
  tcp: (module: AtModule): Observable<Socket> => tcp(module, { host, port: 7 }),
  udp: (module: AtModule): Observable<DatagramSocket> => udp(module, { host, port: 7 }),
};

/** Sends, and reads what comes back. */
const there = (socket: Socket | DatagramSocket): Observable<string> =>
  merge((socket.send(text('ping')) as Observable<unknown>).pipe(ignoreElements()), (socket as DatagramSocket).read() as Observable<Uint8Array | Datagram>).pipe(
    map((got) => string(got instanceof Uint8Array ? got : got.bytes)),
  );

const told = (firmware: '2.1.0' | '2.4.0' | '3.4.0' | '4.1.0', use: Parameters<typeof play>[0]) => {
  const { world, log, sent } = play(use, { emulator: { firmware }, network: { hosts: { [host]: { tcp: { 7: echo() }, udp: { 7: echoDatagrams() } } } } });
  world.run(30_000);
  return { log, modes: sent.filter((line) => /^AT\+CIPRECV(MODE|TYPE)=/.test(line)) };
};

/** One socket, then the other beside it; then both are used. */
const both = (module: AtModule, [first, second]: readonly (keyof typeof opened)[]): Observable<string> =>
  opened[first as 'tcp'](module).pipe(
    mergeMap((one) => opened[second as 'tcp'](module).pipe(concatMap((other) => merge(there(one), there(other))))),
    catchError((error: unknown) => of(`${named(error)}: ${(error as AtError).message}`)),
  );

describe('receive modes of sockets side by side', () => {
  it.each(['2.1.0', '2.4.0', '3.4.0'] as const)('TCP first, on %s: passive for both, set once', (firmware) => {
    expect(told(firmware, (module) => both(module, ['tcp', 'udp']))).toEqual({ log: ['ping', 'ping'], modes: ['AT+CIPRECVMODE=1'] });
  });

  it('UDP first, on 2.1: a typed error that tells the way out', () => {
    const { log, modes } = told('2.1.0', (module) => both(module, ['udp', 'tcp']));
    expect(log).toEqual([expect.stringMatching(/^link\/receive-mode: .*cannot become passive while links are open.*same `receive`.*`udp` takes `receive: 'passive'`/)]);
    expect(modes).toEqual(['AT+CIPRECVMODE=0', 'AT+CIPRECVMODE=1']);
  });

  it('UDP first and passive, on 2.1: both', () => {
    const use = (module: AtModule): Observable<string> =>
      udp(module, { host, port: 7, receive: 'passive' }).pipe(mergeMap((one) => opened.tcp(module).pipe(mergeMap((other) => merge(there(one), there(other))))));
    expect(told('2.1.0', use)).toEqual({ log: ['ping', 'ping'], modes: ['AT+CIPRECVMODE=1'] });
  });

  it.each(['2.4.0', '3.4.0'] as const)('UDP first, on %s, which lets the mode change: UDP follows', (firmware) => {
    expect(told(firmware, (module) => both(module, ['udp', 'tcp']))).toEqual({ log: ['ping', 'ping'], modes: ['AT+CIPRECVMODE=0', 'AT+CIPRECVMODE=1'] });
  });

  it.each([[['tcp', 'udp']], [['udp', 'tcp']]] as const)('on 4.1 each link has its own: %j', (order) => {
    const set = { tcp: 1, udp: 0 };
    expect(told('4.1.0', (module) => both(module, order))).toEqual({ log: ['ping', 'ping'], modes: order.map((type, index) => `AT+CIPRECVTYPE=${String(4 - index)},${String(set[type])}`) });
  });

  it('on 2.1, at the same moment: TCP is not left in active receive', () => {
    const { log, modes } = told('2.1.0', (module) => merge(opened.tcp(module).pipe(mergeMap(there)), opened.udp(module).pipe(mergeMap(there))));
    expect(log).toEqual(['ping', 'ping']);
    expect(new Set(modes)).toEqual(new Set(['AT+CIPRECVMODE=1']));
  });

  it('beside a server of 2.1 that waits for its first client: what it set stands', () => {
    const { log, modes } = told('2.1.0', (module, _lines, { network, scheduler }) =>
      merge(
        listen(module, { port: 80 }).pipe(mergeMap((client) => client.read().pipe(map((bytes) => `client ${string(bytes)}`)))),
        timer(500, scheduler).pipe(
          mergeMap(() => opened.udp(module)),
          mergeMap(there),
          tap(() => network.connectTo(80).subscribe((client) => client.send(text('hello')))),
        ),
      ),
    );
    expect(log).toEqual(['ping', 'client hello']);
    expect(new Set(modes)).toEqual(new Set(['AT+CIPRECVMODE=1']));
  });

  it('UDP after a refusal knows how the module still receives', () => {
    const { log } = told('2.1.0', (module, lines) =>
      opened.tcp(module).pipe(
        mergeMap((stream) =>
          udp(module, { host, port: 7, receive: 'active' }).pipe(
            catchError((error: unknown) => {
              lines.push(named(error));
              return opened.udp(module).pipe(mergeMap((socket) => merge(there(stream), there(socket))));
            }),
          ),
        ),
        mergeMap((value) => (typeof value === 'string' ? of(value) : EMPTY)),
      ),
    );
    expect(log).toEqual(['link/receive-mode', 'ping', 'ping']);
  });

  it('UDP alone again, on 2.1, when what was passive is closed', () => {
    const { log, modes } = told('2.1.0', (module) =>
      opened.tcp(module).pipe(
        take(1),
        mergeMap(() => EMPTY),
        (before) => merge(before, defer(() => timer(1000, module.scheduler).pipe(mergeMap(() => opened.udp(module)), mergeMap(there)))),
      ),
    );
    expect(log).toEqual(['ping']);
    expect(modes).toEqual(['AT+CIPRECVMODE=1', 'AT+CIPRECVMODE=0']);
  });
});
