import { concat, defer, EMPTY, ignoreElements, type Observable, of, type SchedulerLike, switchMap, takeUntil, timer } from 'rxjs';
import { fromLatin1 } from '../codec/latin1.js';
import type { Connection } from '../transport.js';
import type { Writer } from './writer.js';

/** Quiet on the line that surely is one to the module, which judges by 20 ms. */
export const gap = 40;
/** From `+++` until the module takes a command (document 002 +++), in ms. */
export const escapeRest = 1000;
/** Longest wait for the operating system's word that nothing is left, in ms, where the rate does not ask for more. */
const drainLimit = 1000;

/** Silence on a line, which is what makes `+++` more than three bytes of data. */
export interface QuietLine {
  /** Completes when everything written has left the host and nothing followed for 40 ms. Cold. */
  readonly quiet: Observable<never>;
  /** The same however long the module takes nothing; once `hurry` has emitted, no longer than `quiet`. Cold. */
  patient(hurry: Observable<unknown>): Observable<never>;
  /** Quiet, `+++` alone, quiet; `mark` is called before it is written. Cold; the second after it is not waited for. */
  escape(mark: () => void): Observable<never>;
  /** Cold. */
  wait(ms: number): Observable<never>;
}

/** The silence between the writes of a line. */
export const createQuietLine = (connection: Connection, scheduler: SchedulerLike, writer: Writer): QuietLine => {
  const wait = (ms: number): Observable<never> => (ms > 0 ? timer(ms, scheduler).pipe(ignoreElements()) : EMPTY);
  const drained = (hurry: Observable<unknown>): Observable<never> =>
    defer(() => {
      const left = writer.clearAt - scheduler.now();
      const limit = hurry.pipe(switchMap(() => timer(Math.max(drainLimit, left), scheduler)));
      return connection.drained?.().pipe(takeUntil(limit)) ?? wait(left);
    });
  const patient = (hurry: Observable<unknown>): Observable<never> => concat(writer.write(new Uint8Array(0)), drained(hurry), wait(gap));
  const quiet = patient(of(undefined));
  const marked = (mark: () => void): Observable<never> =>
    defer(() => {
      mark();
      return EMPTY;
    });
  return { quiet, patient, wait, escape: (mark) => concat(quiet, marked(mark), writer.write(fromLatin1('+++')), quiet) };
};
