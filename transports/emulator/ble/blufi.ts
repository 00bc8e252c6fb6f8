import { map, type Observable } from 'rxjs';
import { composeAdvert } from './advertising.js';
import { characteristic, property, service } from './attributes.js';
import type { BluetoothHost } from './bluetoothHost.js';
import { GattServer } from './gattServer.js';
import type { BleLink, BlufiMessage } from './peer.js';
import type { Radio } from './radio.js';
import { RadioProfile } from './radioProfile.js';

/** Who takes the network that a phone names. */
export interface NetworkTaker {
  /** Joins it as a station; `done` runs once, with how it went. */
  provide(ssid: string, password: string, done: (joined: boolean) => void): void;
}

/** AT+BLUFI: a phone names a network, and exchanges data with the host. */
export class Blufi extends RadioProfile {
  name = 'BLUFI_DEVICE';
  protected readonly server: GattServer;

  constructor(board: BluetoothHost, radio: Radio, private readonly taker: NetworkTaker) {
    super(board, radio);
    this.server = new GattServer(() => this.name, () => [
      service('FFFF', [characteristic('FF01', property.write), characteristic('FF02', property.notify, '', '2902')]),
    ]);
  }

  blufi(link: BleLink, message: BlufiMessage): void {
    const { release } = this.board.profile;
    if (message.kind === 'data') {
      if (release >= 30) this.board.say(`+BLUFIDATA:${message.data.length},${message.data}\r\n`);
    } else if (message.kind === 'network') {
      const { ssid, password } = message;
      // The texts of 2.1 to 4.0 are the log's; the newest releases print them for the host.
      for (const [name, text] of [['SSID', ssid], ['PASSWORD', password]] as const) {
        if (release <= 40) this.board.log(`Recv STA ${name} ${text}`);
        else if (release >= 50) this.board.say(`+${name}:${text}\r\n`);
      }
      this.taker.provide(ssid, password, (joined) => link.tell(this, 4, (phone) => phone.blufi?.(link, { kind: 'state', joined })));
    }
  }

  /** Cold. Sends data to the phone; emits whether it has them. `undefined`: no phone is there. */
  send(data: string): Observable<boolean> | undefined {
    const { central } = this;
    return central?.ask(this, data.length, 0, (phone) => {
      phone.blufi?.(central, { kind: 'data', data });
      return true;
    }).pipe(map((arrived) => arrived === true));
  }

  protected advert(): string {
    return composeAdvert({ name: this.name, uuid: 'FFFF', manufacturer: '', power: 0 });
  }

  protected came(): void {
    if (this.board.profile.release >= 33) this.board.say('+BLUFICONN\r\n');
  }

  protected went(): void {
    if (this.board.profile.release >= 33) this.board.say('+BLUFIDISCONN\r\n');
  }
}
