import { map, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/**
 * The firmware versions that the update server has. Cold: on subscribe it sends AT+CIPFWVER?, emits the list and completes; needs a joined station.
 * Unsubscribing lets the answer go unheard. Errors: `unsupported` (before 3.0), `command`, `module`, `transport`. Document 002 AT+CIPFWVER.
 */
export const firmwareVersions = (module: AtModule): Observable<readonly string[]> => module.exec(tcpip.updateVersions).pipe(map((found) => found.map(({ version }) => version)));
