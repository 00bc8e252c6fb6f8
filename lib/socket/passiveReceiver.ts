import { EMPTY, type Observable, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import { linkExists } from './linkExists.js';
import { createReadGate } from './readGate.js';
import type { Receiver, ReceiverConfig } from './receiver.js';
import { createSettling } from './settling.js';

/** Silence after which a waiting reader asks for the buffered length: data that comes with a FIN is not announced (2.0 to 4.2). */
const checkInterval = 2000;
/** The same after a pull that was filled to the brim: what is left is announced right behind its OK. */
const soon = 50;
/** Every so many silent checks the link itself is asked for: its CLOSED may have been lost. */
const existenceCheck = 5;
const smallest = 64;
/** Refusals of the smallest pull before the receiver gives up. */
const refusalLimit = 15;
/** Pulls that must succeed before a longer one is tried again. */
const recovery = 16;

/** Passive receive: no command without a reader, so the module's window fills and the peer stops. */
export const createPassiveReceiver = ({ module, link, window, exact, early, active, ended, failed, orphan }: ReceiverConfig): Receiver => {
  const asking = new Subscription();
  let pulling: Subscription | undefined;
  const params = module.settings.cipmux ? { link } : {};
  const lane = `pull:${String(link)}`;
  let buffered = 0;
  let announcedSince = false;
  let isClosed = false;
  let over = false;
  let busy = false;
  let limit = window;
  let successes = 0;
  let refusals = 0;
  let silent = 0;
  let used = false;
  let patience = early ? 0 : checkInterval;
  let check: Subscription | undefined;

  const halt = (): void => {
    over = true;
    check?.unsubscribe();
    asking.unsubscribe();
    settling.changed();
  };
  const finish = (error?: AtError): void => {
    if (over) return;
    halt();
    pulling?.unsubscribe();
    if (error === undefined) {
      gate.end();
      ended();
    } else {
      gate.fail(error);
      failed(error);
    }
  };
  const lost = (cause: unknown): void => finish(isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'receive', message: 'receiving failed', cause }));

  const run = <T>(source: Observable<T>, next: (value: T) => void, error: (cause: unknown) => void): Subscription => {
    busy = true;
    return source.subscribe({
      next: (value) => {
        busy = false;
        next(value);
        settling.changed();
      },
      error: (cause: unknown) => {
        busy = false;
        error(cause);
        settling.changed();
      },
    });
  };

  const later = (ms: number, then: () => void): void => {
    check?.unsubscribe();
    check = module.scheduler.schedule(() => {
      if (!over && !busy && gate.demand !== undefined) then();
    }, ms);
  };

  /** The module holds bytes and does not hand them over: its heap is short of the asked length and 128 bytes, or a TLS record is not whole. */
  const refused = (asked: number, length: number): void => {
    successes = 0;
    if (asked > smallest) {
      limit = Math.max(smallest, Math.floor(asked / 2));
      return exact ? advance() : later(soon, advance);
    }
    if (!exact && isClosed) return finish();
    refusals += 1;
    if (refusals <= refusalLimit) return later(checkInterval, advance);
    finish(new AtError({ kind: 'link', code: 'receive', message: 'the module refuses to hand over what it holds', details: { link, unread: length } }));
  };

  const verify = (): void => {
    silent = 0;
    asking.add(
      run(
        linkExists(module, link, lane),
        (exists) => {
          if (exists) return advance();
          isClosed = true;
          advance();
        },
        lost,
      ),
    );
  };

  /** ERROR to a pull, or silence: what does the module hold? */
  const ask = (asked: number | undefined): void => {
    asking.add(
      run(
        module.exec(tcpip.receiveLengths, {}, { lane }),
        (lengths) => {
          const length = lengths[module.settings.cipmux ? link : 0] ?? 0;
          buffered = Math.max(0, length);
          patience = checkInterval;
          if (asked !== undefined && length > 0) return refused(asked, length);
          if (asked !== undefined && (isClosed || length < 0)) return finish();
          // -1 is a closed link (2.x): one more pull proves it empty.
          if (length < 0) isClosed = true;
          silent += length === 0 ? 1 : -silent;
          if (silent >= existenceCheck) return verify();
          advance();
        },
        lost,
      ),
    );
  };

  const pull = (length: number): void => {
    announcedSince = false;
    pulling = run(
      module.exec(tcpip.receive, { ...params, length }, { lane }),
      ({ payload }) => {
        if (over) return orphan(payload);
        refusals = 0;
        silent = 0;
        successes += 1;
        if (successes % recovery === 0) limit = Math.min(window, limit * 2);
        buffered = payload.length < length ? 0 : Math.max(0, buffered - payload.length);
        patience = announcedSince || payload.length >= length ? soon : checkInterval;
        settling.fetched(payload.length);
        gate.push(payload);
        advance();
      },
      (cause) => {
        if (over) return;
        if (isAtError(cause, 'command') && cause.code === 'rejected') ask(length);
        else lost(cause);
      },
    );
  };

  const advance = (): void => {
    const { demand } = gate;
    if (over || busy || demand === undefined) return;
    check?.unsubscribe();
    if (buffered > 0 || isClosed) return pull(Math.min(demand, limit));
    later(patience, () => ask(undefined));
  };

  const gate = createReadGate(
    () => {
      used = true;
      settling.reading();
      advance();
      settling.changed();
    },
    () => {
      check?.unsubscribe();
      settling.changed();
    },
    window,
  );
  const settling = createSettling(module.scheduler, () => {
    if (over || (!busy && buffered === 0)) return 'nothing';
    return busy || gate.demand !== undefined ? 'served' : 'waiting';
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
    fail: finish,
    replaced: (error) => {
      if (over) return;
      halt();
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
      if (!over) pulling?.unsubscribe();
      halt();
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details: { link } }));
    },
  };
};
