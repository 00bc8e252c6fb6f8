import { type Observable, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { createReadGate } from './readGate.js';

/** Silence after which a waiting reader asks for the buffered length: data that comes with a FIN is not announced (2.0 to 4.2). */
const checkInterval = 2000;
const smallest = 64;

export interface Receiver {
  read(max?: number): Observable<Uint8Array>;
  /** Data was announced, or has come. */
  announced(length: number, payload: Uint8Array | undefined): void;
  /** The module said CLOSED: what is buffered is still there. */
  closed(): void;
  fail(error: AtError): void;
  /** The user closed: what was not read is given up. */
  end(): void;
  /** Bytes that were announced or fetched and not read. */
  readonly unread: number;
  stop(): void;
}

export interface ReceiverConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  /** Most bytes fetched at once. */
  readonly window: number;
  /** The stream has ended: closed and proved empty. */
  readonly ended: () => void;
  /** The stream has failed by itself. */
  readonly failed: (error: AtError) => void;
}

/** Passive receive: no command without a reader, so the module's window fills and the peer stops. */
export const createPassiveReceiver = ({ module, link, window, ended, failed }: ReceiverConfig): Receiver => {
  const subscriptions = new Subscription();
  const params = module.settings.cipmux ? { link } : {};
  const lane = `pull:${String(link)}`;
  let buffered = 0;
  let announcedSince = false;
  let isClosed = false;
  let over = false;
  let busy = false;
  let halved = window;
  let check: Subscription | undefined;

  const finish = (error?: AtError): void => {
    if (over) return;
    over = true;
    check?.unsubscribe();
    subscriptions.unsubscribe();
    if (error === undefined) {
      gate.end();
      ended();
    } else {
      gate.fail(error);
      failed(error);
    }
  };

  const run = <T>(source: Observable<T>, next: (value: T) => void, error: (cause: unknown) => void): void => {
    busy = true;
    subscriptions.add(
      source.subscribe({
        next: (value) => {
          busy = false;
          next(value);
        },
        error: (cause: unknown) => {
          busy = false;
          error(cause);
        },
      }),
    );
  };

  const lost = (cause: unknown): void => finish(isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'receive', message: 'receiving failed', cause }));

  /** ERROR to a pull, or silence: what does the module hold? */
  const ask = (asked: number | undefined): void =>
    run(
      module.exec(tcpip.receiveLengths, {}, { lane }),
      (lengths) => {
        const length = lengths[module.settings.cipmux ? link : 0] ?? 0;
        buffered = Math.max(0, length);
        if (length <= 0 && (isClosed || (length < 0 && asked !== undefined))) return finish();
        if (length > 0 && asked !== undefined) {
          // The module needs the asked length and 128 bytes more of heap: it may have less.
          if (asked <= smallest) return finish(new AtError({ kind: 'link', code: 'receive', message: 'the module refuses to hand over what it holds', details: { link, unread: length } }));
          halved = Math.max(smallest, Math.floor(asked / 2));
        }
        advance();
      },
      lost,
    );

  const pull = (length: number): void => {
    announcedSince = false;
    run(
      module.exec(tcpip.receive, { ...params, length }, { lane }),
      ({ payload }) => {
        halved = window;
        if (!announcedSince) buffered = payload.length < length ? 0 : Math.max(1, buffered - payload.length);
        gate.push(payload);
        advance();
      },
      (cause) => {
        if (isAtError(cause, 'command') && cause.code === 'rejected') ask(length);
        else lost(cause);
      },
    );
  };

  const advance = (): void => {
    const { demand } = gate;
    if (over || busy || demand === undefined) return;
    check?.unsubscribe();
    if (buffered > 0 || isClosed) return pull(Math.min(demand, halved));
    check = module.scheduler.schedule(() => {
      if (!busy && gate.demand !== undefined) ask(undefined);
    }, checkInterval);
  };

  const gate = createReadGate(
    () => advance(),
    () => check?.unsubscribe(),
    window,
  );

  return {
    read: gate.read,
    announced: (length) => {
      buffered = length;
      announcedSince = true;
      advance();
    },
    closed: () => {
      isClosed = true;
      advance();
    },
    fail: finish,
    end: () => finish(),
    get unread() {
      return buffered + gate.kept;
    },
    stop: () => {
      over = true;
      check?.unsubscribe();
      subscriptions.unsubscribe();
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details: { link } }));
    },
  };
};
