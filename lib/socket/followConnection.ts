import { concat, defer, EMPTY, finalize, type Observable, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { probe } from '../commands/basic.js';
import type { AtEvent } from '../command/event.js';
import type { AtModule } from '../module/atModule.js';
import type { Liveness } from './liveness.js';

/** What ends with a connection. */
export interface EndedWith {
  fail(error: AtError): void;
  /** The user closed: what was not read is given up. */
  end(): void;
  stop(): void;
}

export interface FollowConfig {
  readonly module: AtModule;
  readonly live: Liveness;
  readonly receiver: EndedWith;
  /** Of errors. */
  readonly details: () => Readonly<Record<string, unknown>>;
  /** What is said of a restart. */
  readonly restarted: string;
  /** What the module says of this connection, among others. */
  readonly heard: (event: AtEvent) => void;
}

/** A connection that is followed, and both ways of giving it up. */
export interface FollowedConnection {
  /** Unsubscribed when it is not followed any more. */
  readonly life: Subscription;
  /** Closes it; completes when the module has closed it. Cold. */
  readonly end: Observable<never>;
  /** Fails readers, closes the connection where it is still open, stops following it. Cold; does so once. */
  readonly release: Observable<never>;
}

/** Follows one connection to its end, the module's restart, or the module's end. */
export const followConnection = ({ module, live, receiver, details, restarted, heard }: FollowConfig): FollowedConnection => {
  const life = new Subscription();
  let given = false;
  const onEvent = (event: AtEvent): void => {
    if (event.name !== 'ready') return heard(event);
    const error = new AtError({ kind: 'module', code: 'reset', message: restarted, retry: 'unknown', details: details() });
    live.over(error);
    receiver.fail(error);
  };
  /** The module ended: whatever a command would fail with now is what readers get. */
  const gone = (): void => {
    live.over();
    const closed = new AtError({ kind: 'link', code: 'closed', message: 'the connection is closed', details: details() });
    module.exec(probe).subscribe({ error: (cause: unknown) => receiver.fail(isAtError(cause) ? cause : closed) });
  };
  life.add(module.events.subscribe({ next: onEvent, error: gone, complete: gone }));
  return {
    life,
    end: concat(
      live.close,
      defer(() => {
        receiver.end();
        return EMPTY;
      }),
    ),
    release: defer(() => {
      if (given) return EMPTY;
      given = true;
      receiver.stop();
      // Until it is closed its events count: a successor must not be closed in its place.
      return live.close.pipe(
        finalize(() => {
          life.unsubscribe();
          live.over();
        }),
      );
    }),
  };
};
