import { BehaviorSubject, defer, EMPTY, finalize, NEVER, type Observable, of, tap, throwError } from 'rxjs';
import type { ByteSource, Duplex, SendProgress } from '../../lib/index.js';

export interface MemoryDuplex extends Duplex {
  /** Bytes of each send, in order. */
  readonly sent: Uint8Array[];
  /** How often it was closed. */
  ends: number;
  /** Sends that were given up. */
  given: number;
  /** What a send does: default accepts at once. */
  onSend: (bytes: Uint8Array) => Observable<SendProgress>;
}

/** A duplex over a source, which records how it is used. */
export const memoryDuplex = (source: ByteSource): MemoryDuplex => {
  const state = new BehaviorSubject<'open' | 'closed'>('open');
  const duplex: MemoryDuplex = {
    sent: [],
    ends: 0,
    given: 0,
    onSend: (bytes) => of({ sent: bytes.length }),
    read: (max) => source.read(max),
    send: (data) =>
      defer(() => {
        if (!(data instanceof Uint8Array)) return throwError(() => new Error('bytes only'));
        duplex.sent.push(Uint8Array.from(data));
        let over = false;
        return duplex.onSend(data).pipe(
          tap({ complete: () => (over = true), error: () => (over = true) }),
          finalize(() => {
            if (!over) duplex.given++;
          }),
        );
      }),
    state: state.asObservable(),
    end: () =>
      defer(() => {
        duplex.ends++;
        state.next('closed');
        return EMPTY;
      }),
  };
  return duplex;
};

/** A source whose reads never answer. */
export const silentSource = (): ByteSource & { outstanding: number } => {
  const source = {
    outstanding: 0,
    read: () =>
      defer(() => {
        source.outstanding++;
        return (NEVER as Observable<Uint8Array>).pipe(finalize(() => source.outstanding--));
      }),
  };
  return source;
};
