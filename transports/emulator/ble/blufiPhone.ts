import { defer, EMPTY, filter, ignoreElements, map, merge, mergeMap, take, takeUntil, throwError, type Observable } from 'rxjs';
import { EmulatorError } from '../emulatorError.js';
import { bytesOf, textOf, utf8 } from '../format.js';
import type { BleLink, BlufiMessage } from './peer.js';
import { VisitingCentral, type VisitorConfig } from './visitingCentral.js';

/** A phone that is connected to a module by BluFi. After the connection is over `provision` and `send` error `transport`/`lost`. */
export interface BlufiConversation {
  /** Cold. Names the network that the module is to join; emits once whether it did, and completes. */
  provision(network: { readonly ssid: string; readonly password: string }): Observable<boolean>;
  /** Cold. Sends data to the host of the module, which sees +BLUFIDATA from release 3.0 on; completes when the module has them. At most 600 bytes. */
  send(bytes: Uint8Array): Observable<never>;
  /** Hot. What AT+BLUFISEND brings. Completes when the connection is over. */
  readonly received: Observable<Uint8Array>;
}

/** A phone in the air with the app of BluFi. */
export interface BlufiPhone {
  /** Its Bluetooth address, for `air.place`. */
  readonly address: string;
  /**
   * Cold. Connects to the module with this public address as soon as AT+BLUFI=1 makes it advertise; emits the conversation. Completes when the connection is over;
   * unsubscribing disconnects. One at a time: another errors `usage`/`overlap`.
   */
  connect(address: string): Observable<BlufiConversation>;
}

const lost = (): EmulatorError => new EmulatorError('transport', 'lost', 'the connection is over', 'safe');

/** Makes a phone. Nothing happens before `connect` is subscribed. */
export const blufiPhone = (config: VisitorConfig): BlufiPhone => {
  const central = new VisitingCentral(config);
  const deliver = (link: BleLink, bytes: number, message: BlufiMessage): Observable<never> =>
    link.ask(central, bytes, 1, (module) => {
      module.blufi?.(link, message);
      return true;
    }).pipe(mergeMap((arrived) => (arrived === true ? EMPTY : throwError(lost))));
  const conversation = (link: BleLink): BlufiConversation => ({
    provision: ({ ssid, password }) =>
      defer(() => {
        const network = { kind: 'network', ssid: utf8(ssid), password: utf8(password) } as const;
        const states = central.messages.pipe(mergeMap((message) => (message.kind === 'state' ? [message.joined] : [])));
        const ended = central.over.pipe(mergeMap(() => throwError(lost)));
        return merge(states, ended, deliver(link, network.ssid.length + network.password.length + 12, network)).pipe(take(1));
      }),
    send: (bytes) => defer(() => deliver(link, bytes.length, { kind: 'data', data: textOf(bytes) })).pipe(ignoreElements()),
    received: central.messages.pipe(
      filter((message) => message.kind === 'data'),
      map(({ data }) => bytesOf(data)),
      takeUntil(central.over),
    ),
  });
  return { address: central.address, connect: (address) => central.connect(address).pipe(map(conversation)) };
};
