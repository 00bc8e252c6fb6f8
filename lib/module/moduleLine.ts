import { defer, EMPTY, filter, ignoreElements, merge, Observable, Subject, take, tap } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import type { Exchange } from '../exchange/exchange.js';
import type { Connection, SerialControl } from '../transport.js';
import { type Exec, execute } from './execute.js';

/** What work that has the line to itself gets. */
export interface LineAlone {
  /** As that of the module, but it does not wait for the end of the work. */
  readonly exec: Exec;
  /** Emits when the module is being closed: the work has what is left of two seconds to end in order. */
  readonly leaving: Observable<void>;
}

/** The line under the commands, for features that change it or that the module allows no other command beside. */
export interface ModuleLine {
  /** Bits per second now; `undefined` where the line has no rate. */
  readonly baud: number | undefined;
  /** Rate and modem lines of the host's side; `undefined` where the transport has none. */
  readonly control: SerialControl | undefined;
  /**
   * Cold. From its subscription to its end no command of anyone else is begun; they wait. Subscribed to in the completion of a command it
   * follows that command at once. Unsubscribing lets the others go on. After a command of the work that got no answer, or where it
   * leaves another AT+CIPMUX behind than it found, the module is set up anew first.
   */
  alone<A>(work: (alone: LineAlone) => Observable<A>): Observable<A>;
  /**
   * Stops the module from printing, answers and events alike, until it is called with `false`; meanwhile no answer is late. Returns false, and does
   * nothing, where the port cannot: it has no `hold`, or is a serial one without RTS/CTS. Whoever stops the line must let it go on.
   */
  hold(on: boolean): boolean;
}

/** The line and its part in the session. */
export interface LineKeeper {
  readonly line: ModuleLine;
  /** The session brings the module into shape: whoever has the line to himself does not resume it. */
  upkeep(): void;
  /** The module is in shape: commands go on, unless somebody has the line to himself. */
  ready(): void;
  /** Tells whoever has the line to himself to end; completes when the line is free. Cold. */
  leave(): Observable<never>;
}

/** `renew` sets the module up anew; it ends with `ready()`. */
export const createModuleLine = (connection: Connection, exchange: Exchange, renew: () => void): LineKeeper => {
  const leaving = new Subject<void>();
  const freed = new Subject<void>();
  let holders = 0;
  let kept = true;
  let closing = false;

  const alone = <A>(work: (alone: LineAlone) => Observable<A>): Observable<A> =>
    new Observable<A>((subscriber) => {
      let suspect = false;
      const noted = tap({ error: (error: unknown) => (suspect ||= isAtError(error) && error.code === 'timeout') });
      const exec: Exec = (command, ...[params, options]) => execute(exchange, command, params ?? {}, { ...options, internal: true, lane: 'prologue' }).pipe(noted) as never;
      holders += 1;
      exchange.pause();
      subscriber.add(defer(() => work({ exec, leaving })).subscribe(subscriber));
      subscriber.add(() => {
        holders -= 1;
        const strayed = holders === 0 && exchange.settings.cipmux !== exchange.expected.cipmux;
        if (strayed && !kept) exchange.tell('unsettled', `AT+CIPMUX=${exchange.expected.cipmux ? '1' : '0'} did not come back: the module is set up anew`);
        // A late answer must not pass for that of the next command.
        if ((suspect || strayed) && !kept) renew();
        else if (holders === 0 && !kept) exchange.resume();
        freed.next();
      });
    });

  return {
    line: {
      get baud() {
        return connection.baud;
      },
      get control() {
        return connection.control;
      },
      alone,
      hold: (on) => !closing && exchange.hold(on),
    },
    upkeep: () => {
      kept = true;
    },
    ready: () => {
      kept = false;
      if (holders === 0) exchange.resume();
    },
    leave: () =>
      defer(() => {
        // A line that stands still answers no farewell.
        exchange.hold(false);
        closing = true;
        if (holders === 0) return EMPTY;
        const free = freed.pipe(
          filter(() => holders === 0),
          take(1),
          ignoreElements(),
        );
        const notice = defer(() => {
          leaving.next();
          return EMPTY;
        });
        return merge(free, notice);
      }),
  };
};
