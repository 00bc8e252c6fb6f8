import { tap } from 'rxjs';
import type { HostDatagramHandler } from '../datagramExchange.js';

/** Sends each datagram back to where it came from. */
export const echoDatagrams = (): HostDatagramHandler => (socket) => socket.incoming.pipe(tap(({ bytes, remote }) => { socket.send(bytes, remote); }));
