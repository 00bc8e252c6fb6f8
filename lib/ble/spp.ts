import { concat, defer, ignoreElements, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import * as basic from '../commands/basic.js';
import * as ble from '../commands/ble.js';
import type { AtModule } from '../module/atModule.js';
import { rawStream } from '../socket/rawStream.js';
import type { Duplex } from '../socket/socket.js';
import { thereAndBack } from '../socket/thereAndBack.js';
import { findConnections, type FoundConnection, isOpen } from './foundConnections.js';

/** A characteristic by its numbers, as the role of the module counts: a `ServerCharacteristic` of a peripheral, a `GattCharacteristic` of a central. */
export interface SppPlace {
  readonly service: number;
  readonly index: number;
}

/** Which characteristics carry the stream, and how much of it waits. */
export interface SppConfig {
  /** What bytes are sent by. Of a peripheral it notifies or indicates, of a central's peer it can be written. */
  readonly tx: SppPlace;
  /** What bytes come by: the other way round. */
  readonly rx: SppPlace;
  /** Most bytes held unread before the port is held, or before the duplex fails with `link`/`overflow` where it cannot be. From 1 on. Default 65536. */
  readonly queueLimit?: number;
}

const lost = ({ connection, address }: FoundConnection): AtError =>
  new AtError({ kind: 'link', code: 'lost', message: 'the BLE connection was lost during the raw stream', retry: 'safe', details: { connection, address } });

/**
 * BLE SPP: bytes go over a BLE connection as they are, and nothing else goes over the line. The role is the caller's, who holds `ble.peripheral` or `ble.central` and
 * has a connection; a central asks to be told of `rx` first (`notifications()`), and a peripheral's bytes are lost until one has. Cold: on subscribe it waits for the line,
 * sends AT+BLESPPCFG and AT+BLESPP, and emits one `Duplex`. Commands of others wait until it has ended. Completes after `end()`. Unsubscribing, `end()` and
 * the closing of the module leave it in order: quiet, `+++` alone, a second of quiet, a query until it is answered, AT+BLESPPCFG=0; on unsubscribe in the background.
 *
 * The module tells nothing meanwhile: bytes sent after the connection was lost are gone, and the loss is found when the stream is left, by AT+BLECONN?. What comes is not
 * asked for: a port that can be held is while more than `queueLimit` bytes are unread. Errors: `link` (`offline`: no connection; `lost` meanwhile;
 * `overflow`, `mixed`: the last bytes may be the module's), `command` (rejected: the characteristics do not fit), `module` (reset, lost), `transport`, `unsupported`,
 * `usage`. Document 000 §5.28, §5.29.
 */
export const spp = (module: AtModule, { tx, rx, queueLimit = 65_536 }: SppConfig): Observable<Duplex> => {
  const numbers = [tx.service, tx.index, rx.service, rx.index].map((number) => checkNumber('place', number, 1, 255));
  const fault = [...numbers, checkNumber('queueLimit', queueLimit, 1)].find((wrong) => wrong !== undefined);
  if (fault !== undefined) return throwError(() => fault);
  const settings = { txService: tx.service, txCharacteristic: tx.index, rxService: rx.service, rxCharacteristic: rx.index };
  // An ordinary command first: what was queued before comes before.
  const turn = defer(() => module.exec(basic.probe)).pipe(ignoreElements());
  const stream = rawStream(module, {
    limit: queueLimit,
    run: ({ exec }, unwanted, through) => {
      const connected = findConnections(module, exec).pipe(
        mergeMap(([first]) => (first === undefined ? throwError(() => new AtError({ kind: 'link', code: 'offline', message: 'there is no BLE connection', retry: 'safe' })) : [first])),
      );
      const carry = (connection: FoundConnection): Observable<never> =>
        concat(
          thereAndBack(unwanted, (step) =>
            concat(
              step(
                () => exec(ble.sppSettings, settings),
                () => exec(ble.sppReset, {}),
              ),
              step(() => exec(ble.spp).pipe(mergeMap(through))),
            ),
          ),
          findConnections(module, exec).pipe(
            mergeMap((open) => (isOpen(open, connection) ? [] : throwError(() => lost(connection)))),
          ),
        );
      return defer(() => (unwanted() ? [] : connected.pipe(take(1), mergeMap(carry))));
    },
  });
  return concat(turn, stream);
};
