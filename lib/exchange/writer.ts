import { Observable, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { trampoline } from '../../operators/trampoline.js';
import type { Connection } from '../transport.js';

/** Writes of one line, one after the other: a transport takes one at a time. */
export interface Writer {
  /** Bytes are on their way to the operating system. */
  readonly busy: boolean;
  /** When the last byte has left the host, as far as its rate tells, in scheduler time. */
  readonly clearAt: number;
  /** Cold: queues on subscribe, completes when the operating system took the bytes. Unsubscribing takes back what has not been begun. No bytes: it is only waited. */
  write(bytes: Uint8Array): Observable<never>;
}

export interface WriterConfig {
  readonly connection: Connection;
  readonly scheduler: SchedulerLike;
  readonly lineTime: (bytes: number) => number;
  /** Ends every write. */
  readonly life: Subscription;
  readonly idle: () => void;
  readonly failed: (error: AtError) => void;
}

interface Task {
  readonly bytes: Uint8Array;
  readonly subscriber: Subscriber<never>;
}

const writeError = (cause: unknown): AtError =>
  isAtError(cause, 'transport') ? cause : new AtError({ kind: 'transport', code: 'write', message: 'the line took no more bytes', cause, retry: 'unknown' });

/** A writer with nothing to write. */
export const createWriter = ({ connection, scheduler, lineTime, life, idle, failed }: WriterConfig): Writer => {
  const queue: Task[] = [];
  let busy = false;
  let clearAt = -Infinity;
  const step = trampoline(() => {
    if (busy || life.closed) return;
    const task = queue.shift();
    if (task === undefined) return idle();
    const done = (): void => {
      busy = false;
      task.subscriber.complete();
      step();
    };
    if (task.bytes.length === 0) return done();
    busy = true;
    // Not tied to the subscriber: the bytes go out whoever waits for it.
    life.add(
      connection.write(task.bytes).subscribe({
        error: (cause: unknown) => {
          busy = false;
          const error = writeError(cause);
          failed(error);
          task.subscriber.error(error);
        },
        complete: () => {
          clearAt = Math.max(clearAt, scheduler.now()) + lineTime(task.bytes.length);
          done();
        },
      }),
    );
  });
  return {
    get busy() {
      return busy || queue.length > 0;
    },
    get clearAt() {
      return clearAt;
    },
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        const task = { bytes, subscriber };
        queue.push(task);
        step();
        return () => {
          const at = queue.indexOf(task);
          if (at >= 0) queue.splice(at, 1);
        };
      }),
  };
};
