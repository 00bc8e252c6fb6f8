import { EMPTY } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { createEnding } from './ending.js';
import { checkInterval, createFetcher, eager, soon, withheld } from './fetcher.js';
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
  let limit = window;
  let successes = 0;
  let refusals = 0;
  let silent = 0;
  let used = false;
  let patience = early ? 0 : checkInterval;

  /** The module holds bytes and does not hand them over: its heap is short of the asked length and 128 bytes, or a TLS record is not whole. */
  const refused = (asked: number, length: number): void => {
    successes = 0;
    if (asked > smallest) {
      limit = Math.max(smallest, Math.floor(asked / 2));
      return exact ? advance() : fetcher.later(soon, advance);
    }
    if (!exact && isClosed) return ending.end();
    refusals += 1;
    if (refusals <= refusalLimit) return fetcher.later(checkInterval, advance);
    ending.fail(withheld(link, length));
  };

  const verify = (): void => {
    silent = 0;
    fetcher.verify((exists) => {
      isClosed ||= !exists;
      advance();
    });
  };

  /** ERROR to a pull, or silence: what does the module hold? */
  const ask = (asked?: number): void =>
    fetcher.ask((length) => {
      buffered = Math.max(0, length);
      const settled = patience >= checkInterval;
      patience = Math.min(checkInterval, Math.max(eager, patience * 2));
      if (asked !== undefined && length > 0) return refused(asked, length);
      if (asked !== undefined && (isClosed || length < 0)) return ending.end();
      // -1 is a closed link (2.x): one more pull proves it empty.
      if (length < 0) isClosed = true;
      silent = length === 0 ? silent + Number(settled) : 0;
      if (silent >= existenceCheck) return verify();
      advance();
    });

  const pull = (length: number): void => {
    announcedSince = false;
    fetcher.pull(
      length,
      ({ payload }) => {
        if (ending.over) return orphan(payload);
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
      () => {
        if (!ending.over) ask(length);
      },
    );
  };

  const advance = (): void => {
    const { demand } = gate;
    if (ending.over || fetcher.busy || demand === undefined) return;
    fetcher.awake();
    if (buffered > 0 || isClosed) return pull(Math.min(demand, limit));
    fetcher.later(patience, ask);
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
  const halt = (all: boolean): void => {
    fetcher.stop(all);
    settling.changed();
  };
  const ending = createEnding({ gate, halt, details: { link }, ended, failed });
  const { fail, end, replaced, stop, broken } = ending;
  const wanted = (): boolean => !ending.over && gate.demand !== undefined;
  const fetcher = createFetcher({ module, link, wanted, changed: () => settling.changed(), failed: broken, lasting: true });
  const settling = createSettling(module.scheduler, () => {
    if (ending.over || (!fetcher.busy && buffered === 0)) return 'nothing';
    return fetcher.busy || gate.demand !== undefined ? 'served' : 'waiting';
  });

  return {
    read: gate.read,
    announced: (length, payload) => {
      if (ending.over) return;
      used = true;
      if (payload !== undefined) {
        if (active()) return gate.push(payload);
        // Bytes of a broken pull that look like +IPD: the framer cannot tell.
        return fail(new AtError({ kind: 'framing', code: 'active', message: 'data came by itself in passive receive', retry: 'unknown', details: { link, length } }));
      }
      buffered = length;
      announcedSince = true;
      advance();
    },
    adopt: (payload) => {
      if (ending.over) return;
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
    fail,
    end,
    replaced,
    stop,
    get unread() {
      return buffered + gate.kept;
    },
    get used() {
      return used;
    },
    settled: (bytes, patient) => (ending.over ? EMPTY : settling.settled(bytes, patient)),
  };
};
