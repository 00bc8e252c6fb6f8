import type { Profile } from './profile.js';
import { v200 } from './v2.js';

/** AT 1.7.4 for ESP8266 on the NONOS SDK: from device logs and its hosts' drivers, not recorded; else as 2.0. */
export const nonos174: Profile = {
  ...v200,
  version: '1.7.4',
  release: 17,
  versionLines: ['AT version:1.7.4.0(May 11 2020 19:13:04)', 'SDK version:3.0.4(9532ceb)', 'compile time:May 27 2020 10:12:17', 'Bin version(Wroom 02):1.7.4'],
  groups: new Set(['basic', 'wifi', 'tcpip']),
  // No AT+SYSLOG: an ERROR never has a code. AT+SYSMSG became AT+SYSMSG_CUR and AT+SYSMSG_DEF with SDK 3.0 (its release notes).
  lacks: [
    '+SYSLOG', '+SYSMSG', '+SYSTIMESTAMP', '+SYSROLLBACK', '+SYSFLASH', '+SYSLSP', '+SYSLSPCFG', '+CIPSERVER?', '+CIPDINFO?', '+CIUPDATE=',
  ],
  // What stores or does not by a suffix; later firmware has AT+SYSSTORE for it. Without a suffix they store.
  twofold: ['+CWMODE', '+CWJAP', '+CWSAP', '+CWDHCP', '+CWDHCPS', '+CIPSTAMAC', '+CIPAPMAC', '+CIPSTA', '+CIPAP', '+CIPDNS', '+SYSMSG'],
  // AT+CWLAP prints eleven fields since 1.6, seven before.
  limits: { ...v200.limits, scanMask: 0x7ff, sysmsg: 3, softApStations: 8, ssl: 1 },
  // 180 s is the NONOS manual's AT+CIPSTO.
  defaults: { ...v200.defaults, dhcp: 3, softApStationsOmitted: 4, idle: 180 },
  style: {
    ...v200.style,
    // `\r\nOK\r\n> ` with a blank behind the prompt.
    promptApart: false,
    promptMark: '> ',
    // Device logs: `AT+X\r\r\n`.
    crTwice: true,
    packetTail: '',
    senderQuoted: false,
    // 1.7: `+CIPRECVDATA,<len>:<data>`, TCP only, and `+IPD` again with growing totals.
    receivedHead: ',',
    passiveTcpOnly: true,
    announcesGrowth: true,
    closedLength: 0,
    // `+CWJAP:n`, a blank line, FAIL.
    joinFails: 'FAIL',
    busySending: true,
    logOnPort: true,
    pingBare: true,
    sslThrough: false,
    sendZeroHangs: false,
    // Four drivers of hosts agree on the order and on the bits.
    dhcpModeFirst: true,
    // Device log: `+CIPDNS_CUR:<ip>` twice.
    dnsLines: true,
    // The NONOS manual knows 2 to 5 only, 3 for UDP too.
    statusOfLinks: true,
    radioOff: false,
  },
  partitions: [],
};
