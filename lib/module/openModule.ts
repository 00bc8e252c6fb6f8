import { asyncScheduler, concat, defer, EMPTY, Observable, ReplaySubject, Subscription } from 'rxjs';
import type { Transport } from '../transport.js';
import type { AtModule } from './atModule.js';
import type { ModuleConfig } from './moduleConfig.js';
import { openSession, type Session } from './session.js';

/** Orderly ends that are still going on: a reopen of the same transport waits for them. */
const closing = new WeakMap<Transport, Observable<never>>();

/**
 * Opens a module. Cold: on subscribe it opens the port, synchronises, sets the module up and emits it once; it stays open until
 * unsubscribed or `close()`d, which closes links, MQTT client and port in the background within 2 s (a reopen of the same transport waits for that).
 * A restart of the firmware keeps the module. Errors: `transport` (open, lost, write, stalled: no byte was taken for a minute), `module` (no-answer, lost), `unsupported` (no ESP-AT firmware).
 */
export const openModule = (transport: Transport, config: ModuleConfig = {}): Observable<AtModule> =>
  new Observable<AtModule>((subscriber) => {
    const { scheduler = asyncScheduler } = config;
    const closed = new ReplaySubject<never>(1);
    // The port outlives its user by the orderly end.
    const port = new Subscription();
    let session: Session | undefined;
    const close = (): Observable<never> =>
      defer(() => {
        subscriber.complete();
        return closed;
      });
    const release = (): void => {
      port.unsubscribe();
      if (closing.get(transport) === closed) closing.delete(transport);
      closed.complete();
    };
    const failed = (error: unknown): void => subscriber.error(error);
    const connections = defer(() => concat(closing.get(transport) ?? EMPTY, transport.open()));
    port.add(
      connections.subscribe({
        next: (connection) => {
          session = openSession(connection, config, scheduler, close, { opened: (module) => subscriber.next(module), failed });
        },
        error: failed,
      }),
    );
    return () => {
      if (session === undefined) return release();
      closing.set(transport, closed);
      session.shutdown().subscribe({ error: release, complete: release });
    };
  });
