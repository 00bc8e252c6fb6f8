import type { Observable } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { Endpoint } from '../codec/endpoint.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import type { Datagram } from './datagram.js';
import { createEnding, unreadOverflow } from './ending.js';
import { checkInterval, createFetcher, eager, soon, withheld } from './fetcher.js';
import type { Followed } from './followLink.js';
import { createGate } from './gate.js';

/** Pause before a pull that was refused is tried again, how often it is tried whole, and how often at all: halved each time from then on. */
const retryDelay = 100;
const wholeRetries = 10;
const retryLimit = 20;

/** The receiving half of a UDP link; what is announced are datagrams, in bytes altogether. */
export interface DatagramReceiver extends Followed {
  read(): Observable<Datagram>;
  /** A command behind the last pull has ended: what is announced from now on came later. */
  answerable(): void;
}

export interface DatagramReceiverConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  /** The link is in passive receive. */
  readonly passive: boolean;
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
  /** Of active receive: most datagrams and bytes held unread, and whether one too many is an error. */
  readonly queue: { readonly datagrams: number; readonly bytes: number; readonly overflow: 'error' | 'drop' };
}

/** Bytes that end at the end of a datagram. */
interface Counted {
  readonly length: number;
  readonly joined: boolean;
}

/**
 * What comes by itself goes into a bounded queue. What waits in the module is pulled as it was counted, neither less nor more: a pull reads on into
 * the next datagram, and what it leaves of the last one is lost (2.1 and a later release).
 */
export const createDatagramReceiver = ({ module, link, passive, ended, failed, queue }: DatagramReceiverConfig): DatagramReceiver => {
  let pulled = passive;
  let next: Counted | undefined;
  /** Bytes that are in the module as far as it has said. */
  let known = 0;
  let reading = false;
  let announcedSince = false;
  /** The next announcement may stand right behind the OK of a pull, and count several datagrams then. */
  let doubtful = false;
  let isClosed = false;
  let held = 0;
  let lost = 0;
  let refusals = 0;
  let patience = checkInterval;

  const hand = (bytes: Uint8Array, remote: Endpoint | undefined, truncated: boolean, joined: boolean): void => {
    const datagram = { bytes, ...(remote === undefined ? {} : { remote }), truncated, joined, lost };
    lost = 0;
    held += 1;
    gate.push(datagram);
  };

  /** Fewer bytes than were announced: the rest of a datagram, or datagrams, are gone. */
  const corrected = (length: number): void => {
    lost += Math.max(0, known - length);
    known = length;
  };

  const ask = (refused: boolean): void =>
    fetcher.ask((length) => {
      patience = checkInterval;
      doubtful = false;
      corrected(Math.max(0, length));
      if (length <= 0 && (isClosed || length < 0)) return end();
      if (next === undefined || next.length > known) next = known > 0 ? { length: known, joined: true } : undefined;
      if (!refused || length === 0) return advance();
      refusals += 1;
      if (refusals <= retryLimit) return fetcher.later(retryDelay, advance);
      fail(withheld(link, length));
    });

  const pull = ({ length: whole, joined }: Counted): void => {
    announcedSince = false;
    reading = true;
    const length = Math.max(1, Math.floor(whole / 2 ** Math.max(0, refusals - wholeRetries)));
    fetcher.pull(
      length,
      ({ payload, remote }) => {
        reading = false;
        refusals = 0;
        // What is left is announced behind OK; what was announced before it counts what was read just now.
        next = undefined;
        doubtful = true;
        known = Math.max(0, known - payload.length);
        const truncated = length < whole;
        patience = announcedSince || known > 0 ? soon : eager;
        hand(payload, remote, truncated, joined);
        // Fewer than asked for were all there were.
        if (payload.length < length) corrected(0);
        else if (truncated && !joined) corrected(Math.max(0, known + payload.length - whole));
        advance();
      },
      () => {
        reading = false;
        ask(true);
      },
    );
  };

  const advance = (): void => {
    if (ending.over || fetcher.busy || gate.demand === undefined) return;
    fetcher.awake();
    if (!pulled) return isClosed ? end() : undefined;
    if (next !== undefined) return pull(next);
    if (isClosed) return ask(false);
    fetcher.later(patience, () => ask(false));
  };

  const gate = createGate<Datagram>({
    wanted: () => advance(),
    dropped: () => {
      fetcher.withdraw();
      reading &&= fetcher.busy;
    },
    cut: (first) => {
      held -= 1;
      return [first, undefined];
    },
    size: ({ bytes }) => bytes.length,
  });

  const ending = createEnding({ gate, halt: (all) => fetcher.stop(all), details: { link }, ended, failed });
  const { fail, end, replaced, stop, broken } = ending;
  const fetcher = createFetcher({ module, link, wanted: () => !ending.over && gate.demand !== undefined, failed: broken });

  const arrived = (payload: Uint8Array, remote: Endpoint | undefined): void => {
    if (held < queue.datagrams && gate.kept + payload.length <= queue.bytes) return hand(payload, remote, false, false);
    if (queue.overflow === 'drop') {
      lost += payload.length;
      return;
    }
    const most = `${String(queue.datagrams)} datagrams or ${String(queue.bytes)} bytes`;
    fail(unreadOverflow(most, { link, limit: queue.datagrams, lost: payload.length }));
  };

  const counted = (length: number): void => {
    // Another socket has switched every link (3.5 lets it while links are open): what waits may be several.
    if (!pulled) doubtful = true;
    pulled = true;
    const joined = doubtful || (next !== undefined && length > next.length);
    if (reading || next !== undefined) known = Math.max(known, length);
    else {
      // Not behind a pull: nothing was left.
      corrected(doubtful ? length : 0);
      known = length;
    }
    next = { length, joined };
    doubtful = false;
    announcedSince = true;
    advance();
  };

  return {
    read: () => gate.read(),
    answerable: () => {
      if (!reading) doubtful = false;
    },
    announced: (length, payload, remote) => {
      if (ending.over) return;
      if (payload === undefined) return counted(length);
      arrived(payload, remote);
    },
    closed: () => {
      isClosed = true;
      if (!pulled && gate.kept === 0) return end();
      advance();
    },
    fail,
    end,
    replaced,
    stop,
  };
};
