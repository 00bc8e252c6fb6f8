import { defer, Observable, Subject, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import type { IpSettings, JoinSettings } from '../settings.js';
import type { Beacon, World } from './world.js';

/** Why AT+CWJAP failed, as its error line has it. */
export const joinFailure = { timeout: 1, password: 2, absent: 3, failed: 4 } as const;

const nowhere: IpSettings = { ip: '0.0.0.0', gateway: '0.0.0.0', netmask: '0.0.0.0' };

/** Station mode: joins, leaves, loses and regains an access point. */
export class Station {
  /** The access point joined now. */
  beacon: Beacon | undefined;
  /** The addresses in use. */
  address: IpSettings = nowhere;
  /** The last network tried or joined since the start. */
  lastSsid = '';
  /** An access point was left or lost. */
  left = false;
  joining = false;
  private attempt: Subscription | undefined;
  private readonly up = new Subject<void>();
  private readonly down = new Subject<void>();
  /** An address was gained. */
  readonly gotIp: Observable<void> = this.up.asObservable();
  /** The access point is gone, or was left. */
  readonly lost: Observable<void> = this.down.asObservable();

  constructor(private readonly board: Board, private readonly world: World, private readonly say: (line: string) => void) {
    board.follow(world.changes, (event) => {
      if (event.kind === 'accessPoints') this.look();
    });
  }

  get online(): boolean {
    return this.beacon !== undefined && this.address.ip !== '0.0.0.0';
  }

  /** AT+CWJAP: gives up whatever the module tries by itself, then joins. */
  join(settings: JoinSettings): Observable<number> {
    return defer(() => {
      this.attempt?.unsubscribe();
      this.attempt = undefined;
      return this.tryJoin(settings);
    });
  }

  /** Joins; emits 0, or the failure code of AT+CWJAP, and completes. Unsubscribing gives up. */
  private tryJoin(settings: JoinSettings): Observable<number> {
    return new Observable<number>((subscriber) => {
      if (this.beacon) this.leave(true);
      this.lastSsid = settings.ssid;
      this.joining = true;
      const started = this.board.now();
      let timer: Subscription | undefined;
      const end = (code: number): void => {
        this.joining = false;
        subscriber.next(code);
        subscriber.complete();
      };
      const attempt = (): void => {
        const beacon = this.find(settings);
        const late = this.board.now() - started >= settings.timeout * 1000;
        if (!beacon) {
          // An absent network is looked for until the time is up: 15.7 s recorded on 4.1.
          if (late) return end(joinFailure.absent);
          timer = this.board.after(500, attempt);
          return;
        }
        if (beacon.password !== '' && beacon.password !== settings.password) return end(joinFailure.password);
        this.beacon = beacon;
        this.say('WIFI CONNECTED\r\n');
        if (!beacon.lease && !this.board.get('stationIp')) {
          timer = this.board.after(Math.max(0, settings.timeout * 1000 - (this.board.now() - started)), () => end(joinFailure.timeout));
          return;
        }
        timer = this.board.after(this.board.timing.dhcp, () => {
          this.acquire();
          end(0);
        });
      };
      timer = this.board.after(this.board.timing.join, attempt);
      return () => {
        this.joining = false;
        timer?.unsubscribe();
      };
    });
  }

  /** Leaves the access point. */
  leave(spoken: boolean): void {
    this.attempt?.unsubscribe();
    this.attempt = undefined;
    if (!this.beacon) return;
    this.beacon = undefined;
    this.address = nowhere;
    this.left = true;
    if (spoken) this.say('WIFI DISCONNECT\r\n');
    this.down.next();
  }

  /** Joins the saved network without a command, as after a start. */
  rejoin(): void {
    const settings = this.board.get('join');
    if (!settings || (this.board.get('wifiMode') & 1) === 0 || this.attempt) return;
    const again = (): void => {
      this.attempt = this.board.follow(this.tryJoin(settings), (code) => {
        this.attempt = undefined;
        if (code !== 0 && settings.reconnect > 0) this.attempt = this.board.after(settings.reconnect * 1000, again);
      });
    };
    again();
  }

  /** The join happened long ago: no words, no time. */
  settle(): void {
    const settings = this.board.get('join');
    const beacon = settings && (this.board.get('wifiMode') & 1) === 1 ? this.find(settings) : undefined;
    if (!settings || !beacon || (beacon.password !== '' && beacon.password !== settings.password)) return;
    this.beacon = beacon;
    this.lastSsid = settings.ssid;
    if (beacon.lease || this.board.get('stationIp')) this.takeAddress(beacon);
  }

  /** Takes an address, static or leased, and says so. */
  acquire(): void {
    const beacon = this.beacon;
    if (!beacon) return;
    this.takeAddress(beacon);
    this.say('WIFI GOT IP\r\n');
    if (this.board.get('ipv6') === 1) {
      this.say('WIFI GOT IPv6 LL\r\n');
      if (beacon.prefix6) this.say('WIFI GOT IPv6 GL\r\n');
    }
    this.up.next();
  }

  /** The access point that settings mean, as far as it is on the air. */
  private find(settings: JoinSettings): Beacon | undefined {
    return this.world
      .beacons()
      .filter(({ ssid, bssid }) => ssid === settings.ssid && (settings.bssid === undefined || bssid === settings.bssid))
      .sort((a, b) => b.rssi - a.rssi)[0];
  }

  private takeAddress(beacon: Beacon): void {
    const fixed = this.board.get('stationIp');
    if (fixed) this.address = fixed;
    else if (beacon.lease) {
      const { ip, gateway, netmask, dns } = beacon.lease;
      this.address = { ip, gateway, netmask };
      this.board.set('dnsInUse', [dns, ...this.board.profile.defaults.dns.slice(1)]);
    }
  }

  /** The radio changed: is the access point still there? */
  private look(): void {
    const joined = this.beacon;
    if (!joined) return;
    const still = this.world.beacons().find(({ ssid, bssid }) => ssid === joined.ssid && bssid === joined.bssid);
    if (still && still.password === joined.password) {
      this.beacon = still;
      return;
    }
    this.leave(true);
    if ((this.board.get('join')?.reconnect ?? 0) > 0) this.rejoin();
  }
}
