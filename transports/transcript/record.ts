import { asyncScheduler, defer, finalize, map, type Observer, type SchedulerLike, Subject, tap } from 'rxjs';
import type { Connection, Transport } from '../../lib/transport.js';
import type { TranscriptEntry } from './entry.js';

/**
 * Replaces the secrets of one chunk, in place of it: the same length keeps a transcript replayable. Empty means nothing is recorded.
 * What it keeps back, because a secret may begin there, it gives away in `flush`, when the other side speaks and at the end.
 */
export interface Redact {
  (bytes: Uint8Array, dir: 'tx' | 'rx'): Uint8Array;
  flush?(dir: 'tx' | 'rx'): Uint8Array;
}

/** How what passes becomes entries. */
export interface RecordConfig {
  /** Recorded first on each open. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Sees every chunk before it is recorded, never the line itself: `captureRedactor()` of the SDK, or `none` where the line holds no secret. */
  readonly redact: Redact | 'none';
  /** Whose `now()` measures the waits. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** Shorter waits, in milliseconds, say more about the machine that records than about the line. */
const SHORTEST_WAIT_MS = 5;

/**
 * A transport that does as `transport` and tells `sink` what passes. `open()` stays cold: each one is a transcript of its own, which begins with
 * the context, and ends (`complete` of the sink) when that open ends. Bytes are recorded when `write()` is subscribed and when a chunk is received,
 * before its subscriber sees it; recorded bytes are copies. Unsubscribing, errors and the other members of the connection are those of `transport`.
 */
export const record = (
  transport: Transport,
  sink: Partial<Observer<TranscriptEntry>> | ((entry: TranscriptEntry) => void),
  config: RecordConfig,
): Transport => {
  const told = typeof sink === 'function' ? { next: sink } : sink;
  const { context, scheduler = asyncScheduler } = config;
  const redact: Redact = config.redact === 'none' ? (bytes) => bytes : config.redact;

  const flush = (entries: Observer<TranscriptEntry>, dir: 'tx' | 'rx'): void => {
    const rest = redact.flush?.(dir);
    if (rest !== undefined && rest.length > 0) entries.next({ dir, bytes: rest });
  };

  const recorded = (connection: Connection, entries: Observer<TranscriptEntry>): Connection => {
    let last = scheduler.now();
    const note = (dir: 'tx' | 'rx', bytes: Uint8Array) => {
      flush(entries, dir === 'tx' ? 'rx' : 'tx');
      const shown = redact(bytes.slice(), dir);
      if (shown.length === 0) return;
      const now = scheduler.now();
      const ms = Math.round(now - last);
      last = now;
      if (ms >= SHORTEST_WAIT_MS) entries.next({ dir: 'wait', ms });
      entries.next({ dir, bytes: shown });
    };
    const { hold, drained, control } = connection;
    const wrapped: Connection = {
      incoming: connection.incoming.pipe(tap((chunk) => note('rx', chunk))),
      write: (bytes) =>
        defer(() => {
          note('tx', bytes);
          return connection.write(bytes);
        }),
      ...(hold ? { hold: (on: boolean) => hold.call(connection, on) } : {}),
      ...(drained ? { drained: () => drained.call(connection) } : {}),
      ...(control ? { control } : {}),
    };
    // Asked anew each time: the rate changes while the line is open.
    return connection.baud === undefined ? wrapped : { ...wrapped, get baud() { return connection.baud ?? NaN; } };
  };

  return {
    open: () =>
      defer(() => {
        const entries = new Subject<TranscriptEntry>();
        entries.subscribe({
          next: (entry) => told.next?.(entry),
          error: (cause) => told.error?.(cause),
          complete: () => told.complete?.(),
        });
        if (context) entries.next({ dir: 'context', context });
        return transport.open().pipe(
          map((connection) => recorded(connection, entries)),
          finalize(() => {
            flush(entries, 'tx');
            flush(entries, 'rx');
            entries.complete();
          }),
        );
      }),
  };
};
