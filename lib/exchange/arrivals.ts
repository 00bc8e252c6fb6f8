import type { SchedulerLike } from 'rxjs';
import { countLimit } from './answerTime.js';
import { createSilence } from './silence.js';

/** Silence inside an open count after which it is given up, in ms. */
export const stallLimit = 3000;

export interface ArrivalsConfig {
  readonly scheduler: SchedulerLike;
  /** The command under way has a counted answer. */
  readonly counting: () => boolean;
  /** Bytes of the answer came. */
  readonly alive: () => void;
  /** The rest of a count will not come. */
  readonly abandon: () => void;
}

/** Watches bytes arrive that make no frame yet. */
export interface Arrivals {
  /** After the frames of a chunk, with how many they were. */
  arrived(bytes: number, framed: number): void;
  /** A frame of the command under way, or its beginning: what comes after it counts as life again. */
  renew(): void;
  /** While it is on, nothing is missed: the line is held. */
  suspend(on: boolean): void;
  stop(): void;
}

/** Nothing has come yet. */
export const createArrivals = ({ scheduler, counting, alive, abandon }: ArrivalsConfig): Arrivals => {
  const stall = createSilence(scheduler);
  let credit = 0;
  return {
    arrived: (bytes, framed) => {
      // Bytes inside a counted answer are life, though no line comes of them yet.
      if (framed === 0 && counting() && credit > 0) {
        credit -= bytes;
        alive();
      }
      // Three seconds of silence inside a count mean that the rest will not come; outside of one this does nothing.
      stall.touchOrStart(stallLimit, abandon);
    },
    renew: () => {
      credit = countLimit;
    },
    suspend: stall.suspend,
    stop: stall.stop,
  };
};
