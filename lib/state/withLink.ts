import { finalize, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from './links.js';

const linkCount = 5;
const reservations = new WeakMap<AtModule, Set<LinkId>>();

const reservedBy = (module: AtModule): Set<LinkId> => {
  const found = reservations.get(module) ?? new Set<LinkId>();
  reservations.set(module, found);
  return found;
};

/**
 * Runs with a link ID of its own for as long as the subscription lasts; cold. Without a wish it is the highest free one: clients that a
 * server accepts get the lowest. Errors `link`/`none-free`, or `link`/`taken` for a wish.
 */
export const withLink = <T>(module: AtModule, wish: LinkId | undefined, project: (link: LinkId) => Observable<T>): Observable<T> =>
  module.links.pipe(
    take(1),
    mergeMap((table) => {
      const reserved = reservedBy(module);
      const free = (link: LinkId): boolean => !reserved.has(link) && table.get(link)?.open !== true;
      const ids = module.settings.cipmux ? Array.from({ length: linkCount }, (_, index) => linkCount - 1 - index) : [0];
      const link = wish === undefined ? ids.find(free) : ids.includes(wish) && free(wish) ? wish : undefined;
      if (link === undefined) {
        const [code, message] = wish === undefined ? ['none-free', 'every link is in use'] : ['taken', `link ${String(wish)} is in use`];
        return throwError(() => new AtError({ kind: 'link', code, message, retry: 'safe' }));
      }
      reserved.add(link);
      return project(link).pipe(finalize(() => reserved.delete(link)));
    }),
  );
