import type { Profile } from './profile.js';
import { v200 } from './v2.js';

/** AT 1.1.3 for ESP32: from its message strings; where they do not speak, as 2.0.0.0. Hash and dates of the version are made up. */
export const v113: Profile = {
  ...v200,
  version: '1.1.3',
  release: 11,
  // `AT version:%d.%d.%d.%d(%s - %s %s)`; the Bin line came with 2.0.
  versionLines: ['AT version:1.1.3.0(90458f0 - Jul 11 2018 08:05:11)', 'SDK version:v3.0.7', 'compile time(6f1b35c):Jul 12 2018 10:21:48'],
  groups: new Set(['basic', 'wifi', 'tcpip', 'ethernet', 'ble', 'fs']),
  // Absent from the core of 1.1.3: passive receive, the clock, HID; AT+CIUPDATE has no parameters yet.
  lacks: [
    '+CIPRECVMODE', '+CIPRECVDATA', '+CIPRECVLEN', '+SYSTIMESTAMP', '+CIUPDATE=',
    '+BLEADVDATAEX?', '+BLEHIDINIT', '+BLEHIDKB', '+BLEHIDMUS', '+BLEHIDCONSUMER',
  ],
  limits: { ...v200.limits, ssl: 1 },
  style: {
    ...v200.style,
    // Device logs show `...}0,CLOSED`: the next answer right behind the data.
    packetTail: '',
    // `\r\n+IPD,%d,%d.%d.%d.%d,%d:` in 1.1.3, quotes from 2.0 on.
    senderQuoted: false,
    // `%d,CONNECT FAIL` is in 1.1.3 alone.
    connectFail: true,
    // Texts that came with 2.0: +LINK_CONN, +QUITT, +STA_CONNECTED, +STA_DISCONNECTED, +DIST_STA_IP.
    linkConn: false,
    quits: false,
    stationsSaid: false,
    sslThrough: false,
  },
};
