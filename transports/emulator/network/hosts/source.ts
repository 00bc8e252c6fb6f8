import { merge, tap } from 'rxjs';
import type { HostHandler } from '../hostSocket.js';
import { pour, type Pace } from './pour.js';

/** At what pace a source sends, and whether it ends the connection behind its data. */
export interface SourceOptions extends Pace {
  /** Whether to end the connection (FIN) after the last byte. Default true. */
  readonly end?: boolean;
}

/**
 * Sends `data` (bytes, or a function that begins the chunks anew for each connection) as fast as the module's window and the pace allow,
 * and throws away what comes in.
 */
export const source = (data: Uint8Array | (() => Iterable<Uint8Array>), { end = true, ...pace }: SourceOptions = {}): HostHandler => (socket) => {
  const chunks = typeof data === 'function' ? data() : [data];
  const sending = pour(socket, chunks, pace);
  return merge(end ? sending.pipe(tap({ complete: () => { socket.end(); } })) : sending, socket.incoming);
};
