import type { BluetoothHost } from './bluetoothHost.js';
import type { Heard, Radio, Scan } from './radio.js';

/** How a client hears adverts: AT+BLESCAN. */
export class AdvertScanner {
  constructor(private readonly board: BluetoothHost, private readonly radio: Radio) {}

  get on(): boolean {
    return this.radio.scan !== undefined;
  }

  start(heard: (advert: Heard) => void): Scan {
    const { interval, window, type } = this.board.get('bleScan');
    const scan: Scan = { interval: interval * 0.625, window: window * 0.625, active: type === 1, since: this.board.now(), heard };
    this.radio.listen(scan);
    return scan;
  }

  isCurrent(scan: Scan): boolean {
    return this.radio.scan === scan;
  }

  stop(): void {
    this.radio.listen(undefined);
  }
}
