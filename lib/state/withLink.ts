import { finalize, mergeMap, type Observable, Subject, take, throwError, throwIfEmpty } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from './links.js';

const linkCount = 5;

interface Pool {
  readonly reserved: Set<LinkId>;
  /** Reserved by nobody but their last command: free when it has ended. */
  readonly closing: Set<LinkId>;
  readonly freed: Subject<void>;
}

const pools = new WeakMap<AtModule, Pool>();

const poolOf = (module: AtModule): Pool => {
  const found = pools.get(module) ?? { reserved: new Set<LinkId>(), closing: new Set<LinkId>(), freed: new Subject<void>() };
  pools.set(module, found);
  return found;
};

/** Link IDs that this package uses or is about to use: a connection on another one is a client of the server. */
export const reservedLinks = (module: AtModule): ReadonlySet<LinkId> => poolOf(module).reserved;

/** A link ID for as long as it is used. */
export interface Lease {
  readonly link: LinkId;
  /** Runs the last command of the link in the background; the ID is free when it has ended. */
  leave(rest: Observable<unknown>): void;
}

const lease = ({ reserved, closing, freed }: Pool, link: LinkId): Lease & { readonly end: () => void } => {
  let left = false;
  const free = (): void => {
    reserved.delete(link);
    closing.delete(link);
    freed.next();
  };
  reserved.add(link);
  return {
    link,
    leave: (rest) => {
      left = true;
      closing.add(link);
      rest.subscribe({ error: free, complete: free });
    },
    end: () => left || free(),
  };
};

/**
 * Runs with a link ID of its own for as long as the subscription lasts, and until what it leaves behind has ended; cold. Without a wish it is
 * the highest free one: clients that a server accepts get the lowest. Waits for one that is being closed. Errors `link`/`none-free`, or `link`/`taken` for a wish.
 */
export const withLink = <T>(module: AtModule, wish: LinkId | undefined, project: (lease: Lease) => Observable<T>): Observable<T> =>
  module.links.pipe(
    take(1),
    throwIfEmpty(() => new AtError({ kind: 'module', code: 'closed', message: 'the module is closed' })),
    mergeMap((table) => {
      const pool = poolOf(module);
      const ids = module.settings.cipmux ? Array.from({ length: linkCount }, (_, index) => linkCount - 1 - index) : [0];
      const wished = wish === undefined ? ids : ids.filter((id) => id === wish);
      const link = wished.find((id) => !pool.reserved.has(id) && table.get(id)?.open !== true);
      if (link !== undefined) {
        const leased = lease(pool, link);
        return project(leased).pipe(finalize(leased.end));
      }
      if (wished.some((id) => pool.closing.has(id))) return pool.freed.pipe(take(1), mergeMap(() => withLink(module, wish, project)));
      const [code, message] = wish === undefined ? ['none-free', 'every link is in use'] : ['taken', `link ${String(wish)} is in use`];
      return throwError(() => new AtError({ kind: 'link', code, message, retry: 'safe' }));
    }),
  );
