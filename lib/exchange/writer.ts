import { Observable, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { trampoline } from '../../operators/trampoline.js';
import type { Connection } from '../transport.js';
import { createSilence } from './silence.js';

/**
 * A write that the port has not taken for so long, with its line time, ends the line, in ms: RTS/CTS holds it for good, or nobody is at its other end.
 * Longer than any command waits for its payload to be taken, so that a line that moves again is synchronised instead.
 */
export const stallLimit = 60_000;

/** Writes of one line, one after the other: a transport takes one at a time. */
export interface Writer {
  /** Bytes are on their way to the operating system. */
  readonly busy: boolean;
  /** When the last byte has left the host, as far as its rate tells, in scheduler time. */
  readonly clearAt: number;
  /** Cold: queues on subscribe, completes when the operating system took the bytes. Unsubscribing takes back what has not been begun. No bytes: it is only waited. */
  write(bytes: Uint8Array): Observable<never>;
  /** While it is on, a write may take for ever: whoever listens to a raw stream sets its pace. */
  endure(on: boolean): void;
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

const stalled = (bytes: number): AtError =>
  new AtError({ kind: 'transport', code: 'stalled', message: `the port did not take ${String(bytes)} bytes: flow control holds the line`, retry: 'unknown', details: { bytes } });

/** A writer with nothing to write. */
export const createWriter = ({ connection, scheduler, lineTime, life, idle, failed }: WriterConfig): Writer => {
  const queue: Task[] = [];
  const stall = createSilence(scheduler);
  let active: Task | undefined;
  let enduring = false;
  let clearAt = -Infinity;
  life.add(stall.stop);
  const fail = ({ subscriber }: Task, error: AtError): void => {
    active = undefined;
    stall.stop();
    failed(error);
    subscriber.error(error);
  };
  const watch = (): void => {
    if (active === undefined || enduring || life.closed) return;
    const task = active;
    const { length } = task.bytes;
    stall.start(stallLimit + lineTime(length), () => fail(task, stalled(length)));
  };
  const step = trampoline(() => {
    if (active !== undefined || life.closed) return;
    const task = queue.shift();
    if (task === undefined) return idle();
    const done = (): void => {
      active = undefined;
      stall.stop();
      task.subscriber.complete();
      step();
    };
    if (task.bytes.length === 0) return done();
    active = task;
    // Not tied to the subscriber: the bytes go out whoever waits for it.
    life.add(
      connection.write(task.bytes).subscribe({
        error: (cause: unknown) => fail(task, writeError(cause)),
        complete: () => {
          clearAt = Math.max(clearAt, scheduler.now()) + lineTime(task.bytes.length);
          done();
        },
      }),
    );
    watch();
  });
  return {
    get busy() {
      return active !== undefined || queue.length > 0;
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
    endure: (on) => {
      enduring = on;
      stall.stop();
      watch();
    },
  };
};
