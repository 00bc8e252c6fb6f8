import { catchError, defer, EMPTY, ignoreElements, map, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { commandKey } from '../command/command.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { reservedLinks } from '../state/withLink.js';

/** Every link in commands that take one. */
export const everyLink = 5;

const known = new WeakMap<AtModule, Map<LinkId, boolean>>();

const remember = (module: AtModule, link: LinkId, passive: boolean): void => {
  const modes = known.get(module) ?? new Map<LinkId, boolean>();
  known.set(module, modes);
  for (const id of link === everyLink ? [0, 1, 2, 3, 4] : [link]) modes.set(id, passive);
};

/** Whether the link was set to passive receive last; not valid past a restart. */
export const isPassive = (module: AtModule, link: LinkId): boolean => known.get(module)?.get(link) === true;

/**
 * Whether a link for datagrams that may be received either way is received passively: only where one mode serves every link, stands passive and
 * others may need it so. Cold, one value. Only active receive keeps datagrams apart (2.1 and later: one AT+CIPRECVDATA reads on into the next).
 */
export const mustBePassive = (module: AtModule, link: LinkId): Observable<boolean> =>
  module.links.pipe(
    take(1),
    map((table) => {
      const { passiveReceive } = module.dialect.capabilities;
      if (passiveReceive.tcpOnly === true || 'link' in passiveReceive.enable(link).params) return false;
      if (!(known.get(module)?.get(link) ?? module.settings.passive)) return false;
      return module.settings.server || [...table.values()].some(({ open }) => open) || [...reservedLinks(module)].some((other) => other !== link);
    }),
  );

/**
 * Sets passive or active receive for a link that is about to be used, or for every one. Cold. Where one switch serves every link and links are
 * open, it cannot be thrown any more on 2.x: error `link`/`receive-mode` unless it stands right already. Where passive receive is for TCP alone, it is
 * `unsupported` for other types, which need no switching.
 */
export const setReceive = (module: AtModule, link: LinkId, passive: boolean, type: 'TCP' | 'SSL' | 'UDP' = 'TCP'): Observable<never> =>
  defer(() => {
    const { passiveReceive } = module.dialect.capabilities;
    const { command, params } = passiveReceive.enable(link);
    const tcpOnly = passiveReceive.tcpOnly === true;
    if (tcpOnly && type !== 'TCP') {
      remember(module, link, false);
      if (!passive) return EMPTY;
      const { name } = module.dialect;
      const message = `dialect ${name} has passive receive for TCP only: ask for active receive`;
      return throwError(() => new AtError({ kind: 'unsupported', code: 'parameter', message, details: { dialect: name, parameter: 'receive' } }));
    }
    // Firmware without passive receive has nothing to switch.
    if (!passive && !module.dialect.commands.has(commandKey(command))) return EMPTY;
    const shared = !('link' in params);
    const given = module.settings.cipmux ? { ...params, passive } : { passive };
    const stands = (): boolean => shared && module.settings.passive === passive;
    const set = module.exec(command, given).pipe(
      ignoreElements(),
      catchError((cause: unknown) => {
        if (!shared || !isAtError(cause) || cause.code !== 'rejected') return throwError(() => cause);
        if (stands()) return EMPTY;
        remember(module, everyLink, !passive);
        const stuck = `the receive mode is one for every link and cannot become ${passive ? 'passive' : 'active'} while links are open`;
        const message = `${stuck}: open every socket with the same \`receive\` (\`udp\` takes \`receive: 'passive'\`)`;
        return throwError(() => new AtError({ kind: 'link', code: 'receive-mode', message, retry: 'safe', cause }));
      }),
    );
    remember(module, shared && !tcpOnly ? everyLink : link, passive);
    return module.links.pipe(
      take(1),
      mergeMap((table) => (stands() && [...table.values()].some(({ open }) => open) ? EMPTY : set)),
    );
  });
