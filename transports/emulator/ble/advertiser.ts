import { composeAdvert } from './advertising.js';
import type { BluetoothHost } from './bluetoothHost.js';
import type { OwnAddresses } from './ownAddresses.js';
import type { Radio } from './radio.js';

/** What a server sends out so that clients find it: AT+BLEADV…. */
export class Advertiser {
  constructor(private readonly board: BluetoothHost, private readonly radio: Radio, private readonly addresses: OwnAddresses) {}

  start(): void {
    const { type, ownAddress, min, max } = this.board.get('bleAdvertising');
    const content = this.board.get('bleContent');
    this.radio.advertise({
      ...this.addresses.pick(ownAddress === 1), connectable: type === 0, scannable: type !== 3,
      // Document 000 §5.10: without data zeros are sent.
      data: content === undefined ? '00'.repeat(31) : 'raw' in content ? content.raw : composeAdvert(content),
      response: this.board.get('bleResponse'),
      interval: [min * 0.625, Math.max(min, max) * 0.625],
    });
  }

  /** New settings go out with the next advert. */
  refresh(): void {
    if (this.radio.advertising) this.start();
  }

  stop(): void {
    this.radio.advertise(undefined);
  }
}
