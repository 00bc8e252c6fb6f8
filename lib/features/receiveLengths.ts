import { map, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';

/**
 * Bytes that wait in the module, by link, in passive receive mode; links without any are absent. An upper bound for TLS. Cold: on subscribe it sends
 * AT+CIPRECVLEN?, emits once and completes; unsubscribing lets the answer go unheard. A closed link says -1 (2.x), 0 or nothing. Errors: `command`, `decode`.
 * Document 000 §4.25; document 002 AT+CIPRECVLEN.
 */
export const receiveLengths = (module: AtModule): Observable<ReadonlyMap<LinkId, number>> =>
  module.exec(tcpip.receiveLengths).pipe(map((lengths) => new Map(lengths.map((length, link): [LinkId, number] => [link, length]).filter(([, length]) => length > 0))));
