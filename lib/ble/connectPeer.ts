import { Observable } from 'rxjs';
import { checkNumber } from '../../operators/checkNumber.js';
import { addressFault } from '../bluetooth/addressFault.js';
import type { AtModule } from '../module/atModule.js';
import type { Belongings } from './belongings.js';
import { type BleConnection, bleConnection } from './bleConnection.js';
import { type BleConnectOptions, disconnect, establish } from './establish.js';
import { leftPeer, peerLife } from './peerLife.js';

/** Connects and emits the connection, which lasts as long as the subscription; errors when it ends. */
export const connectPeer = (module: AtModule, belongings: Belongings, address: string, options: BleConnectOptions): Observable<BleConnection> =>
  new Observable<BleConnection>((subscriber) => {
    const fault = addressFault(address) ?? checkNumber('timeout', options.timeout, 3000, 30_000);
    if (fault !== undefined) return subscriber.error(fault);
    let release = (): void => undefined;
    const opened = (connection: number): void => {
      const belonging = belongings.add(() => {
        // Whoever still uses it must not send to a number that another connection gets.
        life.end(leftPeer(connection, address));
        return disconnect(module, connection);
      });
      const life = peerLife(module, connection, address, (error) => {
        belonging.forget();
        subscriber.error(error);
      });
      release = () => belonging.leave();
      if (subscriber.closed) release();
      else subscriber.next(bleConnection(module, connection, address, life));
    };
    establish(module, address, options, () => !subscriber.closed).subscribe({ next: opened, error: (error: unknown) => subscriber.error(error) });
    return () => release();
  });
