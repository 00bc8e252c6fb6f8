import {
  asyncScheduler, concat, defer, dematerialize, exhaustMap, filter, ignoreElements, interval, map, materialize, merge, mergeMap, NEVER, type Observable,
  of, type OperatorFunction, pipe, type SchedulerLike, switchMap, take, takeUntil, tap, timer, toArray,
} from 'rxjs';
import { type AtModule, commands, openModule, scan, type Socket, station, tcp } from 'rx-esp-at';
import type { ByteSource } from 'rx-esp-at/operators';
import type { Line } from './line.js';
import { type Average, monitor } from './pipeline.js';
import { Tally } from './reading.js';
import type { Sensor, SensorFacts, Station } from './sensor.js';

/** How far it is. Bytes, and the latest average in °C. */
export interface Progress {
  readonly readings: number;
  readonly total: number;
  readonly celsius: number;
  /** Bytes that the module holds unread, as it says itself. */
  readonly unread: number;
  readonly heldBack: number;
}

/** What was measured. Bytes and milliseconds. */
export interface Report {
  readonly emulated: boolean;
  readonly total: number;
  readonly readings: number;
  readonly checksum: string;
  readonly averages: number;
  readonly sensor: SensorFacts;
  /** What a link of this firmware buffers, and the most that was seen in it. */
  readonly window: number;
  readonly mostUnread: number;
  /** The most bytes that were read from the module and had not been through the sink. */
  readonly mostWaiting: number;
  readonly took: number;
}

/** What the demo tells while it runs. */
export type Step =
  | { readonly kind: 'doing'; readonly text: string }
  | { readonly kind: 'fact'; readonly label: string; readonly text: string }
  | ({ readonly kind: 'progress' } & Progress)
  | ({ readonly kind: 'report' } & Report);

const readingsPerAverage = 50;
const chunk = 1024;
/** How long the sink takes for an average: the slowest part, by far. */
const sinkTime = 40;
const lookEvery = 100;

const doing = (text: string): Observable<Step> => of({ kind: 'doing', text });
const fact = (label: string, text: string): Step => ({ kind: 'fact', label, text });

/** Uses a resource, an Observable that emits a handle and stays; ends with what `use` makes of it. */
export const during = <T, R>(use: (handle: T) => Observable<R>): OperatorFunction<T, R> =>
  pipe(switchMap((handle: T) => use(handle).pipe(materialize())), dematerialize());

const receive = (module: AtModule, socket: Socket, sensor: Sensor, { total, emulated }: Line, scheduler: SchedulerLike): Observable<Step> => {
  const tally = new Tally();
  const start = scheduler.now();
  let averages = 0;
  let read = 0;
  let unread = 0;
  let mostUnread = 0;
  let mostWaiting = 0;

  const counted: ByteSource = {
    read: (max) =>
      socket.read(max).pipe(
        tap(({ length }) => {
          read += length;
          mostWaiting = Math.max(mostWaiting, read - tally.bytes);
        }),
      ),
  };
  const slowSink = ({ celsius, readings }: Average): Observable<Step> =>
    timer(sinkTime, scheduler).pipe(
      map(() => {
        for (const { line } of readings) tally.add(line);
        averages += 1;
        return { kind: 'progress', readings: tally.count, total, celsius, unread, heldBack: sensor.facts().heldBack } as const;
      }),
    );
  // Commands go on while the socket is read: ask the module how much it holds.
  const looking = interval(lookEvery, scheduler).pipe(
    exhaustMap(() => module.exec(commands.tcpip.receiveLengths)),
    tap((lengths) => {
      unread = Math.max(0, lengths[socket.link] ?? 0);
      mostUnread = Math.max(mostUnread, unread);
    }),
    ignoreElements(),
  );
  const report = (): Step => ({
    kind: 'report', emulated, total, readings: tally.count, checksum: tally.checksum, averages, sensor: sensor.facts(),
    window: module.dialect.capabilities.receiveWindow, mostUnread, mostWaiting, took: scheduler.now() - start,
  });

  const readings = monitor(counted, readingsPerAverage, chunk, slowSink);
  const whole = concat(readings, defer(() => of(report())));
  return merge(whole.pipe(materialize()), looking).pipe(dematerialize());
};

const identify = ({ firmware, dialect }: AtModule): Step => {
  const product = firmware.product === undefined ? '' : ` for ${firmware.product}`;
  return fact('firmware', `ESP-AT ${firmware.version}${product}, dialect ${dialect.name}`);
};

const look = (module: AtModule): Observable<Step> =>
  scan(module).pipe(
    toArray(),
    map((found) => {
      const names = found.map(({ ssid = '(no name)', channel, rssi }) => `${ssid} (channel ${String(channel)}, ${String(rssi)} dBm)`);
      return fact('scan', `${String(found.length)} access point${found.length === 1 ? '' : 's'}: ${names.join(', ')}`);
    }),
  );

const join = (module: AtModule, { join: params }: Line): Observable<Station> =>
  station(module, params).pipe(
    filter((state) => state.state === 'got-ip'),
    take(1),
  );

const visit = (module: AtModule, line: Line, scheduler: SchedulerLike): Observable<Step> => {
  const stream = (where: Station): Observable<Step> =>
    line.sensor(where).pipe(
      during((sensor) =>
        concat(
          doing('connecting'),
          tcp(module, { host: sensor.host, port: sensor.port }).pipe(
            during((socket) =>
              concat(of(fact('socket', `TCP to ${sensor.host}:${String(sensor.port)} on link ${String(socket.link)}`)), receive(module, socket, sensor, line, scheduler)),
            ),
          ),
        ),
      ),
    );
  return concat(
    of(identify(module)),
    doing('scanning'),
    look(module),
    doing(`joining ${line.join.ssid}`),
    join(module, line).pipe(mergeMap((where) => concat(of(fact('join', `${line.join.ssid}, address ${where.address ?? 'unknown'}`)), stream(where)))),
  );
};

/** The whole demo over one line; it has closed everything when it completes. `stop` ends it early, in order. */
export const tour = (line: Line, stop: Observable<unknown> = NEVER, scheduler: SchedulerLike = asyncScheduler): Observable<Step> =>
  defer(() => {
    let opened = false;
    const opening = openModule(line.transport, { scheduler }).pipe(
      tap(() => (opened = true)),
      switchMap((module) => concat(visit(module, line, scheduler).pipe(takeUntil(stop)), module.close())),
      // An open module is closed by its own `close()`, which tells when the port is free.
      takeUntil(stop.pipe(filter(() => !opened))),
    );
    return concat(of(fact('line', line.about)), doing('opening'), opening);
  });
