import { catchError, concatMap, dematerialize, EMPTY, finalize, materialize, mergeMap, Observable, Subject } from 'rxjs';
import type { Connection, Transport } from '../../../lib/transport.js';

/** A host that is attached to the module's line. */
export interface AttachedHost {
  /** Takes bytes from the module. */
  take(bytes: Uint8Array): void;
}

/** A running module whose line is given to one host after another. What it says while none is attached is lost, as on a wire. */
export interface ServedModule {
  attach(host: AttachedHost): void;
  detach(): void;
  /** Whether a host is attached. */
  readonly attached: boolean;
  /** Holds the module's output back while the host takes none. */
  hold(on: boolean): void;
  /** Hands bytes of a host to the module, after those before them; `done` is called when it took them. */
  give(bytes: Uint8Array, done: () => void): void;
}

/** Gives the module's line out: emits where it is found, or fails, and returns what to undo at the end. */
export type Serve<T> = (module: ServedModule, emit: (value: T) => void, fail: (error: unknown) => void) => () => void;

const servedLine = <T>(connection: Connection, serve: Serve<T>): Observable<T> =>
  new Observable<T>((subscriber) => {
    let host: AttachedHost | undefined;
    const hold = (on: boolean): void => {
      connection.hold?.(on);
    };
    const given = new Subject<{ readonly bytes: Uint8Array; readonly done: () => void }>();
    // A line that fails says so on `incoming`.
    subscriber.add(given.pipe(concatMap(({ bytes, done }) => connection.write(bytes).pipe(catchError(() => EMPTY), finalize(done)))).subscribe());
    const module: ServedModule = {
      attach: (next) => {
        host = next;
      },
      detach: () => {
        host = undefined;
        hold(false);
      },
      get attached() {
        return host !== undefined;
      },
      hold,
      give: (bytes, done) => {
        given.next({ bytes, done });
      },
    };
    subscriber.add(serve(module, (value) => { subscriber.next(value); }, (error) => { subscriber.error(error); }));
    subscriber.add(
      connection.incoming.subscribe({
        next: (bytes) => host?.take(bytes),
        error: (error: unknown) => { subscriber.error(error); },
        complete: () => { subscriber.complete(); },
      }),
    );
  });

/** Opens `emulator` and serves its line; errors and completes with the line, unsubscribing undoes what `serve` did and closes the emulator. */
export const servedModule = <T>(emulator: Transport, serve: Serve<T>): Observable<T> =>
  emulator.open().pipe(
    mergeMap((connection) => servedLine(connection, serve).pipe(materialize())),
    // The end of the line ends all, although a transport stays silent after its connection.
    dematerialize(),
  );
