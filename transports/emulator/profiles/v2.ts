import type { Profile } from './profile.js';

const certificates: readonly (readonly [string, number, number, number, number])[] = [
  ['ble_data', 64, 1, 0x21000, 0x3000], ['server_cert', 64, 2, 0x24000, 0x2000], ['server_key', 64, 3, 0x26000, 0x2000],
  ['server_ca', 64, 4, 0x28000, 0x2000], ['client_cert', 64, 5, 0x2a000, 0x2000], ['client_key', 64, 6, 0x2c000, 0x2000],
  ['client_ca', 64, 7, 0x2e000, 0x2000], ['factory_param', 64, 8, 0x30000, 0x1000], ['wpa2_cert', 64, 9, 0x31000, 0x2000],
  ['wpa2_key', 64, 10, 0x33000, 0x2000], ['wpa2_ca', 64, 11, 0x35000, 0x2000], ['mqtt_cert', 64, 12, 0x37000, 0x2000],
  ['mqtt_key', 64, 13, 0x39000, 0x2000], ['mqtt_ca', 64, 14, 0x3b000, 0x2000], ['fatfs', 1, 129, 0x70000, 0x90000],
];

/** AT 2.0.0.0, the official WROOM-32 image: recorded. */
export const v200: Profile = {
  version: '2.0.0',
  release: 20,
  versionLines: [
    'AT version:2.0.0.0(e44648c - Nov  4 2019 02:18:57)',
    'SDK version:v3.3',
    'compile time(7cac7ad):Nov  4 2019 06:11:40',
    'Bin version:2.0.0(WROOM-32)',
  ],
  bootText: [],
  // The official 2.0.0.0 image answers 0x01090000 to MQTT, HTTP, WebSocket, Ethernet and driver commands.
  groups: new Set(['basic', 'wifi', 'tcpip', 'ble', 'bt', 'fs']),
  lacks: [],
  twofold: [],
  commandOrder: [],
  limits: {
    send: 2048, packet: 2048, window: 5744, scanMask: 31, sysmsg: 255, softApStations: 10, rfPower: 82, timezone: [-11, 13], uart: 4096, ssl: 5,
  },
  defaults: { dhcp: 7, softApStations: 4, softApStationsOmitted: 10, dns: ['208.67.222.222'], idle: 0 },
  style: {
    countCodes: true, stateCodes: true, promptApart: true, quotedDomain: false, closedLength: -1, leaveAlwaysSaid: false,
    serverCounts: false, modeNeedsSingle: true, nulEscaped: false, sendZeroHangs: true, joinsBeforeReady: false,
    promptMark: '\r\n>', crTwice: false, packetTail: '\r\n', senderQuoted: true, receivedHead: ':', passiveTcpOnly: false, announcesGrowth: false,
    connectFail: false, linkConn: true, quits: true, stationsSaid: true, joinFails: 'ERROR', busySending: false, logOnPort: false, pingBare: false,
    errorNumbers: false, sslThrough: true, dhcpModeFirst: false, dnsLines: false, statusOfLinks: false, radioOff: true,
  },
  partitions: certificates,
  lookupFails: 6,
};

/** AT 2.1.0.0: from its message strings and document 000; where neither speaks, as 2.0.0.0. */
export const v210: Profile = {
  ...v200,
  version: '2.1.0',
  release: 21,
  versionLines: [
    'AT version:2.1.0.0(883f7f2 - Jul 24 2020 11:50:07)',
    'SDK version:v4.0.1-193-ge7ac221b4',
    'compile time(0ad6331):Jul 28 2020 02:46:20',
    'Bin version:2.1.0(WROOM-32)',
  ],
  groups: new Set(['basic', 'wifi', 'tcpip', 'ethernet', 'mqtt', 'http', 'ble', 'bt', 'fs']),
  limits: { ...v200.limits, sysmsg: 3 },
};
