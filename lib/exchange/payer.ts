import { type Observable, type SchedulerLike, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { Request } from './request.js';
import { writePayload } from './writePayload.js';

export interface PayerConfig {
  readonly scheduler: SchedulerLike;
  /** Ends what is being written. */
  readonly life: Subscription;
  readonly write: (bytes: Uint8Array) => Observable<never>;
  readonly show: (dir: 'tx', text: string) => void;
}

/** Writes the payloads of commands that got their prompt, one at a time. */
export interface Payer {
  /** `done` is called when every announced byte is written, with their number and the failure of a source that had to be filled up. */
  pay(request: Request, done: (length: number, failure?: AtError) => void): void;
  stop(): void;
}

/** A payer with nothing to write. */
export const createPayer = ({ scheduler, life, write, show }: PayerConfig): Payer => {
  let paying = new Subscription();
  return {
    pay: ({ data, declared, params }, done) => {
      const length = Number(params[declared.length ?? 'length'] ?? (data instanceof Uint8Array ? data.length : 0));
      show('tx', `<${String(length)} bytes>`);
      paying = new Subscription();
      life.add(paying);
      paying.add(
        writePayload({ data: data ?? new Uint8Array(length), length, write, patience: declared.timeout(params), scheduler }).subscribe({
          error: (cause: unknown) => done(length, isAtError(cause) ? cause : new AtError({ kind: 'send', code: 'source', message: 'the payload broke off', cause, retry: 'unknown' })),
          complete: () => done(length),
        }),
      );
    },
    stop: () => paying.unsubscribe(),
  };
};
