import { type Observable, Subject, type Subscription, takeUntil } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { AtEvent } from '../command/index.js';
import { probe } from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';

/** A connection, from being open to its end. */
export interface ConnectionLife {
  /** Set once it has ended. */
  readonly failure: unknown;
  /** The same Observable for as long as the connection lasts: then it errors as the connection did, before a byte is sent where it comes later. */
  guard<T>(source: Observable<T>): Observable<T>;
  /** Ends it: whatever is guarded errors. */
  end(error: unknown): void;
}

export interface ConnectionLifeConfig {
  readonly address: string;
  /** Whether the module says of this one that it is gone. */
  readonly isGone: (event: AtEvent) => boolean;
  readonly lost: () => AtError;
  /** Emits when it was found gone otherwise. */
  readonly missed?: Observable<unknown>;
  /** Told once, after everything that is guarded. */
  readonly ended: (error: unknown) => void;
}

/** Watches an open connection. */
export const connectionLife = (module: AtModule, { address, isGone, lost, missed, ended }: ConnectionLifeConfig): ConnectionLife => {
  const over = new Subject<never>();
  let failure: unknown;
  let watch: Subscription | undefined = undefined;
  const end = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = error;
    watch?.unsubscribe();
    over.error(error);
    ended(error);
  };
  // Only a command tells why the events have ended.
  const closed = (): void => void module.exec(probe).subscribe({ error: end });
  watch = module.events.subscribe({
    next: (event) => {
      if (isGone(event)) end(lost());
      else if (event.name === 'ready') end(new AtError({ kind: 'module', code: 'reset', message: `the module restarted: the connection to ${address} is lost`, retry: 'safe' }));
    },
    error: closed,
    complete: closed,
  });
  watch.add(missed?.subscribe({ next: () => end(lost()), error: () => undefined }));
  return {
    get failure() {
      return failure;
    },
    guard: <T>(source: Observable<T>) => source.pipe(takeUntil(over)),
    end,
  };
};
