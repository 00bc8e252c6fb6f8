import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Observable } from 'rxjs';

/** A web server on a port of this computer; 0 picks a free one. Cold; emits its address and never completes, unsubscribing closes it with its connections. */
export const listening = (create: () => Server, port = 0): Observable<string> =>
  new Observable<string>((subscriber) => {
    const server = create();
    server.on('error', (error) => subscriber.error(error));
    server.listen(port, '127.0.0.1', () => subscriber.next(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`));
    return () => {
      server.close();
      server.closeAllConnections();
    };
  });

/** The port that a command line names; 8080 without one. */
export const portOf = (text = '8080'): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`${text} is no port from 0 to 65535`);
  return Number(text);
};
