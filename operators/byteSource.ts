import type { Observable } from 'rxjs';

/**
 * Bytes on demand. Each `read()` is a cold one-shot: on subscribe it asks for at most `max` bytes and emits one
 * non-empty chunk, then completes; at the end of the stream it completes without emitting. Errors repeat on every later read.
 * One read may be outstanding per source; a second one errors with kind `usage`, code `overlap`.
 * Unsubscribing from a read loses nothing: a chunk already on its way is kept for the next read.
 */
export interface ByteSource {
  /** Cold: one chunk of at most `max` bytes, or none at the end. */
  read(max?: number): Observable<Uint8Array>;
}
