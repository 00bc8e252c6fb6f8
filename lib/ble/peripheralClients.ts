import { BehaviorSubject, filter, map, merge, type Observable, type Subscription } from 'rxjs';
import { ofEvent } from '../command/index.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { type FoundConnection, foundConnections, isOpen } from './foundConnections.js';
import type { ServerCharacteristic } from './peripheralTable.js';

/** A central that is connected. */
export interface PeripheralConnection extends FoundConnection {
  /** Bytes of an ATT packet as agreed; a notification holds three less. */
  readonly mtu: number;
}

/** What a central wants to be told of. */
export interface Subscribed {
  readonly notify: boolean;
  readonly indicate: boolean;
}

/** Who is connected, and what each of them has asked for: it is forgotten with the connection. */
export interface PeripheralClients {
  readonly connections: BehaviorSubject<readonly PeripheralConnection[]>;
  wanted(connection: number, characteristic: ServerCharacteristic): Subscribed;
  /** A central has written its configuration of a characteristic. */
  configure(connection: number, characteristic: ServerCharacteristic, bits: number): Subscribed;
  agreed(connection: number, mtu: number): void;
}

/** The least that every central takes. */
const leastMtu = 23;
const key = ({ service, index }: ServerCharacteristic): string => `${String(service)}.${String(index)}`;
const subscribedOf = (bits: number): Subscribed => ({ notify: (bits & 1) !== 0, indicate: (bits & 2) !== 0 });

/** Follows the centrals of a module from now on, as long as `life`. */
export const followClients = (module: AtModule, life: Subscription): PeripheralClients => {
  const connections = new BehaviorSubject<readonly PeripheralConnection[]>([]);
  const bits = new Map<number, Map<string, number>>();
  /** Found open: what they asked for before nobody has seen. */
  const inherited = new Set<number>();
  const others = (connection: number): readonly PeripheralConnection[] => connections.value.filter((known) => known.connection !== connection);
  const put = (row: PeripheralConnection): void => connections.next([...others(row.connection), row].sort((a, b) => a.connection - b.connection));
  const drop = (connection: number): void => {
    bits.delete(connection);
    inherited.delete(connection);
    if (others(connection).length < connections.value.length) connections.next(others(connection));
  };
  const come = ({ connection, address }: FoundConnection): void => {
    bits.delete(connection);
    inherited.delete(connection);
    put({ connection, address, mtu: leastMtu });
  };
  const agreed = (connection: number, mtu: number): void => {
    const known = connections.value.find((row) => row.connection === connection);
    if (known !== undefined && mtu >= leastMtu && mtu !== known.mtu) put({ ...known, mtu });
  };

  const opened: Observable<() => void> = module.events.pipe(
    ofEvent(events.bleConnected),
    filter(({ fields: { failed } }) => !failed),
    map(({ fields }) => () => come({ connection: fields.connection, address: fields.address ?? '' })),
  );
  const closed = module.events.pipe(ofEvent(events.bleDisconnected), map(({ fields }) => () => drop(fields.connection)));
  const sized = module.events.pipe(ofEvent(events.bleMtu), map(({ fields }) => () => agreed(fields.connection, fields.mtu)));
  const listed = foundConnections(module).pipe(
    map((open) => () => {
      for (const known of connections.value) if (!isOpen(open, known)) drop(known.connection);
      for (const row of open.filter((found) => !isOpen(connections.value, found))) {
        come(row);
        inherited.add(row.connection);
      }
    }),
  );
  life.add(merge(opened, closed, sized, listed).subscribe({ next: (change) => change(), error: () => undefined }));

  return {
    connections,
    // The firmware knows what an inherited one has asked for, and refuses the rest.
    wanted: (connection, characteristic) => subscribedOf(bits.get(connection)?.get(key(characteristic)) ?? (inherited.has(connection) ? 3 : 0)),
    configure: (connection, characteristic, value) => {
      const mine = bits.get(connection) ?? new Map<string, number>();
      bits.set(connection, mine.set(key(characteristic), value));
      return subscribedOf(value);
    },
    agreed,
  };
};

