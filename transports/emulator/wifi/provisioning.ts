import type { Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { utf8 } from '../format.js';
import type { JoinSettings } from '../settings.js';
import type { Station } from './station.js';
import type { SmartConfigOffer, World } from './world.js';

const settingsOf = (ssid: string, password: string): JoinSettings => ({
  ssid, password, pci: 0, reconnect: 1, listen: 3, scan: 0, timeout: 15, pmf: 1,
});

/** SmartConfig, WPS and BluFi: the module is told a network, then joins it. */
export class Provisioning {
  /** AT+CWSTARTSMART is in force, until AT+CWSTOPSMART. */
  listening = false;
  /** AT+WPS=1 is in force. */
  wps = false;
  private joining: Subscription | undefined;

  constructor(private readonly board: Board, private readonly world: World, private readonly station: Station) {
    board.follow(world.changes, (event) => {
      if (event.kind === 'smartConfig' && this.listening) this.smart(event.offer);
      if (event.kind === 'wps' && this.wps) this.pressed(utf8(event.ssid));
    });
  }

  stop(): void {
    this.listening = false;
    this.wps = false;
    this.joining?.unsubscribe();
  }

  /** A phone names a network by BluFi. */
  provide(ssid: string, password: string, done: (joined: boolean) => void): void {
    this.board.set('wifiMode', this.board.get('wifiMode') | 1);
    this.join(settingsOf(ssid, password), done);
  }

  private smart({ type, ssid, password, reserved }: SmartConfigOffer): void {
    const v2 = type === 'ESPTOUCH_V2' && this.board.profile.release >= 24;
    this.board.print(`smartconfig type:${type === 'ESPTOUCH_V2' && !v2 ? 'UNKNOWN' : type}\r\n`);
    this.board.print('Smart get wifi info\r\n');
    if (this.board.profile.release >= 24) {
      this.board.print(`ssid:${utf8(ssid)}\r\npassword:${utf8(password)}\r\n`);
      if (v2 && reserved !== undefined) this.board.print(`+SCRD:${utf8(reserved).length},${utf8(reserved)}\r\n`);
    }
    this.join(settingsOf(utf8(ssid), utf8(password)), (joined) => (joined ? this.board.print('smartconfig connected wifi\r\n') : undefined));
  }

  private pressed(ssid: string): void {
    const found = this.world.beacons().find((beacon) => beacon.ssid === ssid);
    if (found) this.join(settingsOf(ssid, found.password), (joined) => (this.wps = this.wps && !joined));
  }

  private join(settings: JoinSettings, done: (joined: boolean) => void): void {
    this.board.set('join', settings);
    this.joining?.unsubscribe();
    this.joining = this.board.follow(this.station.join(settings), (code) => done(code === 0));
  }
}
