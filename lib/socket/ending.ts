import { AtError, isAtError } from '../../operators/atError.js';
import type { Followed } from './followLink.js';
import type { Gate } from './gate.js';

/** How the receiving half of a connection ends, once: for its readers, and for whoever opened it. */
export interface Ending extends Pick<Followed, 'fail' | 'end' | 'replaced' | 'stop'> {
  /** Nothing is received any more. */
  readonly over: boolean;
  /** Ends with what a command failed with. */
  broken(cause: unknown): void;
}

export interface EndingConfig {
  readonly gate: Pick<Gate<unknown>, 'end'>;
  /** Stops receiving; `all`: even what was begun and cannot be recalled. */
  readonly halt: (all: boolean) => void;
  /** Of errors. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Everything was read. */
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
}

/** The end of one receiver. */
export const createEnding = ({ gate, halt, details, ended, failed }: EndingConfig): Ending => {
  let over = false;
  const finish = (all: boolean, error?: AtError): void => {
    if (over) return;
    over = true;
    halt(all);
    gate.end(error);
    if (error === undefined) ended();
    else failed(error);
  };
  const fail = (error: AtError): void => finish(true, error);
  return {
    get over() {
      return over;
    },
    fail,
    end: () => finish(true),
    replaced: (error) => finish(false, error),
    broken: (cause) => fail(isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'receive', message: 'receiving failed', cause })),
    stop: () => {
      // What was left to the link's successor is not this receiver's any more.
      const all = !over;
      over = true;
      halt(all);
      gate.end(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details }));
    },
  };
};

/** More came by itself than is held unread; `most` is what is. */
export const unreadOverflow = (most: string, details: Readonly<Record<string, unknown>>): AtError =>
  new AtError({ kind: 'link', code: 'overflow', message: `more than ${most} came unread`, details });
