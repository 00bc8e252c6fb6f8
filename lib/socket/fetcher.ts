import { type Observable, Subscription } from 'rxjs';
import type { AtModule } from '../module/atModule.js';
import type { ExecOptions } from '../module/execute.js';
import type { LinkId } from '../state/links.js';

/** Silence after which a waiting reader asks for the buffered length, in ms: data that comes with a FIN is not announced (2.0 to 4.2), and an announcement may be lost. */
export const checkInterval = 2000;
/** The first such silence after the link was busy; twice as long at every check that finds nothing. An answer whose server then closes would wait `checkInterval` for its end. */
export const eager = 100;
/** The same where what is left is announced right behind an OK, or was counted before it. */
export const soon = 50;

/** The commands that fetch from one link, one at a time; none is written for a reader that has gone before. */
export interface Fetcher {
  /** The link as a parameter: none with AT+CIPMUX=0. */
  readonly params: { readonly link?: LinkId };
  /** Where the link stands in answers that list every link. */
  readonly index: number;
  readonly busy: boolean;
  /** `lasting`: once it is written, its answer counts even after `stop`. */
  run<T>(source: (options: ExecOptions) => Observable<T>, next: (value: T) => void, error: (cause: unknown) => void, lasting?: boolean): void;
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
  readonly changed: () => void;
}

interface Running {
  readonly life: Subscription;
  readonly lasting: boolean;
  written: boolean;
}

/** A fetcher with nothing to do. */
export const createFetcher = ({ module, link, wanted, changed }: FetcherConfig): Fetcher => {
  const lane = `pull:${String(link)}`;
  let running: Running | undefined;
  let check: Subscription | undefined;

  const awake = (): void => check?.unsubscribe();
  const drop = (): void => {
    running?.life.unsubscribe();
    running = undefined;
  };
  return {
    params: module.settings.cipmux ? { link } : {},
    index: module.settings.cipmux ? link : 0,
    get busy() {
      return running !== undefined;
    },
    run: (source, next, error, lasting = false) => {
      const own: Running = { life: new Subscription(), lasting, written: false };
      running = own;
      const ended = <V>(then: (value: V) => void) => (value: V): void => {
        if (running === own) running = undefined;
        then(value);
        changed();
      };
      own.life.add(source({ lane, written: () => (own.written = true) }).subscribe({ next: ended(next), error: ended(error) }));
    },
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
