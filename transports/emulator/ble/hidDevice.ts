import { map, type Observable } from 'rxjs';
import { characteristic, property, service } from './attributes.js';
import type { BluetoothHost } from './bluetoothHost.js';
import { GattServer } from './gattServer.js';
import { reportKinds, reportValue, type HidReport } from './hidReport.js';
import type { Characteristic, Service } from './peer.js';
import type { Radio } from './radio.js';
import { advertPart, RadioProfile } from './radioProfile.js';

/** Where a client finds the HID service, and the first of its reports there. */
export const hidPlace = { service: 3, report: 4 } as const;

const report = (id: number): Characteristic =>
  characteristic('2A4D', property.read | property.notify, '', '2902', { uuid: '2908', value: String.fromCharCode(id, 1) });

/** The HID service: information, report map (left empty: the kinds are known), control point, and a report a kind. */
const hidService = (): Service =>
  service('1812', [
    characteristic('2A4A', property.read, '\x11\x01\0\x03'), characteristic('2A4B', property.read), characteristic('2A4C', property.writeWithoutResponse),
    ...reportKinds.map((_, at) => report(at + 1)),
  ]);

/** AT+BLEHIDINIT: keyboard, mouse and consumer keys in one device. */
export class HidDevice extends RadioProfile {
  protected readonly server: GattServer;

  constructor(board: BluetoothHost, radio: Radio) {
    super(board, radio);
    this.server = new GattServer(() => board.get('bleName'), () => [hidService()]);
  }

  /** Cold. Sends a report; emits whether the computer was there to the end. One that has not asked for reports gets none. `undefined`: none is there. */
  send(content: HidReport): Observable<boolean> | undefined {
    const { central } = this;
    if (!central) return undefined;
    const value = reportValue(content);
    const at = reportKinds.indexOf(content.kind);
    const found = this.server.find(1, hidPlace.report + at);
    return central.ask(this, value.length, 0, (peer) => {
      const place = { service: hidPlace.service, characteristic: hidPlace.report + at, descriptor: undefined };
      if (found && this.server.wanted(central, found, false)) peer.told(central, place, value, false);
      return true;
    }).pipe(map((arrived) => arrived === true));
  }

  protected advert(): string {
    // General discoverable; keyboard; the HID service; the name.
    return advertPart('01', '\x06') + advertPart('19', '\xc1\x03') + advertPart('03', '\x12\x18') + advertPart('09', this.board.get('bleName').slice(0, 18));
  }

  protected came(): void {
    this.board.say('+BLEHIDCONN\r\n');
  }

  protected went(): void {
    this.board.say('+BLEHIDDISCONN\r\n');
  }
}
