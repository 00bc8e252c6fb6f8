import { Observable } from 'rxjs';
import type { Frame, FramerInstruction } from '../../operators/frame.js';
import { frames } from '../../operators/frames.js';
import type { ModuleSettings } from '../command/command.js';
import type { Dialect } from '../dialects/dialect.js';
import { headsOf, opaqueOf } from './heads.js';
import { isInterim } from './interim.js';

export interface FrameReader {
  dialect(): Dialect;
  settings(): ModuleSettings;
  /** After the frames of a chunk, with how many they were. */
  arrived(bytes: number, framed: number): void;
}

/** Frames of a line, with what tells that bytes came which make none yet. Cold. */
export const readFrames = (source: Observable<Uint8Array>, control: Observable<FramerInstruction>, reader: FrameReader): Observable<Frame> =>
  new Observable<Frame>((subscriber) => {
    let framed = 0;
    const interim = (bytes: Uint8Array): boolean => isInterim(reader.dialect(), bytes, reader.settings());
    const touched = new Observable<Uint8Array>((inner) =>
      source.subscribe({
        next: (chunk) => {
          framed = 0;
          inner.next(chunk);
          reader.arrived(chunk.length, framed);
        },
        error: (cause: unknown) => inner.error(cause),
        complete: () => inner.complete(),
      }),
    );
    return touched.pipe(frames({ heads: headsOf(reader.dialect(), reader.settings()), opaque: opaqueOf(reader.dialect()), interim }, control)).subscribe({
      next: (frame) => {
        framed += 1;
        subscriber.next(frame);
      },
      error: (cause: unknown) => subscriber.error(cause),
      complete: () => subscriber.complete(),
    });
  });
