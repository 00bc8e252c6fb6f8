import { type Observable, Subject, type Subscription, takeUntil } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { probe } from '../commands/basic.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { foundConnections } from './foundConnections.js';

/** A connection, from being open to its end. */
export interface PeerLife {
  /** Set once it has ended. */
  readonly failure: unknown;
  /** The same Observable for as long as the connection lasts: then it errors as the connection did, before a byte is sent where it comes later. */
  guard<T>(source: Observable<T>): Observable<T>;
  /** Ends it: whatever is guarded errors. */
  end(error: unknown): void;
}

export const lostPeer = (connection: number, address: string): AtError =>
  new AtError({ kind: 'link', code: 'lost', message: `the connection to ${address} is gone`, retry: 'safe', details: { connection, address } });

export const leftPeer = (connection: number, address: string): AtError =>
  new AtError({ kind: 'link', code: 'closed', message: `the connection to ${address} was left`, details: { connection, address } });

/** Watches an open connection; `ended` is told once, after everything that is guarded. */
export const peerLife = (module: AtModule, connection: number, address: string, ended: (error: unknown) => void): PeerLife => {
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
    next: ({ name, fields }) => {
      if (name === events.bleDisconnected.name && fields['connection'] === connection) end(lostPeer(connection, address));
      else if (name === 'ready') end(new AtError({ kind: 'module', code: 'reset', message: `the module restarted: the connection to ${address} is lost`, retry: 'safe' }));
    },
    error: closed,
    complete: closed,
  });
  // During a raw stream the module says nothing of it.
  watch.add(
    foundConnections(module).subscribe({
      next: (open) => {
        if (!open.some((found) => found.connection === connection)) end(lostPeer(connection, address));
      },
      error: () => undefined,
    }),
  );
  return {
    get failure() {
      return failure;
    },
    guard: <T>(source: Observable<T>) => source.pipe(takeUntil(over)),
    end,
  };
};
