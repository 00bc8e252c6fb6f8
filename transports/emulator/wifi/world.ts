import { Subject, type Observable } from 'rxjs';
import { utf8 } from '../format.js';

/** What a DHCP server of an access point hands out. */
export interface Lease { readonly ip: string; readonly gateway: string; readonly netmask: string; readonly dns: string }

/** An access point within radio range. */
export interface AccessPoint {
  readonly ssid: string;
  /** Absent or empty: an open network. */
  readonly password?: string;
  readonly bssid?: string;
  /** 1 to 14. Default 5. */
  readonly channel?: number;
  /** Signal in dBm. Default -25. */
  readonly rssi?: number;
  /** Encryption as AT+CWLAP shows it: 0 open, 2 WPA, 3 WPA2, 4 WPA/WPA2, 5 enterprise … Default 0 without a password, else 3. */
  readonly encryption?: number;
  readonly hidden?: boolean;
  /** Default 192.168.4.15, gateway 192.168.4.2, name server 192.168.4.3. `null`: no DHCP server answers. */
  readonly lease?: Partial<Lease> | null;
  /** The IPv6 prefix it advertises, e.g. `fd00::`. */
  readonly prefix6?: string;
}

/** A station that uses the module's own access point. */
export interface Visitor {
  readonly mac: string;
  readonly password?: string;
  /** Asks for this address; default the first free one; `null`: never asks for one. */
  readonly ip?: string | null;
}

/** What a phone sends while the module listens for SmartConfig. */
export interface SmartConfigOffer {
  readonly type: 'ESPTOUCH' | 'AIRKISS' | 'ESPTOUCH_V2';
  readonly ssid: string;
  readonly password: string;
  /** Reserved data of ESP-TOUCH v2. */
  readonly reserved?: string;
}

/** What happens around the module. */
export type WorldEvent =
  | { readonly kind: 'cable'; readonly plugged: boolean; readonly lease: Lease }
  | { readonly kind: 'smartConfig'; readonly offer: SmartConfigOffer }
  | { readonly kind: 'wps'; readonly ssid: string }
  | { readonly kind: 'accessPoints' } | { readonly kind: 'visit'; readonly visitor: Visitor } | { readonly kind: 'leave'; readonly mac: string };

/** An access point with its defaults filled in; the strings hold one character per byte. */
export interface Beacon {
  readonly ssid: string; readonly password: string; readonly bssid: string; readonly channel: number; readonly rssi: number;
  readonly encryption: number; readonly hidden: boolean; readonly lease: Lease | undefined; readonly prefix6: string | undefined;
}

const cableLease: Lease = { ip: '192.168.5.15', gateway: '192.168.5.1', netmask: '255.255.255.0', dns: '192.168.5.1' };

const beacon = (point: AccessPoint, index: number): Beacon => ({
  ssid: utf8(point.ssid),
  password: utf8(point.password ?? ''),
  bssid: (point.bssid ?? `10:01:00:c4:0a:${(0x51 + index).toString(16)}`).toLowerCase(),
  channel: point.channel ?? 5,
  rssi: point.rssi ?? -25,
  encryption: point.encryption ?? (point.password ? 3 : 0),
  hidden: point.hidden ?? false,
  lease: point.lease === null ? undefined : { ip: '192.168.4.15', gateway: '192.168.4.2', netmask: '255.255.255.0', dns: '192.168.4.3', ...point.lease },
  prefix6: point.prefix6,
});

/** The Wi-Fi surroundings of a module; may be changed while it runs, which the module notices as it would. */
export class World {
  private readonly events = new Subject<WorldEvent>();
  /** Hot: every change. */
  readonly changes: Observable<WorldEvent> = this.events.asObservable();
  private points: readonly AccessPoint[];

  constructor(points: readonly AccessPoint[]) {
    this.points = points;
  }

  get accessPoints(): readonly AccessPoint[] {
    return this.points;
  }

  /** Replaces all access points. One that the module uses and that is gone drops it. */
  setAccessPoints(points: readonly AccessPoint[]): void {
    this.points = points;
    this.events.next({ kind: 'accessPoints' });
  }

  /** A station joins the module's access point, if that is on and takes it. */
  visit(visitor: Visitor): void {
    this.events.next({ kind: 'visit', visitor });
  }

  /** A station leaves the module's access point. */
  leave(mac: string): void {
    this.events.next({ kind: 'leave', mac: mac.toLowerCase() });
  }

  /** An Ethernet cable is plugged in, and a DHCP server behind it gives this address. */
  plug(lease: Partial<Lease> = {}): void {
    this.events.next({ kind: 'cable', plugged: true, lease: { ...cableLease, ...lease } });
  }

  unplug(): void {
    this.events.next({ kind: 'cable', plugged: false, lease: cableLease });
  }

  /** A phone provisions whoever listens after AT+CWSTARTSMART. */
  smartConfig(offer: SmartConfigOffer): void {
    this.events.next({ kind: 'smartConfig', offer });
  }

  /** The button of an access point is pressed; a module with AT+WPS=1 joins it. */
  pressWps(ssid: string): void {
    this.events.next({ kind: 'wps', ssid });
  }

  /** What a scan can hear. */
  beacons(): readonly Beacon[] {
    return this.points.map(beacon);
  }
}
