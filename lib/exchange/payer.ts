import { defer, type Observable, type SchedulerLike, Subscription, tap } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { fromBytes } from '../../operators/fromBytes.js';
import type { QuietLine } from './quietLine.js';
import type { Request } from './request.js';
import { createSilence } from './silence.js';
import { pieceLimit, writePayload } from './writePayload.js';
import type { Writer } from './writer.js';

export interface PayerConfig {
  readonly scheduler: SchedulerLike;
  /** Ends what is being written. */
  readonly life: Subscription;
  readonly writer: Writer;
  readonly silence: QuietLine;
  readonly lineTime: (bytes: number) => number;
  readonly show: (dir: 'tx', text: string) => void;
}

/** How a payload ended: announced bytes; the failure of a source that fell short; whether the rest was ended by `+++`; whether the port took no more. */
export interface Paid {
  readonly length: number;
  readonly failure?: AtError;
  readonly escaped: boolean;
  readonly stalled: boolean;
}

/** Writes the payloads of commands that got their prompt, one at a time. */
export interface Payer {
  /** `done` is called when every announced byte is written, when a bulk send was ended before, or when a write took longer than the answer may. `unwanted`: a bulk send is ended at once. */
  pay(request: Request, unwanted: boolean, done: (paid: Paid) => void): void;
  /** Ends a bulk send that is being paid by `+++`; nothing else can be ended, so it goes on. */
  quit(): void;
  stop(): void;
}

/** `+++` that completes an announced length is payload. */
const escapeLength = 3;

/** A payer with nothing to write. */
export const createPayer = ({ scheduler, life, writer, silence, lineTime, show }: PayerConfig): Payer => {
  const stall = createSilence(scheduler);
  let paying = new Subscription();
  let quit: (failure?: AtError) => void = () => undefined;
  const stop = (): void => {
    quit = () => undefined;
    paying.unsubscribe();
  };
  return {
    pay: ({ data, declared, params }, unwanted, done) => {
      const length = Number(params[declared.length ?? 'length'] ?? (data instanceof Uint8Array ? data.length : 0));
      const bulk = declared.phase === 'prompt-stream';
      let owed = length;
      const begin = (): void => {
        stop();
        paying = new Subscription();
        paying.add(stall.stop);
        life.add(paying);
      };
      const end = (how: Partial<Paid>): void => {
        stop();
        done({ length, escaped: false, stalled: false, ...how });
      };
      const failed = (failure?: AtError): Partial<Paid> => (failure === undefined ? {} : { failure });
      const escape = (failure?: AtError): void => {
        begin();
        // A broken line ends everything by itself.
        paying.add(silence.escape(() => show('tx', '+++')).subscribe({ error: () => undefined, complete: () => end({ escaped: true, ...failed(failure) }) }));
      };
      const fail = (cause: unknown): void => {
        const failure = isAtError(cause) ? cause : new AtError({ kind: 'send', code: 'source', message: 'the payload broke off', cause, retry: 'unknown' });
        if (owed > 0) escape(failure);
        else end({ failure });
      };
      if (bulk && unwanted && owed > escapeLength) return escape();
      begin();
      quit = (failure) => {
        if (bulk && owed > escapeLength) escape(failure);
      };
      show('tx', `<${String(length)} bytes>`);
      const given = data ?? new Uint8Array(length);
      // In pieces: what was handed to the port cannot be taken back.
      const source = bulk && given instanceof Uint8Array ? fromBytes(given) : given;
      const patience = declared.timeout(params);
      const longest = patience + lineTime(source instanceof Uint8Array ? length : pieceLimit);
      let writing = false;
      const stalled = (): void => {
        if (writing) end({ stalled: true });
      };
      const write = (bytes: Uint8Array): Observable<never> =>
        defer(() => {
          writing = true;
          stall.touchOrStart(longest, stalled);
          return writer.write(bytes).pipe(tap({ complete: () => (writing = false) }));
        });
      paying.add(
        writePayload({ data: source, length, write, wrote: (bytes) => (owed -= bytes), ends: bulk ? escapeLength : Infinity, patience, scheduler }).subscribe({ error: fail, complete: () => end({}) }),
      );
    },
    quit: () => quit(),
    stop,
  };
};
