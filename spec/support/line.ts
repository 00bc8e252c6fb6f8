import { asyncScheduler, concat, defer, ignoreElements, type Observable, of, type SchedulerLike, tap, timer, EMPTY } from 'rxjs';
import type { FramerInstruction } from '../../operators/frame.js';
import { text } from './byteSources.js';

/** The writing side of a line, recorded: `[time, text]` per write, `[time, instruction]` per instruction. */
export interface RecordedLine {
  readonly log: readonly (readonly [time: number, what: string])[];
  readonly write: (bytes: Uint8Array) => Observable<never>;
  readonly control: { next(instruction: FramerInstruction): void };
  readonly drained: () => Observable<never>;
  /** Writes under way, and how often one overlapped another. */
  readonly writing: number;
  readonly overlaps: number;
}

/** `takes` is how long a write takes, in ms. */
export const recordedLine = (scheduler: SchedulerLike = asyncScheduler, takes = 0): RecordedLine => {
  const log: (readonly [number, string])[] = [];
  let writing = 0;
  let overlaps = 0;
  return {
    log,
    get writing() {
      return writing;
    },
    get overlaps() {
      return overlaps;
    },
    write: (bytes) =>
      defer(() => {
        if (writing > 0) overlaps++;
        writing++;
        log.push([scheduler.now(), text(bytes)]);
        const wait = takes > 0 ? timer(takes, scheduler).pipe(ignoreElements()) : EMPTY;
        return concat(wait, of(0).pipe(tap(() => writing--), ignoreElements()));
      }),
    control: {
      next: (instruction) => log.push([scheduler.now(), instruction.do === 'arm' ? `<arm ${instruction.then}>` : `<${instruction.do}>`]),
    },
    drained: () =>
      defer(() => {
        log.push([scheduler.now(), '<drained?>']);
        return EMPTY;
      }),
  };
};
