import { concat, defer, EMPTY, Observable, ReplaySubject, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import { createEscapeGuard, type GuardedWrite } from '../../operators/escapeGuard.js';
import { trampoline } from '../../operators/trampoline.js';
import { streamOver } from './lineErrors.js';
import type { QuietLine } from './quietLine.js';
import type { Writer } from './writer.js';

/** Bytes that may wait for the line. */
const ahead = 2048;

export interface RawWritesConfig {
  readonly scheduler: SchedulerLike;
  /** Ends what is being written. */
  readonly work: Subscription;
  readonly writer: Writer;
  readonly silence: QuietLine;
  readonly lineTime: (bytes: number) => number;
  readonly show: (dir: 'tx', text: string) => void;
  /** False: whoever writes comes too late. */
  readonly open: () => boolean;
  /** Nothing waits any more. */
  readonly idle: () => void;
}

/** The user's writes into a raw stream, one after the other. */
export interface RawWrites {
  /** Cold; queues on subscribe. Unsubscribing takes back what has not been begun. */
  write(bytes: Uint8Array): Observable<never>;
  /** The line is being left: what has not been begun fails, what has been is hurried. Then the line is idle. */
  conclude(): void;
  /** Nothing goes out any more, what was begun included. */
  fail(error: AtError): void;
}

interface Task {
  readonly bytes: Uint8Array;
  readonly subscriber: Subscriber<never>;
}

/** Nothing waits. */
export const createRawWrites = ({ scheduler, work, writer, silence, lineTime, show, open, idle }: RawWritesConfig): RawWrites => {
  const guard = createEscapeGuard();
  const hurry = new ReplaySubject<void>(1);
  let queue: Task[] = [];
  let active: Task | undefined;

  const piece = (part: GuardedWrite): Observable<never> =>
    concat(
      // What the module does not take yet would swallow the pause.
      part.apart ? silence.patient(hurry) : EMPTY,
      writer.write(part.bytes),
      defer(() => {
        guard.wrote(part);
        return EMPTY;
      }),
    );
  const room = defer(() => silence.wait(writer.clearAt - scheduler.now() - lineTime(ahead)));

  const step = trampoline(() => {
    if (active !== undefined || work.closed) return;
    const task = queue.shift();
    if (task === undefined) return idle();
    active = task;
    const done = (end: () => void): void => {
      active = undefined;
      end();
      step();
    };
    show('tx', `<${String(task.bytes.length)} bytes>`);
    // Not tied to the subscriber: what was begun goes out whole.
    work.add(
      concat(...guard.plan(task.bytes).map(piece), room).subscribe({
        error: (error: unknown) => done(() => task.subscriber.error(error)),
        complete: () => done(() => task.subscriber.complete()),
      }),
    );
  });
  const drop = (error: AtError): void => {
    for (const { subscriber } of queue.splice(0)) subscriber.error(error);
  };

  return {
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        if (!open()) return subscriber.error(streamOver());
        if (bytes.length === 0) return subscriber.complete();
        const task = { bytes, subscriber };
        queue.push(task);
        step();
        return () => {
          queue = queue.filter((other) => other !== task);
        };
      }),
    conclude: () => {
      hurry.next();
      drop(streamOver());
      step();
    },
    fail: (error) => {
      active?.subscriber.error(error);
      drop(error);
    },
  };
};
