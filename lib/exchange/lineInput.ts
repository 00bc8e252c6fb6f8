import { merge, type Observable, Subject, tap } from 'rxjs';
import type { Frame, FramerInstruction } from '../../operators/frame.js';
import { type FrameReader, readFrames } from './readFrames.js';

/** What is read of a line: its bytes, cut as it is told to. */
export interface LineInput {
  /** Counts for the very next byte. */
  instruct(instruction: FramerInstruction): void;
  /** What came behind the end of a raw stream: it is read once more, as lines. */
  reread(bytes: Uint8Array): void;
  /** Cold; to be subscribed to once. Ends with the line. */
  frames(reader: FrameReader): Observable<Frame>;
}

/** Nothing is read yet. */
export const createLineInput = (incoming: Observable<Uint8Array>): LineInput => {
  const control = new Subject<FramerInstruction>();
  const again = new Subject<Uint8Array>();
  const bytes = merge(incoming.pipe(tap({ complete: () => again.complete() })), again);
  return {
    instruct: (instruction) => control.next(instruction),
    reread: (taken) => again.next(taken),
    frames: (reader) => readFrames(bytes, control, reader),
  };
};
