import { factoryBle, type BleSettings } from './ble/bleSettings.js';
import { factoryBt, type BtSettings } from './bt/btSettings.js';
import type { Profile } from './profiles/profile.js';
import { hex } from './format.js';

/** Flash contents of one module. Give the same object to a second emulator and it boots with what the first one saved. */
export type NvsStore = Record<string, unknown>;

/** Line parameters as AT+UART_… has them. */
export interface UartSettings { readonly baud: number; readonly data: number; readonly stop: number; readonly parity: number; readonly flow: number }
/** What AT+CWJAP keeps. */
export interface JoinSettings {
  readonly ssid: string; readonly password: string; readonly bssid?: string; readonly pci: number; readonly reconnect: number;
  readonly listen: number; readonly scan: number; readonly timeout: number; readonly pmf: number;
}
/** AT+CWSAP; `ssid` empty stands for the name made of the MAC. */
export interface SoftApSettings {
  readonly ssid: string; readonly password: string; readonly channel: number; readonly encryption: number; readonly stations: number; readonly hidden: number;
}
/** One interface's addresses. */
export interface IpSettings { readonly ip: string; readonly gateway: string; readonly netmask: string }
/** AT+SAVETRANSLINK. */
export interface TransLink {
  readonly host: string; readonly port: number; readonly type: string; readonly keepAlive: number; readonly localPort: number;
}
/** AT+CIPSSLC… of one link. */
export interface SslSettings {
  readonly authMode: 0 | 1 | 2 | 3; readonly pki: number; readonly ca: number; readonly commonName: string; readonly serverName: string;
  readonly alpn: readonly string[]; readonly psk: string; readonly hint: string; readonly cipher: number;
}
/** AT+CIPTCPOPT of one link. */
export interface TcpOptions { readonly linger: number; readonly noDelay: number; readonly sendTimeout: number; readonly keepAlive: number }
/** AT+CIPSNTPCFG. */
export interface SntpSettings { readonly enabled: boolean; readonly timezone: number; readonly servers: readonly string[] }

/** Every setting of the module that is one value. */
export interface Settings extends BleSettings, BtSettings {
  echo: boolean; syslog: number; sysmsg: number; sysstore: number; sleep: number; rfPower: readonly number[];
  uart: UartSettings; uartSaved: UartSettings; transLink: TransLink | undefined; transInterval: number;
  wifiOn: boolean; wifiMode: number; join: JoinSettings | undefined; autoJoin: number; reconnect: readonly [number, number];
  softAp: SoftApSettings; dhcp: number; leases: readonly [number, string, string]; hostname: string; country: readonly [number, string, number, number];
  stationMac: string; softApMac: string; ethernetMac: string; stationIp: IpSettings | undefined; softApIp: IpSettings; ethernetIp: IpSettings | undefined;
  scanOptions: readonly [number, number, number, number]; enterprise: readonly [string, number, string, string, string, number];
  protocols: readonly [number, number]; bandwidth: readonly [number, number]; wifiConfig: readonly [number, number, number];
  mux: number; mode: number; remoteInfo: number; receive: readonly number[]; maxClients: number; idle: number; sendReport: readonly [number, number];
  reconnectInterval: number; dnsManual: number; dns: readonly string[]; dnsInUse: readonly string[]; ipv6: number; tcp: readonly TcpOptions[]; ssl: readonly SslSettings[];
  sntp: SntpSettings; sntpInterval: number; messageFilter: number; messageFilters: readonly (readonly [string, string])[];
}

/** Saved whatever AT+SYSSTORE says, or only with AT+SYSSTORE=1 (the list of document 000 §2.20); the rest lives until the restart. */
const saving: Partial<Record<keyof Settings, 'always' | 'store'>> = {
  uartSaved: 'always', transLink: 'always', autoJoin: 'always', ssl: 'always',
  sysmsg: 'store', wifiMode: 'store', join: 'store', softAp: 'store', softApIp: 'store', stationIp: 'store', softApMac: 'store', stationMac: 'store',
  dnsManual: 'store', dns: 'store', leases: 'store', dhcp: 'store', enterprise: 'store', ethernetIp: 'store', ethernetMac: 'store',
  bleName: 'store', bleScan: 'store', bleAdvertising: 'store', bleContent: 'store', bleResponse: 'store', bleBonds: 'always',
  btName: 'store', btBonds: 'always',
};

const five = <T>(value: T): readonly T[] => [value, value, value, value, value];

/** The factory settings of a release. */
export const factorySettings = (profile: Profile, stationMac: string, softApMac: string, baud: number): Settings => {
  const uart: UartSettings = { baud, data: 8, stop: 1, parity: 0, flow: 1 };
  const tail = parseInt(softApMac.slice(-2), 16) + 2;
  return {
    echo: true, syslog: 0, sysmsg: 0, sysstore: 1, sleep: 1, rfPower: [78, 2, 2, 2], uart, uartSaved: uart, transLink: undefined, transInterval: 20,
    wifiOn: true, wifiMode: 2, join: undefined, autoJoin: 1, reconnect: [0, 0],
    softAp: { ssid: '', password: '', channel: 1, encryption: 0, stations: profile.defaults.softApStations, hidden: 0 },
    dhcp: profile.defaults.dhcp, leases: [120, '192.168.4.2', '192.168.4.101'], hostname: 'espressif', country: [1, 'CN', 1, 13],
    stationMac, softApMac, ethernetMac: softApMac.slice(0, -2) + hex(tail & 0xff, 2), stationIp: undefined,
    softApIp: { ip: '192.168.4.1', gateway: '192.168.4.1', netmask: '255.255.255.0' }, ethernetIp: undefined,
    scanOptions: [1, profile.limits.scanMask, -100, 0x7fffffff], enterprise: ['', 0, '', '', '', 0], protocols: [7, 7], bandwidth: [2, 2], wifiConfig: [0, 6, 3],
    mux: 0, mode: 0, remoteInfo: 0, receive: five(0), maxClients: 5, idle: profile.defaults.idle, sendReport: [1024, 2920], reconnectInterval: 1,
    dnsManual: 0, dns: [], dnsInUse: profile.defaults.dns, ipv6: 0, tcp: five({ linger: -1, noDelay: 0, sendTimeout: 0, keepAlive: 0 }),
    ssl: five({ authMode: 0 as const, pki: 0, ca: 0, commonName: '', serverName: '', alpn: [], psk: '', hint: '', cipher: 0 }),
    sntp: { enabled: false, timezone: 0, servers: [] }, sntpInterval: 3600, messageFilter: 0, messageFilters: [], ...factoryBle(), ...factoryBt(),
  };
};

/** The live settings and the flash behind them. */
export class SettingsStore {
  private values: Settings;
  private storing = true;
  private fromFlash = false;

  constructor(private readonly factory: () => Settings, private readonly flash: NvsStore) {
    this.values = this.boot();
  }

  get<K extends keyof Settings>(key: K): Settings[K] {
    return this.fromFlash && key in saving ? this.boot()[key] : this.values[key];
  }

  /** Runs a command whose changes do not last: `_CUR`. */
  unstored<T>(run: () => T): T {
    this.storing = false;
    try {
      return run();
    } finally {
      this.storing = true;
    }
  }

  /** Runs a command that sees what the flash holds: a query of `_DEF`. */
  asStored<T>(run: () => T): T {
    this.fromFlash = true;
    try {
      return run();
    } finally {
      this.fromFlash = false;
    }
  }

  /** Changes a setting, and the flash where the setting is one that is kept. */
  set<K extends keyof Settings>(key: K, value: Settings[K]): void {
    this.values[key] = value;
    const when = this.storing ? saving[key] : undefined;
    if (when === 'always' || (when === 'store' && this.values.sysstore === 1)) this.flash[key] = value;
  }

  /** A restart: what was not saved is forgotten. */
  restart(): void {
    this.values = this.boot();
  }

  /** AT+RESTORE. */
  erase(): void {
    // Files and partitions are no settings.
    for (const key of Object.keys(this.flash)) if (!/^(file|flash):/.test(key)) delete this.flash[key];
  }

  private boot(): Settings {
    const values: Settings = { ...this.factory() };
    for (const key of Object.keys(saving) as (keyof Settings)[]) {
      if (key in this.flash) Object.assign(values, { [key]: this.flash[key] });
    }
    values.uart = values.uartSaved;
    return values;
  }
}
