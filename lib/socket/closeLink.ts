import { defer, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';

/** AT+CIPCLOSE of a link, in the form that AT+CIPMUX asks for. Cold. */
export const closeLink = (module: AtModule, link: LinkId): Observable<unknown> => defer(() => (module.settings.cipmux ? module.exec(tcpip.close, { link }) : module.exec(tcpip.closeSingle)));
