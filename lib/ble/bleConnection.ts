import { defer, filter, ignoreElements, map, type Observable } from 'rxjs';
import type { AtEvent } from '../command/index.js';
import type { PairingOptions } from '../bluetooth/pairingConversation.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { discover } from './discover.js';
import type { DiscoverOptions, GattTree } from './gattTypes.js';
import { type BleParameters, type BleParametersInForce, linkMtu, linkParameters, units } from './linkParameters.js';
import { pair, pairings, type PairingStep, type PairOptions } from './pairing.js';
import type { PeerLife } from './peerLife.js';
import { createValueTable } from './valueTable.js';

/** What changes on a connection; its end is that of the Observable. Intervals and time-outs in ms. */
export type BleConnectionEvent =
  | { readonly event: 'mtu'; /** Bytes; `undefined` where the peer refused. */ readonly mtu: number | undefined }
  | { readonly event: 'parameters'; readonly interval: number | undefined; readonly latency: number | undefined; readonly timeout: number | undefined }
  | { /** Discover again: what was found before may stand elsewhere. */ readonly event: 'services-changed' };

/**
 * An open connection to a peripheral. Everything is cold unless it says otherwise, and errors when the connection ends: `link` (lost; closed where it was left),
 * `module`/`reset`. A command under way then ends by itself, unheard.
 */
export interface BleConnection {
  /** The module's number of it. */
  readonly connection: number;
  readonly address: string;
  /** Hot. Never completes. */
  readonly events: Observable<BleConnectionEvent>;
  /**
   * The MTU: with `bytes` (23 to 517) AT+BLECFGMTU and what the peer agreed to, without them the query; emits once and completes. A notification holds three bytes less.
   * Errors: `usage`, `link`/`refused`, `command`. Document 000 §5.15.
   */
  mtu(bytes?: number): Observable<number>;
  /**
   * Interval, latency and time-out: with `wanted` AT+BLECONNPARAM and what both sides agreed to, without it the query; emits once and completes. Where the module says
   * nothing of the outcome for 30 s, what is in force. A short interval carries more, a long one spares power. Errors: `usage` before a byte is sent (`minInterval`,
   * `maxInterval`, `latency`, `timeout`, the first two and the last in units of the wire), `link`/`refused`, `command`. In neither document, but in every release.
   */
  parameters(wanted?: BleParameters): Observable<BleParametersInForce>;
  /** AT+BLEDATALEN: bytes of a data packet, 27 to 251; completes when the module took it. Errors: `usage`, `command`. Document 000 §5.14. */
  dataLength(bytes: number): Observable<never>;
  /**
   * Services, what they include, characteristics and descriptors: each subscription asks the peer anew, emits the tree once and completes. Values can be used of those
   * services only that the latest discovery looked into. Errors: `command`. Document 000 §5.23 to §5.25.
   */
  discover(options?: DiscoverOptions): Observable<GattTree>;
  /**
   * AT+BLEENC, then each step of the pairing to its result, with which it completes. Unsubscribing leaves it to the peer and its time-outs. Errors: `usage`,
   * `command`, `link`: `unpaired` (refused, wrong key), `timeout` after `patience`. Document 000 §5.31.
   */
  pair(options?: PairOptions): Observable<PairingStep>;
  /** Hot: each step of pairings on this connection, those that the peer begins among them. A failed one is a `result`, no error. */
  pairings(options?: PairingOptions): Observable<PairingStep>;
}

const ms = (count: number | undefined, unit: number): number | undefined => (count === undefined ? undefined : count * unit);

const changeOf = ({ name, fields }: AtEvent, connection: number): BleConnectionEvent | undefined => {
  if (fields['connection'] !== connection) return undefined;
  if (name === events.bleMtu.name) {
    const mtu = fields['mtu'] as number;
    return { event: 'mtu', mtu: mtu < 0 ? undefined : mtu };
  }
  if (name === events.bleServicesChanged.name) return { event: 'services-changed' };
  if (name !== events.bleParameters.name) return undefined;
  const { interval, latency, timeout: silence } = fields as { interval?: number; latency?: number; timeout?: number };
  return { event: 'parameters', interval: ms(interval, units.interval), latency, timeout: ms(silence, units.timeout) };
};

/** The connection as its user has it. */
export const bleConnection = (module: AtModule, connection: number, address: string, life: PeerLife): BleConnection => {
  const peer = { module, connection, life, table: createValueTable(module, connection, life) };
  return {
    connection,
    address,
    events: life.guard(
      module.events.pipe(
        map((event) => changeOf(event, connection)),
        filter((change) => change !== undefined),
      ),
    ),
    mtu: (bytes) => life.guard(defer(() => linkMtu(module, connection, bytes))),
    parameters: (wanted) => life.guard(defer(() => linkParameters(module, connection, wanted))),
    dataLength: (length) => life.guard(defer(() => module.exec(ble.packetLength, { connection, length }))).pipe(ignoreElements()),
    discover: (options = {}) => discover(peer, options),
    pair: (options = {}) => pair(module, life.guard, connection, options),
    pairings: (options = {}) => pairings(module, life.guard, connection, options),
  };
};
