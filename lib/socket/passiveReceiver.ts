import { EMPTY } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import { checkInterval, createFetcher, eager, soon } from './fetcher.js';
import { linkExists } from './linkExists.js';
import { createReadGate } from './readGate.js';
import type { Receiver, ReceiverConfig } from './receiver.js';
import { createSettling } from './settling.js';

/** Every so many silent checks the link itself is asked for: its CLOSED may have been lost. */
const existenceCheck = 5;
const smallest = 64;
/** Refusals of the smallest pull before the receiver gives up. */
const refusalLimit = 15;
/** Pulls that must succeed before a longer one is tried again. */
const recovery = 16;

/** Passive receive: no command without a reader, so the module's window fills and the peer stops. */
export const createPassiveReceiver = ({ module, link, window, exact, early, active, ended, failed, orphan }: ReceiverConfig): Receiver => {
  let buffered = 0;
  let announcedSince = false;
  let isClosed = false;
  let over = false;
  let limit = window;
  let successes = 0;
  let refusals = 0;
  let silent = 0;
  let used = false;
  let patience = early ? 0 : checkInterval;

  const halt = (all: boolean): void => {
    over = true;
    fetcher.stop(all);
    settling.changed();
  };
  const finish = (error?: AtError): void => {
    if (over) return;
    halt(true);
    if (error === undefined) {
      gate.end();
      ended();
    } else {
      gate.fail(error);
      failed(error);
    }
  };
  const lost = (cause: unknown): void => finish(isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'receive', message: 'receiving failed', cause }));

  /** The module holds bytes and does not hand them over: its heap is short of the asked length and 128 bytes, or a TLS record is not whole. */
  const refused = (asked: number, length: number): void => {
    successes = 0;
    if (asked > smallest) {
      limit = Math.max(smallest, Math.floor(asked / 2));
      return exact ? advance() : fetcher.later(soon, advance);
    }
    if (!exact && isClosed) return finish();
    refusals += 1;
    if (refusals <= refusalLimit) return fetcher.later(checkInterval, advance);
    finish(new AtError({ kind: 'link', code: 'receive', message: 'the module refuses to hand over what it holds', details: { link, unread: length } }));
  };

  const verify = (): void => {
    silent = 0;
    fetcher.run(
      (options) => linkExists(module, link, options),
      (exists) => {
        isClosed ||= !exists;
        advance();
      },
      lost,
    );
  };

  /** ERROR to a pull, or silence: what does the module hold? */
  const ask = (asked: number | undefined): void =>
    fetcher.run(
      (options) => module.exec(tcpip.receiveLengths, {}, options),
      (lengths) => {
        const length = lengths[fetcher.index] ?? 0;
        buffered = Math.max(0, length);
        const settled = patience >= checkInterval;
        patience = Math.min(checkInterval, Math.max(eager, patience * 2));
        if (asked !== undefined && length > 0) return refused(asked, length);
        if (asked !== undefined && (isClosed || length < 0)) return finish();
        // -1 is a closed link (2.x): one more pull proves it empty.
        if (length < 0) isClosed = true;
        silent = length === 0 ? silent + Number(settled) : 0;
        if (silent >= existenceCheck) return verify();
        advance();
      },
      lost,
    );

  const pull = (length: number): void => {
    announcedSince = false;
    fetcher.run(
      (options) => module.exec(tcpip.receive, { ...fetcher.params, length }, options),
      ({ payload }) => {
        if (over) return orphan(payload);
        refusals = 0;
        silent = 0;
        successes += 1;
        if (successes % recovery === 0) limit = Math.min(window, limit * 2);
        buffered = payload.length < length ? 0 : Math.max(0, buffered - payload.length);
        patience = announcedSince || payload.length >= length ? soon : eager;
        settling.fetched(payload.length);
        gate.push(payload);
        advance();
      },
      (cause) => {
        if (over) return;
        if (isAtError(cause, 'command') && cause.code === 'rejected') ask(length);
        else lost(cause);
      },
      true,
    );
  };

  const advance = (): void => {
    const { demand } = gate;
    if (over || fetcher.busy || demand === undefined) return;
    fetcher.awake();
    if (buffered > 0 || isClosed) return pull(Math.min(demand, limit));
    fetcher.later(patience, () => ask(undefined));
  };

  const gate = createReadGate(
    () => {
      used = true;
      settling.reading();
      advance();
      settling.changed();
    },
    () => fetcher.withdraw(),
    window,
  );
  const fetcher = createFetcher({ module, link, wanted: () => !over && gate.demand !== undefined, changed: () => settling.changed() });
  const settling = createSettling(module.scheduler, () => {
    if (over || (!fetcher.busy && buffered === 0)) return 'nothing';
    return fetcher.busy || gate.demand !== undefined ? 'served' : 'waiting';
  });

  return {
    read: gate.read,
    announced: (length, payload) => {
      if (over) return;
      used = true;
      if (payload !== undefined) {
        if (active()) return gate.push(payload);
        // Bytes of a broken pull that look like +IPD: the framer cannot tell.
        return finish(new AtError({ kind: 'framing', code: 'active', message: 'data came by itself in passive receive', retry: 'unknown', details: { link, length } }));
      }
      buffered = length;
      announcedSince = true;
      advance();
    },
    adopt: (payload) => {
      if (over) return;
      buffered = Math.max(0, buffered - payload.length);
      gate.push(payload);
    },
    closed: () => {
      isClosed = true;
      advance();
    },
    answerable: () => {
      patience = eager;
      advance();
    },
    fail: finish,
    replaced: (error) => {
      if (over) return;
      halt(false);
      gate.fail(error);
      failed(error);
    },
    end: () => finish(),
    get unread() {
      return buffered + gate.kept;
    },
    get used() {
      return used;
    },
    settled: (bytes, patient) => (over ? EMPTY : settling.settled(bytes, patient)),
    stop: () => {
      // A pull that was left to the link's successor is not this receiver's any more.
      halt(!over);
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details: { link } }));
    },
  };
};
