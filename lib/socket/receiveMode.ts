import { catchError, defer, EMPTY, ignoreElements, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { commandKey } from '../command/command.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';

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
        const message = 'the receive mode is one for every link and cannot change while links are open';
        return throwError(() => new AtError({ kind: 'link', code: 'receive-mode', message, retry: 'safe', cause }));
      }),
    );
    remember(module, shared && !tcpOnly ? everyLink : link, passive);
    return module.links.pipe(
      take(1),
      mergeMap((table) => (stands() && [...table.values()].some(({ open }) => open) ? EMPTY : set)),
    );
  });
