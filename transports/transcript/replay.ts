import { asyncScheduler, from, Observable, type ObservableInput, type SchedulerLike, Subscription, switchMap, toArray } from 'rxjs';
import type { AtError, Connection, Transport } from '../../lib/transport.js';
import { inlet } from '../line/inlet.js';
import { lostLine } from '../line/lineError.js';
import { writer } from '../line/writer.js';
import type { TranscriptEntry } from './entry.js';
import { expectation } from './expectation.js';
import type { Redact } from './record.js';

/** By which clock a transcript is played, and what follows it. */
export interface ReplayConfig {
  /** Carries every chunk and every wait. Default `asyncScheduler`; a virtual one replays hours at once. */
  readonly scheduler?: SchedulerLike;
  /** Whether to wait as long as the recording did. Default true. */
  readonly waits?: boolean;
  /** What happens after the last entry: `incoming` completes (default), or the line stays open and silent. */
  readonly then?: 'complete' | 'silence';
  /** The function the transcript was recorded with: written secrets are masked before they are compared, and in errors. */
  readonly redact?: Redact;
}

/** One run through the entries. */
const script = (entries: readonly TranscriptEntry[], config: ReplayConfig): { readonly connection: Connection; stop(): void } => {
  const { scheduler = asyncScheduler, waits = true, then = 'complete', redact = (bytes) => bytes } = config;
  const expected = expectation(entries);
  const timers = new Subscription();
  const gate = inlet(() => undefined);
  let at = 0;
  let parked = false;
  let failed: AtError | undefined;
  let answer: ((error?: AtError) => void) | undefined;

  const later = (what: () => void, ms = 0) => timers.add(scheduler.schedule(what, ms));
  const run = () => {
    parked = false;
    for (; at < entries.length && !failed; at += 1) {
      const entry = entries[at]!;
      if (entry.dir === 'rx') gate.push(entry.bytes.slice());
      if (entry.dir === 'tx' && expected.met < expected.until(at)) {
        parked = true;
        return;
      }
      if (entry.dir === 'wait' && waits) {
        at += 1;
        later(run, entry.ms);
        return;
      }
    }
    if (then === 'complete' && !failed) gate.complete();
  };
  const write = writer((bytes, done) => {
    failed ??= expected.take(redact(bytes.slice(), 'tx'));
    answer = done;
    later(() => {
      settle();
      if (failed) gate.fail(failed);
      else if (parked) run();
    });
  });

  const settle = () => {
    const done = answer;
    answer = undefined;
    done?.(failed);
  };

  later(run);
  const stop = () => {
    failed ??= lostLine('the transcript');
    timers.unsubscribe();
    settle();
    gate.complete();
  };
  return { connection: { incoming: gate.incoming, hold: gate.hold, write }, stop };
};

/**
 * A line that plays a transcript: what was received then is received now, each time after the bytes written before it were written again,
 * however they are cut. Writing ahead of the script is allowed.
 *
 * `open()` is cold: each subscription reads `entries` and plays them from the start; unsubscribing stops. Errors of `entries` (`decode`, from
 * `parseTranscript`) come out of `open()`. A write that differs errors `transport`/`mismatch`, and `incoming` with it: `details.entry` is the
 * index of the entry, `offset` counts written bytes, `expected` and `actual` show the place as escaped text. Nothing is written anywhere.
 */
export const replay = (entries: ObservableInput<TranscriptEntry>, config: ReplayConfig = {}): Transport => ({
  open: () =>
    from(entries).pipe(
      toArray(),
      switchMap(
        (all) =>
          new Observable<Connection>((subscriber) => {
            const { connection, stop } = script(all, config);
            subscriber.add(stop);
            subscriber.next(connection);
          }),
      ),
    ),
});
