import type { Observable } from 'rxjs';
import type { AtModule } from '../module/atModule.js';
import { openStream } from '../socket/openStream.js';
import type { Socket } from '../socket/socket.js';
import type { StreamConfig } from '../socket/streamConfig.js';

/** How a TCP connection is opened. */
export type TcpConfig = StreamConfig;

/**
 * A TCP connection. Cold: on subscribe it takes a free link, sets the receive mode and the socket options, sends AT+CIPSTART and emits one `Socket`;
 * completes when the peer has closed and everything was read; unsubscribing closes the link (AT+CIPCLOSE) in the background, and its id is
 * free when that has ended. Errors: `link` (refused, none-free, taken, receive-mode, overflow, reused, receive), `command`, `module` (reset),
 * `transport`, `unsupported`, `usage`. Document 000 §4.3.1; document 002 AT+CIPSTART.
 */
export const tcp = (module: AtModule, config: TcpConfig): Observable<Socket> => openStream(module, 'TCP', config);
