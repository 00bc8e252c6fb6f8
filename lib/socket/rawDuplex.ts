import { BehaviorSubject, concat, defer, EMPTY, Observable, tap, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { RawLine } from '../command/rawLine.js';
import { unreadOverflow } from './ending.js';
import { createReadGate } from './readGate.js';
import { createSender } from './sender.js';
import type { Duplex } from './socket.js';

/** Longest piece of a send in bytes: the module puts no more into one packet (2.0), and leaving waits for it. */
const sendLimit = 2048;

export interface RawDuplexConfig {
  readonly line: RawLine;
  /** Most bytes held unread. */
  readonly limit: number;
  /** To be read first. */
  readonly early: readonly Uint8Array[];
  /** Leaves the stream and closes the connection; completes when that is done. */
  readonly end: Observable<never>;
  /** More came than the duplex holds, on a port that cannot be held. */
  readonly overflow: (error: AtError) => void;
}

/** A duplex over a raw line, and its owner's side of it. */
export interface RawDuplex {
  readonly duplex: Duplex;
  /** Takes what comes; completes or errors with the line. Cold. */
  readonly received: Observable<never>;
  /** It is being left: no more is sent, what still comes is kept beside what was not read. */
  readonly leaving: () => void;
  /** The end, after what is unread. */
  readonly over: (error?: AtError) => void;
}

/** Joins demand to a line that has none: the port is held while too much is unread, where it can be. */
export const createRawDuplex = ({ line, limit, early, end, overflow }: RawDuplexConfig): RawDuplex => {
  const state = new BehaviorSubject<'open' | 'closed'>('open');
  let held = false;
  let left = false;
  let full = false;
  const flow = (): void => {
    // Half of it: a reader of small pieces must not switch the port with each.
    const wanted = !left && gate.kept > (held ? limit / 2 : limit);
    if (wanted === held) return;
    held = wanted;
    line.hold?.(wanted);
  };
  const gate = createReadGate(flow);
  const take = (bytes: Uint8Array): void => {
    if (full) return;
    // What a held port still hands over was on its way already.
    if (gate.kept + bytes.length > limit && (line.hold === undefined || left)) {
      full = true;
      const error = unreadOverflow(`${String(limit)} bytes`, { limit, lost: bytes.length });
      gate.end(error);
      return overflow(error);
    }
    gate.push(bytes);
    flow();
  };
  for (const bytes of early) take(bytes);
  const send = createSender({
    limit: () => sendLimit,
    turn: () => EMPTY,
    slice: (bytes) => line.write(bytes),
    bulk: () => throwError(() => new AtError({ kind: 'unsupported', code: 'option', message: 'a raw stream has no bulk send' })),
  });
  return {
    duplex: {
      read: (max) =>
        defer(() =>
          concat(
            gate.read(max),
            defer(() => {
              flow();
              return EMPTY;
            }),
          ),
        ),
      send,
      state: state.asObservable(),
      end: () => end,
    },
    received: new Observable<never>((subscriber) =>
      line.incoming.pipe(tap(take)).subscribe({ error: (error: unknown) => subscriber.error(error), complete: () => subscriber.complete() }),
    ),
    leaving: () => {
      left = true;
      flow();
    },
    over: (error) => {
      left = true;
      flow();
      gate.end(error);
      if (state.value === 'open') state.next('closed');
      state.complete();
    },
  };
};
