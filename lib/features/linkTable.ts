import { combineLatest, distinctUntilChanged, filter, map, mergeMap, type Observable, switchMap, take } from 'rxjs';
import type { AtModule } from '../module/atModule.js';
import { openLinks } from '../socket/linkExists.js';
import type { LinkId, LinkState, LinkTable } from '../state/links.js';

type Row = Pick<LinkState, 'link' | 'type' | 'role' | 'remoteAddress' | 'remotePort' | 'localPort'>;

/** What the module listed, and the table of events when it was asked and when it answered. */
interface Listing {
  readonly before: LinkTable;
  readonly after: LinkTable;
  readonly rows: readonly Row[];
}

const same = (a: LinkState | undefined, b: LinkState | undefined): boolean => a?.generation === b?.generation && a?.open === b?.open;

/** The state of one link by events, put right by a listing that is not older than it. */
const corrected = (state: LinkState | undefined, { before, after, rows }: Listing, link: LinkId): LinkState | undefined => {
  if (!same(state, after.get(link))) return state;
  const steady = same(before.get(link), after.get(link));
  const row = rows.find((candidate) => candidate.link === link);
  // Changed while the module was asked: the events are as new as the answer.
  if (row === undefined) return state === undefined || !steady ? state : { ...state, open: false };
  return steady || state?.open === true ? { generation: 0, announced: 0, ...state, ...row, open: true } : state;
};

const merged = (events: LinkTable, listing: Listing): LinkTable => {
  const ids = new Set([...events.keys(), ...listing.rows.map(({ link }) => link)]);
  const states = [...ids].sort((a, b) => a - b).map((link): [LinkId, LinkState | undefined] => [link, corrected(events.get(link), listing, link)]);
  return new Map(states.filter((entry): entry is [LinkId, LinkState] => entry[1] !== undefined));
};

/** Open links of which the events have not told the ends: those that only say CONNECT. */
const unknownEnds = (table: LinkTable): string =>
  [...table.values()]
    .filter(({ open, remoteAddress }) => open && remoteAddress === undefined)
    .map(({ link, generation }) => `${String(link)}:${String(generation)}`)
    .join();

const asked = (module: AtModule): Observable<Listing> =>
  module.links.pipe(
    take(1),
    mergeMap((before) => (openLinks(module) as Observable<readonly Row[]>).pipe(mergeMap((rows) => module.links.pipe(take(1), map((after) => ({ before, after, rows })))))),
  );

/**
 * Every link with both its ends. Cold: on subscribe, and whenever a link opens of which the module did not tell the ends, it asks the module (AT+CIPSTATE?,
 * AT+CIPSTATUS in a dialect without it); emits the table after the first answer and at every change that events tell; completes with the module. Links that opened or
 * closed unheard are put right: one that the module no longer lists is not open, although what it has left may still be read. Unsubscribing sends nothing.
 * Errors: `command`, `decode`, `module` (reset while it is asked; safe to repeat), `transport`. Document 000 §4.1; document 002 AT+CIPSTATE.
 */
export const linkTable = (module: AtModule): Observable<LinkTable> => {
  const listing = module.links.pipe(
    map(unknownEnds),
    distinctUntilChanged(),
    filter((unknown, index) => index === 0 || unknown !== ''),
    switchMap(() => asked(module)),
  );
  return combineLatest([module.links, listing]).pipe(map(([events, found]) => merged(events, found)));
};
