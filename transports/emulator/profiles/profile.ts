/** A command group of a build: what `without` in the configuration can leave out. */
export type CommandGroup =
  | 'basic' | 'wifi' | 'tcpip' | 'ethernet' | 'mqtt' | 'http' | 'ble' | 'bt' | 'fs' | 'websocket' | 'driver' | 'user' | 'vendor';

/** Releases of the firmware that can be emulated. */
export type FirmwareVersion = '1.1.3' | '1.7.4' | '2.0.0' | '2.1.0' | '2.4.0' | '3.4.0' | '4.1.0' | '5.0.0';

/** Families of releases, by the names the SDK has for them. */
export type DialectName = 'v1' | 'v2' | 'v2.4' | 'v3' | 'v4' | 'v5' | 'nonos';

/** A firmware release as data: where releases differ, commands ask here and never compare names. */
export interface Profile {
  readonly version: FirmwareVersion;
  /** Major and minor as one number, e.g. 21 for 2.1: compared with `since` and `until` of command rows. ESP8266 NONOS 1.7 is 17. */
  readonly release: number;
  /** The lines of `AT+GMR`. */
  readonly versionLines: readonly string[];
  /** ROM and loader text before `ready` when the AT port shares the boot UART. */
  readonly bootText: readonly string[];
  /** Groups of this build. */
  readonly groups: ReadonlySet<CommandGroup>;
  /** Commands of these groups that the build has not: a name, or one form of it as `+NAME?` or `+NAME=`. */
  readonly lacks: readonly string[];
  /** Commands that are there with `_CUR` (not stored) and `_DEF` (stored) too. */
  readonly twofold: readonly string[];
  /** Names in the order of `AT+CMD?`; the others follow. */
  readonly commandOrder: readonly string[];
  readonly limits: {
    /** Longest `AT+CIPSEND`. */
    readonly send: number;
    /** Longest active `+IPD` and longest passthrough packet. */
    readonly packet: number;
    /** TCP receive window per link. */
    readonly window: number;
    readonly scanMask: number;
    readonly sysmsg: number;
    readonly softApStations: number;
    readonly rfPower: number;
    readonly timezone: readonly [number, number];
    /** The UART's receive buffer. */
    readonly uart: number;
    /** TLS links at a time. */
    readonly ssl: number;
  };
  readonly defaults: {
    readonly dhcp: number;
    readonly softApStations: number;
    /** `max conn` of AT+CWSAP when left out. */
    readonly softApStationsOmitted: number;
    readonly dns: readonly string[];
    /** AT+CIPSTO. */
    readonly idle: number;
  };
  readonly style: {
    /** Wrong parameter counts are `0x0106` with needed and given; else `0x0108` of the first missing one, or no code. */
    readonly countCodes: boolean;
    /** Some refusals carry `0x010a0000` or `0x0107`; else they are plain. */
    readonly stateCodes: boolean;
    /** `OK` and `>` are two writes. */
    readonly promptApart: boolean;
    /** The prompt of a send, behind `\r\nOK\r\n`. */
    readonly promptMark: '\r\n>' | '> ';
    /** The CR of a command line is echoed twice. */
    readonly crTwice: boolean;
    /** AT+CWDHCP is `<mode>,<on>` with modes 0 softAP, 1 station, 2 both, and shows the softAP in bit 0; else `<on>,<bits>`, the station in bit 0. */
    readonly dhcpModeFirst: boolean;
    /** AT+CIPDNS? has one server a line, without quotes; else one line that starts with how they were set. */
    readonly dnsLines: boolean;
    /** AT+CIPSTATUS is 3 with any link, 5 wherever there is no address, never 0 or 1. */
    readonly statusOfLinks: boolean;
    /** AT+CWMODE=0. */
    readonly radioOff: boolean;
    /** What stands behind the counted bytes of `+IPD`. */
    readonly packetTail: '\r\n' | '';
    /** The address in `+IPD` has quotes. */
    readonly senderQuoted: boolean;
    /** `+CIPRECVDATA:<n>,<data>`, or `+CIPRECVDATA,<n>:<data>` without a sender. */
    readonly receivedHead: ':' | ',';
    /** AT+CIPRECVMODE=1 is for TCP links only; else for every type. */
    readonly passiveTcpOnly: boolean;
    /** `+IPD` is said again, with a growing total, whenever more comes before it is read. */
    readonly announcesGrowth: boolean;
    /** `<id>,CONNECT FAIL` comes before the ERROR of a link that could not be had. */
    readonly connectFail: boolean;
    /** Bit 1 of AT+SYSMSG turns CONNECT into `+LINK_CONN`. */
    readonly linkConn: boolean;
    /** Bit 0 of AT+SYSMSG brings `+QUITT`. */
    readonly quits: boolean;
    /** `+STA_CONNECTED` and its like. */
    readonly stationsSaid: boolean;
    /** How a failed AT+CWJAP ends. */
    readonly joinFails: 'ERROR' | 'FAIL';
    /** `busy s...` instead of `busy p...` between the payload of a send and its SEND OK. */
    readonly busySending: boolean;
    /** Reason texts are on the AT port, not on the log's. */
    readonly logOnPort: boolean;
    /** AT+PING answers `+12` and `+timeout`. */
    readonly pingBare: boolean;
    /** With AT+SYSLOG=1 `+ERRNO` tells why a connection or a server could not be had. */
    readonly errorNumbers: boolean;
    /** TLS links can be passed through. */
    readonly sslThrough: boolean;
    /** Addresses in answers of CIPDOMAIN are quoted. */
    readonly quotedDomain: boolean;
    /** CIPRECVLEN of a link that is not open. */
    readonly closedLength: number;
    /** WIFI DISCONNECT of AT+CWQAP also while a link is open. */
    readonly leaveAlwaysSaid: boolean;
    /** CIPSTATUS is 3 for server links too. */
    readonly serverCounts: boolean;
    /** AT+CIPMODE in CIPMUX=1 is an error. */
    readonly modeNeedsSingle: boolean;
    /** `\\0` in CIPSENDEX is a literal `\0`. */
    readonly nulEscaped: boolean;
    /** A bare length check lets CIPSEND=0 through to a prompt that never ends. */
    readonly sendZeroHangs: boolean;
    /** A station's WIFI CONNECTED comes before `ready` when it joins by itself. */
    readonly joinsBeforeReady: boolean;
  };
  /** Rows of `AT+SYSFLASH?`: name, type, subtype, address, size. */
  readonly partitions: readonly (readonly [string, number, number, number, number])[];
  /** Seconds a name look-up without a network takes to fail. */
  readonly lookupFails: number;
}

/** Every group of a full ESP32 build; the third-party additions of the recorded build are not among them. */
export const fullBuild: readonly CommandGroup[] = [
  'basic', 'wifi', 'tcpip', 'ethernet', 'mqtt', 'http', 'ble', 'bt', 'fs', 'websocket', 'driver', 'user',
];
