import { catchError, defer, EMPTY, ignoreElements, type Observable, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import type { StreamConfig } from './streamConfig.js';

/** Commands a firmware may lack: their refusal costs a comfort, not the connection. */
const wished = (source: Observable<never>): Observable<never> =>
  source.pipe(catchError((error: unknown) => (isAtError(error) && (error.kind === 'unsupported' || error.code === 'rejected') ? EMPTY : throwError(() => error))));

/** Sets every option of a link, because it keeps those of its last connection. What the user asked for must succeed. Cold. */
export const setSocketOptions = (module: AtModule, link: LinkId, { linger, noDelay, sendTimeout }: Pick<StreamConfig, 'linger' | 'noDelay' | 'sendTimeout'>): Observable<never> =>
  defer(() => {
    const asked = linger !== undefined || noDelay !== undefined || sendTimeout !== undefined;
    if (!asked && !module.dialect.capabilities.socketOptions) return EMPTY;
    const options = { linger: linger ?? -1, noDelay: noDelay ?? false, sendTimeout: sendTimeout ?? 10_000 };
    const set = module.exec(tcpip.socketOptions, { ...(module.settings.cipmux ? { link } : {}), ...options }).pipe(ignoreElements());
    return asked ? set : wished(set);
  });
