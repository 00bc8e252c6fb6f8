import type { Observable } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { Endpoint } from '../codec/endpoint.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import type { Datagram } from './datagram.js';
import { checkInterval, createFetcher, soon } from './fetcher.js';
import type { Followed } from './followLink.js';
import { createGate } from './gate.js';

/** Pause before a pull that was refused is tried again, and how often. */
const retryDelay = 100;
const retryLimit = 20;

/** The receiving half of a UDP link; what is announced are datagrams, in bytes altogether. */
export interface DatagramReceiver extends Followed {
  read(): Observable<Datagram>;
}

export interface DatagramReceiverConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
  /** Of active receive: most datagrams and bytes held unread, and whether one too many is an error. */
  readonly queue: { readonly datagrams: number; readonly bytes: number; readonly overflow: 'error' | 'drop' };
}

/** One datagram a pull, never in parts: what one pull leaves of a datagram is lost on 2.x. What comes by itself goes into a bounded queue. */
export const createDatagramReceiver = ({ module, link, ended, failed, queue }: DatagramReceiverConfig): DatagramReceiver => {
  const { receiveWindow } = module.dialect.capabilities;
  let buffered = 0;
  let announcedSince = false;
  let isClosed = false;
  let over = false;
  let held = 0;
  let lost = 0;
  let refusals = 0;
  let patience = checkInterval;

  const finish = (error?: AtError): void => {
    if (over) return;
    over = true;
    fetcher.stop(true);
    if (error === undefined) {
      gate.end();
      ended();
    } else {
      gate.fail(error);
      failed(error);
    }
  };
  const broken = (cause: unknown): void => finish(isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'receive', message: 'receiving failed', cause }));
  const hand = (bytes: Uint8Array, remote: Endpoint | undefined, truncated: boolean): void => {
    const datagram = { bytes, ...(remote === undefined ? {} : { remote }), truncated, lost };
    lost = 0;
    held += 1;
    gate.push(datagram);
  };

  /** Fewer bytes than were announced: the rest of a datagram, or datagrams, are gone. */
  const corrected = (length: number): void => {
    lost += Math.max(0, buffered - length);
    buffered = length;
  };

  const ask = (refused: boolean): void =>
    fetcher.run(
      (options) => module.exec(tcpip.receiveLengths, {}, options),
      (lengths) => {
        const length = lengths[fetcher.index] ?? 0;
        patience = checkInterval;
        corrected(Math.max(0, length));
        if (length <= 0 && (isClosed || length < 0)) return finish();
        if (!refused || length === 0) return advance();
        refusals += 1;
        if (refusals <= retryLimit) return fetcher.later(retryDelay, advance);
        finish(new AtError({ kind: 'link', code: 'receive', message: 'the module refuses to hand over what it holds', details: { link, unread: length } }));
      },
      broken,
    );

  const pull = (): void => {
    announcedSince = false;
    // The count is that of all waiting datagrams: the first of them is no longer.
    const length = refusals === 0 ? Math.max(receiveWindow, buffered) : Math.max(1, buffered);
    const known = buffered;
    fetcher.run(
      (options) => module.exec(tcpip.receive, { ...fetcher.params, length }, options),
      ({ payload, remote }) => {
        refusals = 0;
        // What was announced meanwhile counts this datagram too: what is left is announced behind OK.
        buffered = Math.max(0, buffered - payload.length);
        patience = announcedSince ? soon : checkInterval;
        hand(payload, remote, payload.length === length && length < known);
        advance();
      },
      (cause) => {
        if (isAtError(cause, 'command') && cause.code === 'rejected') ask(true);
        else broken(cause);
      },
    );
  };

  const advance = (): void => {
    if (over || fetcher.busy || gate.demand === undefined) return;
    fetcher.awake();
    if (buffered > 0 || isClosed) return pull();
    fetcher.later(patience, () => ask(false));
  };

  const gate = createGate<Datagram>({
    wanted: () => advance(),
    dropped: () => fetcher.withdraw(),
    cut: (first) => {
      held -= 1;
      return [first, undefined];
    },
    size: ({ bytes }) => bytes.length,
  });

  const fetcher = createFetcher({ module, link, wanted: () => !over && gate.demand !== undefined, changed: () => undefined });

  const arrived = (payload: Uint8Array, remote: Endpoint | undefined): void => {
    if (held < queue.datagrams && gate.kept + payload.length <= queue.bytes) return hand(payload, remote, false);
    if (queue.overflow === 'drop') {
      lost += payload.length;
      return;
    }
    const details = { link, limit: queue.datagrams, lost: payload.length };
    finish(new AtError({ kind: 'link', code: 'overflow', message: `more than ${String(queue.datagrams)} datagrams or ${String(queue.bytes)} bytes came unread`, details }));
  };

  return {
    read: () => gate.read(),
    announced: (length, payload, remote) => {
      if (over) return;
      if (payload !== undefined) return arrived(payload, remote);
      corrected(length);
      announcedSince = true;
      advance();
    },
    closed: () => {
      isClosed = true;
      advance();
    },
    fail: finish,
    replaced: finish,
    end: () => finish(),
    stop: () => {
      over = true;
      fetcher.stop(true);
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the link was closed', details: { link } }));
    },
  };
};
