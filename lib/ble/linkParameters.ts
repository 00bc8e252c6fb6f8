import { filter, ignoreElements, map, merge, mergeMap, type Observable, of, take, throwError, timeout } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { type EventDeclaration, ofEvent } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';

/** How often two sides meet, as it is asked for. */
export interface BleParameters {
  /** Least time from one connection event to the next in ms, 7.5 to 4000, in steps of 1.25. */
  readonly minInterval: number;
  /** Most time, likewise. Default: `minInterval`. */
  readonly maxInterval?: number;
  /** Connection events that the peripheral may sleep through, 0 to 499. Default 0. */
  readonly latency?: number;
  /** Silence in ms after which the connection is lost: 100 to 32000 in steps of 10, and more than twice `maxInterval` for each event that may be slept through and the next. Default 5000. */
  readonly timeout?: number;
}

/** How often two sides meet. Times in ms. */
export interface BleParametersInForce {
  readonly interval: number;
  readonly latency: number;
  readonly timeout: number;
}

/** Milliseconds of a unit on the wire. */
export const units = { interval: 1.25, timeout: 10 } as const;

/** How long a peer may take to agree, in ms: an ATT transaction has 30 s. */
const patience = 30_000;

/** Something that both sides must agree to. */
interface Negotiation<F, T> {
  readonly ask: Observable<unknown>;
  /** The event that tells the outcome. */
  readonly said: EventDeclaration<F>;
  /** Of the event: what is in force, or why it stays as it was; `undefined` where it tells of something else. */
  readonly outcome: (fields: F) => T | AtError | undefined;
  /** Asks the module itself. */
  readonly query: () => Observable<T>;
}

/** OK says only that it was asked for; where no word follows, the query tells. */
const negotiate = <F extends { readonly connection: number }, T>(module: AtModule, connection: number, { ask, said, outcome, query }: Negotiation<F, T>): Observable<T> => {
  const told = module.events.pipe(
    ofEvent(said),
    filter(({ fields }) => fields.connection === connection),
    map(({ fields }) => outcome(fields)),
    filter((found) => found !== undefined),
  );
  return merge(told, ask.pipe(ignoreElements())).pipe(
    take(1),
    timeout({ first: patience, scheduler: module.scheduler, with: query }),
    mergeMap((found) => (isAtError(found) ? throwError(() => found) : of(found))),
  );
};

const refused = (connection: number, what: string, details: object): AtError =>
  new AtError({ kind: 'link', code: 'refused', message: `the peer does not agree to ${what}`, details: { connection, ...details } });

/** What the module says of one connection. */
const own = <R extends { readonly connection: number }>(rows: Observable<readonly R[]>, connection: number): Observable<R> =>
  rows.pipe(mergeMap((all) => all.filter((row) => row.connection === connection)));

const mtuInForce = (module: AtModule, connection: number): Observable<number> => own(module.exec(ble.mtuQuery), connection).pipe(map(({ mtu }) => mtu));

/** The MTU, agreed to anew where `bytes` are given. */
export const linkMtu = (module: AtModule, connection: number, bytes?: number): Observable<number> =>
  bytes === undefined
    ? mtuInForce(module, connection)
    : negotiate(module, connection, {
        ask: module.exec(ble.mtu, { connection, mtu: bytes }),
        said: events.bleMtu,
        outcome: ({ mtu }) => (mtu < 0 ? refused(connection, `an MTU of ${String(bytes)}`, { mtu: bytes }) : mtu),
        query: () => mtuInForce(module, connection),
      });

const parametersInForce = (module: AtModule, connection: number): Observable<BleParametersInForce> =>
  own(module.exec(ble.connectionParametersQuery), connection).pipe(
    map(({ interval, latency, timeout: silence }) => ({ interval: interval * units.interval, latency, timeout: silence * units.timeout })),
  );

/** The parameters, agreed to anew where some are wanted. */
export const linkParameters = (module: AtModule, connection: number, wanted?: BleParameters): Observable<BleParametersInForce> => {
  if (wanted === undefined) return parametersInForce(module, connection);
  const { latency = 0, timeout: silence = 5000 } = wanted;
  const [minInterval, maxInterval] = [wanted.minInterval, wanted.maxInterval ?? wanted.minInterval].map((ms) => Math.round(ms / units.interval)) as [number, number];
  const asked = { minInterval, maxInterval, latency, timeout: Math.round(silence / units.timeout) };
  // The core specification, Vol 6, Part B, 4.5.2: shorter ones lose the connection between two events.
  const least = Math.floor((2 * (1 + latency) * maxInterval * units.interval) / units.timeout) + 1;
  const fault =
    checkNumber('minInterval', minInterval, 6, 3200) ?? checkNumber('maxInterval', maxInterval, minInterval, 3200) ?? checkNumber('latency', latency, 0, 499) ?? checkNumber('timeout', asked.timeout, Math.max(10, least), 3200);
  if (fault !== undefined) return throwError(() => fault);
  return negotiate(module, connection, {
    ask: module.exec(ble.connectionParameters, { connection, ...asked }),
    said: events.bleParameters,
    outcome: ({ minInterval: min, interval = -1, latency: slept = 0, timeout: lost = 0 }) => {
      if (min < 0) return refused(connection, 'these parameters', { wanted });
      // Those of the beginning of the connection may come late.
      return interval < minInterval || interval > maxInterval ? undefined : { interval: interval * units.interval, latency: slept, timeout: lost * units.timeout };
    },
    query: () => parametersInForce(module, connection),
  });
};
