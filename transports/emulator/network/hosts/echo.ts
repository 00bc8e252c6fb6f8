import { concatMap, finalize, tap } from 'rxjs';
import type { HostHandler } from '../hostSocket.js';
import { sendAll } from './sendAll.js';

/** Sends back what comes, in order; reads on only when the last chunk is taken, so that a module that does not read holds itself back. Ends after the module. */
export const echo = (): HostHandler => (socket) =>
  socket.incoming.pipe(
    tap(() => { socket.hold(true); }),
    concatMap((chunk) => sendAll(socket, chunk).pipe(finalize(() => { socket.hold(false); }))),
  );
