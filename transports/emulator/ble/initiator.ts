import { Observable, Subject } from 'rxjs';
import type { BluetoothHost } from './bluetoothHost.js';
import type { OwnAddresses } from './ownAddresses.js';
import type { BleLink } from './peer.js';
import type { Radio } from './radio.js';

/** How a client connects with an advertiser: AT+BLECONN. */
export class Initiator {
  private wanted: number | undefined;
  private readonly madeSubject = new Subject<BleLink>();

  constructor(private readonly board: BluetoothHost, private readonly radio: Radio, private readonly addresses: OwnAddresses) {}

  /** The index of the connection being made. */
  get index(): number | undefined {
    return this.wanted;
  }

  /** Cold. Makes a connection with an advertiser: emits it, or `undefined` after `patience` ms; completes. Unsubscribing stops trying. */
  connect(index: number, address: string, addressType: number, patience: number): Observable<BleLink | undefined> {
    return new Observable((subscriber) => {
      this.wanted = index;
      this.radio.ownAddress = this.addresses.pick((this.board.get('bleScan').ownAddress & 1) === 1).address;
      const done = (link: BleLink | undefined): void => {
        subscriber.next(link);
        subscriber.complete();
      };
      subscriber.add(this.madeSubject.subscribe({ next: done, error: (cause: unknown) => subscriber.error(cause) }));
      subscriber.add(this.board.after(patience, () => done(undefined)));
      this.radio.initiate({ address, addressType });
      return () => {
        this.wanted = undefined;
        this.radio.initiate(undefined);
      };
    });
  }

  /** The connection stands. */
  made(link: BleLink): void {
    this.madeSubject.next(link);
  }
}
