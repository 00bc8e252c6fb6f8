import { type Observable, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { Emits } from '../command/index.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { ExecOptions } from '../module/execute.js';
import type { LinkId } from '../state/links.js';
import { linkExists } from './linkExists.js';

/** Silence after which a waiting reader asks for the buffered length, in ms: data that comes with a FIN is not announced (2.0 to 4.2), and an announcement may be lost. */
export const checkInterval = 2000;
/** The first such silence after the link was busy; twice as long at every check that finds nothing. An answer whose server then closes would wait `checkInterval` for its end. */
export const eager = 100;
/** The same where what is left is announced right behind an OK, or was counted before it. */
export const soon = 50;

/** The commands that fetch from one link, one at a time; none is written for a reader that has gone before. */
export interface Fetcher {
  readonly busy: boolean;
  /** At most so many bytes, or one datagram; `refused`: the module hands nothing over. */
  pull(length: number, got: (value: Emits<typeof tcpip.receive>) => void, refused: () => void): void;
  /** How many bytes the module holds; fewer than none: the link is closed (2.x). */
  ask(then: (length: number) => void): void;
  /** Whether the module still has the link. */
  verify(then: (exists: boolean) => void): void;
  /** Once nothing has happened for so long and somebody still waits. */
  later(ms: number, then: () => void): void;
  /** Somebody fetches now: the wait is over. */
  awake(): void;
  /** Nobody waits any more: the wait is over, and a command that is not written is taken back. */
  withdraw(): void;
  /** Nothing is fetched any more; `all`: not even what is `lasting`. */
  stop(all: boolean): void;
}

export interface FetcherConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  /** Somebody waits. */
  readonly wanted: () => boolean;
  /** A command ended or was taken back. */
  readonly changed?: () => void;
  /** A command failed, and not because the module has nothing. */
  readonly failed: (cause: unknown) => void;
  /** Once a pull is written, its answer counts even after `stop`. */
  readonly lasting?: boolean;
}

interface Running {
  readonly life: Subscription;
  readonly lasting: boolean;
  written: boolean;
}

/** The error of whoever gives up on a module that announces bytes and keeps them. */
export const withheld = (link: LinkId, unread: number): AtError =>
  new AtError({ kind: 'link', code: 'receive', message: 'the module refuses to hand over what it holds', details: { link, unread } });

/** A fetcher with nothing to do. */
export const createFetcher = ({ module, link, wanted, changed = () => undefined, failed, lasting = false }: FetcherConfig): Fetcher => {
  const lane = `pull:${String(link)}`;
  const { cipmux } = module.settings;
  let running: Running | undefined;
  let check: Subscription | undefined;

  const awake = (): void => check?.unsubscribe();
  const drop = (): void => {
    running?.life.unsubscribe();
    running = undefined;
  };
  const run = <T>(source: (options: ExecOptions) => Observable<T>, next: (value: T) => void, error = failed, stays = false): void => {
    const own: Running = { life: new Subscription(), lasting: stays, written: false };
    running = own;
    const ended = <V>(then: (value: V) => void) => (value: V): void => {
      if (running === own) running = undefined;
      then(value);
      changed();
    };
    own.life.add(source({ lane, written: () => (own.written = true) }).subscribe({ next: ended(next), error: ended(error) }));
  };
  return {
    get busy() {
      return running !== undefined;
    },
    pull: (length, got, refused) =>
      run(
        (options) => module.exec(tcpip.receive, { ...(cipmux ? { link } : {}), length }, options),
        got,
        (cause) => (isAtError(cause, 'command') && cause.code === 'rejected' ? refused() : failed(cause)),
        lasting,
      ),
    ask: (then) =>
      run(
        (options) => module.exec(tcpip.receiveLengths, {}, options),
        (lengths) => then(lengths[cipmux ? link : 0] ?? 0),
      ),
    verify: (then) => run((options) => linkExists(module, link, options), then),
    later: (ms, then) => {
      awake();
      check = module.scheduler.schedule(() => {
        if (running === undefined && wanted()) then();
      }, ms);
    },
    awake,
    withdraw: () => {
      awake();
      if (running?.written === false) drop();
      changed();
    },
    stop: (all) => {
      awake();
      if (all || running?.lasting !== true || !running.written) drop();
    },
  };
};
