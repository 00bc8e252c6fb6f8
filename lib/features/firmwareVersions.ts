import { map, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/**
 * The firmware versions that the update server has. Cold: on subscribe it sends AT+CIPFWVER?, emits each version and completes; needs a joined station.
 * Errors: `unsupported` (before 3.0), `command`. Document 002 AT+CIPFWVER.
 */
export const firmwareVersions = (module: AtModule): Observable<string> => module.exec(tcpip.updateVersions).pipe(map(({ version }) => version));
