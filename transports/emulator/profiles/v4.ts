import { fullBuild, type Profile } from './profile.js';

/** The order of `AT+CMD?` on the recorded build; groups it lacks follow after. */
const order = `AT ATE0 ATE1 +RST +GMR +CMD +SAVETRANSLINK +TRANSINTVL +SYSTIMESTAMP +GSLP +SLEEP +SLEEPWKCFG +RESTORE +SYSRAM +SYSFLASH
+SYSMFG +SYSMSGFILTER +SYSMSGFILTERCFG +RFPOWER +RFCAL +SYSMSG +SYSROLLBACK +SYSLOG +SYSLSPCFG +SYSLSP +SYSSTORE +SYSREG
+CWINIT +CWMODE +CWBANDWIDTH +CWSTATE +CWCONFIG +CWJAP +CWRECONNCFG +CWLAP +CWLAPOPT +CWQAP +CWSAP +CWLIF +CWQIF +CWDHCP
+CWDHCPS +CWSTAPROTO +CWAPPROTO +CWAUTOCONN +CWHOSTNAME +CWCOUNTRY +CWSTARTSMART +CWSTOPSMART +WPS +CWJEAP +MDNS
+CIFSR +CIPSTAMAC +CIPAPMAC +CIPSTA +CIPAP +CIPV6 +CIPDNS +CIPDOMAIN +CIPSTATUS +CIPSTATE +CIPSTART +CIPSTARTEX +CIPTCPOPT
+CIPCLOSE +CIPSEND +CIPSENDL +CIPSENDLCFG +CIPSENDEX +CIPDINFO +CIPMUX +CIPRECVMODE +CIPRECVTYPE +CIPRECVDATA +CIPRECVLEN
+CIPSERVER +CIPSERVERMAXCONN +CIPSSLCCONF +CIPSSLCCN +CIPSSLCSNI +CIPSSLCALPN +CIPSSLCPSK +CIPSSLCPSKHEX +CIPSSLCCIPHER
+CIPMODE +CIPSTO +CIPSNTPCFG +CIPSNTPINTV +CIPSNTPTIME +CIPRECONNINTV +PING
+MQTTUSERCFG +MQTTCLIENTID +MQTTUSERNAME +MQTTPASSWORD +MQTTLONGCLIENTID +MQTTLONGUSERNAME +MQTTLONGPASSWORD +MQTTCONNCFG
+MQTTSNI +MQTTALPN +MQTTCONN +MQTTPUB +MQTTPUBRAW +MQTTSUB +MQTTUNSUB +MQTTCLEAN
+HTTPCLIENT +HTTPGETSIZE +HTTPURLCFG +HTTPCHEAD +HTTPCGET +HTTPCPOST +HTTPCPUT +HTTPCFG
+DRVADC +DRVPWMINIT +DRVPWMDUTY +DRVPWMFADE +DRVI2CINIT +DRVI2CRD +DRVI2CWRDATA +DRVI2CWRBYTES +DRVSPICONFGPIO +DRVSPIINIT
+DRVSPIRD +DRVSPIWR +FACTPLCP +CIUPDATE +CIPFWVER +UART +UART_CUR +UART_DEF +USERRAM +USEROTA +USERDOCS +USERWKMCUCFG
+USERMCUSLEEP +RMWVER`;

/** AT 4.1.0.0: recorded from a 4.1.0.0-dev build without BLE, BT, Ethernet and WebSocket; those follow document 002's siblings. */
export const v410: Profile = {
  version: '4.1.0',
  release: 41,
  versionLines: [
    'AT version:4.1.0.0-dev(s-b1dca01 - ESP32 - Jul 10 2025 11:41:05)',
    'SDK version:v5.4.1-643-g8ad0d3d8f2-dirty',
    'compile time(0980805f):Jul 16 2025 20:22:07',
    'Bin version:v4.1.0.0-dev(WROOM-32)',
  ],
  bootText: [
    'ets Jul 29 2019 12:21:46\r\n\r\nrst:0xc (SW_CPU_RESET),boot:0x12 (SPI_FAST_FLASH_BOOT)\r\nconfigsip: 0, SPIWP:0xee\r\n',
    'mode:DIO, clock div:2\r\nload:0x3fff0030,len:6268\r\nho 0 tail 12 room 4\r\nentry 0x40080608\r\n',
    'I (20494) at-init: at param mode: 1\r\nI (21268) at-init: max tx power=78, ret=0\r\nI (21330) at-init: v4.1.0.0-dev (unknown)\r\n',
  ],
  groups: new Set(fullBuild),
  lacks: [],
  twofold: [],
  commandOrder: order.split(/\s+/),
  limits: {
    send: 8192, packet: 2920, window: 5760, scanMask: 0x7ff, sysmsg: 7, softApStations: 15, rfPower: 84, timezone: [-12, 14], uart: 8192, ssl: 5,
  },
  defaults: { dhcp: 3, softApStations: 10, softApStationsOmitted: 15, dns: ['208.67.222.222', '114.114.114.114', '8.8.8.8'], idle: 0 },
  style: {
    countCodes: false, stateCodes: false, promptApart: false, quotedDomain: true, closedLength: 0, leaveAlwaysSaid: true,
    serverCounts: true, modeNeedsSingle: false, nulEscaped: true, sendZeroHangs: false, joinsBeforeReady: true,
    promptMark: '\r\n>', crTwice: false, packetTail: '\r\n', senderQuoted: true, receivedHead: ':', passiveTcpOnly: false, announcesGrowth: false,
    connectFail: false, linkConn: true, quits: true, stationsSaid: true, joinFails: 'ERROR', busySending: false, logOnPort: false, pingBare: false,
    errorNumbers: false, sslThrough: true, dhcpModeFirst: false, dnsLines: false, statusOfLinks: false, radioOff: true,
  },
  partitions: [['mfg_nvs', 1, 2, 0x21000, 0x1c000], ['fs_storage', 1, 255, 0x70000, 0x50000]],
  lookupFails: 21,
};
