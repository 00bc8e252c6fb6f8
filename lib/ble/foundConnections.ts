import { map, type Observable, Subject } from 'rxjs';
import * as ble from '../commands/ble.js';
import type { AtModule } from '../module/atModule.js';

/** An open connection as AT+BLECONN? lists it. */
export interface FoundConnection {
  readonly connection: number;
  readonly address: string;
}

/** Whether a connection is among those that are open: the same peer under the same number. */
export const isOpen = (open: readonly FoundConnection[], { connection, address }: FoundConnection): boolean =>
  open.some((row) => row.connection === connection && row.address === address);

const found = new WeakMap<AtModule, Subject<readonly FoundConnection[]>>();

const foundOf = (module: AtModule): Subject<readonly FoundConnection[]> => {
  const subject = found.get(module) ?? new Subject<readonly FoundConnection[]>();
  found.set(module, subject);
  return subject;
};

/** Hot: what was found open after a raw stream, during which the module tells of no connection that comes or goes. Never completes. */
export const foundConnections = (module: AtModule): Observable<readonly FoundConnection[]> => foundOf(module);

/** Asks AT+BLECONN?, tells whoever follows connections, and emits what is open; `exec` of who has the line alone. Cold. */
export const findConnections = (module: AtModule, exec: AtModule['exec'] = module.exec): Observable<readonly FoundConnection[]> =>
  exec(ble.connectionsQuery).pipe(
    map((open) => {
      foundOf(module).next(open);
      return open;
    }),
  );
