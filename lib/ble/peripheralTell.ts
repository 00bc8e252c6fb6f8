import { catchError, concat, defer, EMPTY, ignoreElements, mergeMap, type Observable, tap, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import * as ble from '../commands/ble.js';
import type { AtModule } from '../module/atModule.js';
import { findConnections, isOpen } from './foundConnections.js';
import type { PeripheralClients, PeripheralConnection } from './peripheralClients.js';
import type { ServerCharacteristic } from './peripheralTable.js';

/** Who is told of a value. */
export interface TellOptions {
  /** Only this connection, as `connections` numbers them. Default: every central that has asked for it. */
  readonly connection?: number;
}

/** What notifications and indications differ in. */
interface Manner {
  readonly command: typeof ble.notify;
  readonly property: 'notify' | 'indicate';
}

const manners = {
  notify: { command: ble.notify, property: 'notify' },
  indicate: { command: ble.indicate, property: 'indicate' },
} as const satisfies Readonly<Record<string, Manner>>;

/** What a packet has beside the value. */
const overhead = 3;

const link = (code: string, message: string, details: Readonly<Record<string, unknown>>, cause?: unknown): AtError =>
  new AtError({ kind: 'link', code, message, retry: 'safe', details, ...(cause === undefined ? {} : { cause }) });

/** Everything that is known before a byte is sent. */
const recipients = (
  { connections, wanted }: PeripheralClients,
  target: ServerCharacteristic,
  { property }: Manner,
  only?: number,
): readonly PeripheralConnection[] | AtError => {
  const { uuid, properties } = target;
  if (!properties.includes(property)) {
    return new AtError({ kind: 'unsupported', code: 'property', message: `characteristic ${uuid} does not allow ${property}`, details: { uuid, properties } });
  }
  const open = connections.value.filter(({ connection }) => only === undefined || connection === only);
  if (open.length === 0) return link('offline', 'no central is connected', { uuid });
  const asking = open.filter(({ connection }) => wanted(connection, target)[property]);
  return asking.length > 0 ? asking : link('not-subscribed', `no central has asked to be told of ${uuid}`, { uuid });
};

/** Releases cut what is too long without a word. */
const fits = (module: AtModule, clients: PeripheralClients, { connection, mtu }: PeripheralConnection, length: number): Observable<never> => {
  if (length <= mtu - overhead) return EMPTY;
  // +BLECFGMTU does not come in every release: asked before it is refused.
  return module.exec(ble.mtuQuery).pipe(
    tap((rows) => rows.forEach((row) => clients.agreed(row.connection, row.mtu))),
    mergeMap((rows) => {
      const room = (rows.find((row) => row.connection === connection)?.mtu ?? mtu) - overhead;
      const message = `${String(length)} bytes do not fit into the ${String(room)} that the central takes`;
      return length <= room ? EMPTY : throwError(() => new AtError({ kind: 'usage', code: 'length', message, details: { length, room, connection } }));
    }),
  );
};

/** A refusal of a connection that is gone says so; asking proves the line, too. */
const explained = (module: AtModule, row: PeripheralConnection): ((error: unknown) => Observable<never>) => (error) => {
  const { connection, address } = row;
  if (!isAtError(error) || (error.kind !== 'send' && error.kind !== 'command') || (error.code !== 'rejected' && error.code !== 'failed')) return throwError(() => error);
  return findConnections(module).pipe(
    mergeMap((open) => throwError(() => (isOpen(open, row) ? error : link('lost', `the connection to ${address} is gone`, { connection, address }, error)))),
  );
};

/** Tells centrals of a value, one after the other. Cold; completes after the last `OK`. */
export const tell = (
  module: AtModule,
  clients: PeripheralClients,
  how: keyof typeof manners,
  target: ServerCharacteristic,
  data: Uint8Array,
  { connection: only }: TellOptions = {},
): Observable<never> =>
  defer(() => {
    const manner = manners[how];
    const found = checkNumber('length', data.length, 1, 512) ?? recipients(clients, target, manner, only);
    if (isAtError(found)) return throwError(() => found);
    const { service, index } = target;
    const sent = (row: PeripheralConnection): Observable<never> =>
      defer(() => module.exec(manner.command, { connection: row.connection, service, characteristic: index, length: data.length }, { data })).pipe(
        ignoreElements(),
        catchError(explained(module, row)),
      );
    return concat(...found.map((row) => fits(module, clients, row, data.length)), ...found.map(sent));
  });
