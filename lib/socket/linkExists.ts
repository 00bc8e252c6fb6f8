import { map, type Observable } from 'rxjs';
import { commandKey } from '../command/command.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { ExecOptions } from '../module/execute.js';
import type { LinkId } from '../state/links.js';

/** What is known of an open link. */
export interface LinkRow {
  readonly link: LinkId;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
}

/** Every open link: AT+CIPSTATE where the dialect has it (2.4 and later), else AT+CIPSTATUS. Cold. */
export const openLinks = (module: AtModule, options: ExecOptions = {}): Observable<readonly LinkRow[]> =>
  module.dialect.commands.has(commandKey(tcpip.links))
    ? module.exec(tcpip.links, {}, options)
    : module.exec(tcpip.status, {}, options).pipe(map(({ links }) => links));

/** Whether the module still has the link. Cold. */
export const linkExists = (module: AtModule, link: LinkId, options: ExecOptions): Observable<boolean> =>
  openLinks(module, options).pipe(map((rows) => rows.some((row) => row.link === link)));
