import { catchError, concat, defer, EMPTY, filter, NEVER, Observable, ReplaySubject, Subject, Subscription, takeUntil, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';

/** From a role's coming into force to the module's next restart, or to the role's end. */
export interface RoleTime {
  /** What ends with it. */
  readonly life: Subscription;
  /** Why it has ended, once it has: `module`/`reset`, or `link`/`closed`. */
  readonly ended: AtError | undefined;
  /** Errors with the same when it ends; never emits. */
  readonly over: Observable<never>;
  /** The work, or the same error where it has ended before. */
  alive<T>(work: () => Observable<T>): Observable<T>;
  /** The source until it ends; nothing of it afterwards. */
  during<T>(source: Observable<T>): Observable<T>;
}

const closed = (what: string): AtError => new AtError({ kind: 'link', code: 'closed', message: `${what} is switched off` });
const reset = (what: string): AtError => new AtError({ kind: 'module', code: 'reset', message: `the module restarted: ${what} begins anew`, retry: 'safe' });

/** A restart begins it anew. */
const patient = <T>(source: Observable<T>): Observable<T> =>
  source.pipe(catchError((error: unknown): Observable<never> => (isAtError(error, 'module') && error.code === 'reset' ? NEVER : throwError(() => error))));

/** What `build` makes of a role that has come into force; errors as `build`, but for restarts. `what`: of messages. */
export const roleTime = <T>(module: AtModule, what: string, build: (time: RoleTime) => Observable<T>): Observable<T> =>
  new Observable<T>((subscriber) => {
    const life = new Subscription();
    const over = new ReplaySubject<never>(1);
    const end = new Subject<void>();
    let ended: AtError | undefined;
    const close = (why: AtError): void => {
      if (ended !== undefined) return;
      ended = why;
      end.next();
      over.error(why);
    };
    const time: RoleTime = {
      life,
      get ended() {
        return ended;
      },
      over,
      alive: (work) => defer(() => (ended === undefined ? work() : throwError(() => ended))),
      during: (source) => defer(() => (ended === undefined ? source.pipe(takeUntil(end)) : EMPTY)),
    };
    const gone = (): void => close(closed(what));
    life.add(module.events.pipe(filter(({ name }) => name === 'ready')).subscribe({ next: () => close(reset(what)), error: gone, complete: gone }));
    life.add(concat(patient(defer(() => build(time))), NEVER).subscribe(subscriber));
    return () => {
      gone();
      life.unsubscribe();
    };
  });
