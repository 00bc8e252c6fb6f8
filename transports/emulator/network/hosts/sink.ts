import { concatMap, finalize, ignoreElements, tap, timer } from 'rxjs';
import type { HostHandler } from '../hostSocket.js';

/** How fast a sink reads, and who sees what it read. */
export interface SinkOptions {
  /** Bytes read per second; default as fast as they come. */
  readonly rate?: number;
  /** Sees each chunk as it is read. */
  readonly each?: (bytes: Uint8Array) => void;
}

/** Reads all and answers nothing; a slow one holds the module back. Ends after the module. */
export const sink = ({ rate = Infinity, each = () => undefined }: SinkOptions = {}): HostHandler => (socket) => {
  const seen = socket.incoming.pipe(tap(each));
  if (rate === Infinity) return seen;
  return seen.pipe(
    tap(() => { socket.hold(true); }),
    concatMap((chunk) =>
      timer((chunk.length * 1000) / rate, socket.scheduler).pipe(ignoreElements(), finalize(() => { socket.hold(false); }))),
  );
};
