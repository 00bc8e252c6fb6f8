import { type SchedulerLike, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { fromBytes } from '../../operators/fromBytes.js';
import type { QuietLine } from './quietLine.js';
import type { Request } from './request.js';
import { writePayload } from './writePayload.js';
import type { Writer } from './writer.js';

export interface PayerConfig {
  readonly scheduler: SchedulerLike;
  /** Ends what is being written. */
  readonly life: Subscription;
  readonly writer: Writer;
  readonly silence: QuietLine;
  readonly show: (dir: 'tx', text: string) => void;
}

/** How a payload ended: announced bytes; the failure of a source that fell short; whether the rest was ended by `+++`. */
export interface Paid {
  readonly length: number;
  readonly failure?: AtError;
  readonly escaped: boolean;
}

/** Writes the payloads of commands that got their prompt, one at a time. */
export interface Payer {
  /** `done` is called when every announced byte is written, or when a bulk send was ended before. `unwanted`: a bulk send is ended at once. */
  pay(request: Request, unwanted: boolean, done: (paid: Paid) => void): void;
  /** Ends a bulk send that is being paid by `+++`; nothing else can be ended, so it goes on. */
  quit(): void;
  stop(): void;
}

/** `+++` that completes an announced length is payload. */
const escapeLength = 3;

/** A payer with nothing to write. */
export const createPayer = ({ scheduler, life, writer, silence, show }: PayerConfig): Payer => {
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
        life.add(paying);
      };
      const end = (escaped: boolean, failure?: AtError): void => {
        stop();
        done({ length, escaped, ...(failure === undefined ? {} : { failure }) });
      };
      const escape = (failure?: AtError): void => {
        begin();
        // A broken line ends everything by itself.
        paying.add(silence.escape(() => show('tx', '+++')).subscribe({ error: () => undefined, complete: () => end(true, failure) }));
      };
      const fail = (cause: unknown): void => {
        const failure = isAtError(cause) ? cause : new AtError({ kind: 'send', code: 'source', message: 'the payload broke off', cause, retry: 'unknown' });
        if (owed > 0) escape(failure);
        else end(false, failure);
      };
      if (bulk && unwanted && owed > escapeLength) return escape();
      begin();
      quit = (failure) => {
        if (bulk && owed > escapeLength) escape(failure);
      };
      show('tx', `<${String(length)} bytes>`);
      const source = data ?? new Uint8Array(length);
      paying.add(
        writePayload({
          // In pieces: what was handed to the port cannot be taken back.
          data: bulk && source instanceof Uint8Array ? fromBytes(source) : source,
          length,
          write: writer.write,
          wrote: (bytes) => (owed -= bytes),
          ends: bulk ? escapeLength : Infinity,
          patience: declared.timeout(params),
          scheduler,
        }).subscribe({ error: fail, complete: () => end(false) }),
      );
    },
    quit: () => quit(),
    stop,
  };
};
