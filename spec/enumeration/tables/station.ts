import { joining, type Table } from '../../support/enumeration.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const station = ['AT+CWMODE=1'] as const;

/** Two networks, one with a name and a password that need escaping, one with the longest of both. */
const around = {
  accessPoints: [
    { ssid: 'Home, "sweet" \\home', password: 'pa"ss,w\\ord é', bssid: '02:00:00:00:00:fe', channel: 11, rssi: -61 },
    { ssid: 'x'.repeat(32), password: 'x'.repeat(64), bssid: '02:00:00:00:00:0a', channel: 1, rssi: -40 },
    { ssid: 'Open', bssid: '02:00:00:00:00:0b', channel: 6, rssi: -50 },
  ],
} as const;
const home = { ssid: 'Home, "sweet" \\home', password: 'pa"ss,w\\ord é' } as const;
const noName = { refused: 'no network has an empty name' };

/** Document 000 §3.1 to §3.5, §3.11, §3.21, §3.22: the station. */
export const stationTable: Table = {
  'AT+CWMODE set': {
    cases: [
      { params: { mode: 'both', connect: false }, tells: { 'AT+CWMODE?': '+CWMODE:3' } },
      { given: station, params: { mode: 'off' }, tells: { 'AT+CWMODE?': '+CWMODE:0' } },
      { given: joining, params: { mode: 'softAp' }, tells: { 'AT+CWJAP?': '' }, after: (rig) => expect(rig.events).toContainEqual({ name: 'WIFI DISCONNECT', fields: {} }) },
    ],
  },
  'AT+CWMODE query': { cases: [{ expect: { mode: 'softAp' } }, { given: ['AT+CWMODE=3'], expect: { mode: 'both' } }, { given: ['AT+CWMODE=0'], expect: { mode: 'off' } }] },
  // Recorded on 2.0.0.0; later releases give ERROR.
  'AT+CWMODE test': { cases: [{ emulator: { firmware: '2.0.0' }, expect: '1-3' }, { refused: rejected }] },
  'AT+CWJAP set': {
    cases: [
      {
        emulator: around,
        given: station,
        params: { ...home, bssid: '02:00:00:00:00:FE', listenInterval: 7 },
        tells: { 'AT+CIPSTA?': '+CIPSTA:ip:"192.168.4.15"\n+CIPSTA:gateway:"192.168.4.2"\n+CIPSTA:netmask:"255.255.255.0"' },
        after: (rig) => expect(rig.wire('AT+CWJAP?')).toMatch(/^\+CWJAP:"Home, "sweet" \\home","02:00:00:00:00:fe",11,-61,0,1,7,0/),
      },
      { for: 'v2', emulator: around, given: station, params: { ssid: 'Open', password: '', pci: true, reconnect: false, scanMode: 'all' }, tells: { 'AT+CWJAP?': '+CWJAP:"Open","02:00:00:00:00:0b",6,-50,1,0,3,1' } },
      {
        for: 'v4', emulator: around, given: station,
        params: { ssid: 'Open', password: '', pci: true, interval: 20, scanMode: 'all', timeout: 30, pmf: 3 },
        tells: { 'AT+CWJAP?': '+CWJAP:"Open","02:00:00:00:00:0b",6,-50,1,20,3,1,3' },
      },
      { emulator: around, given: station, params: { ...home, password: 'wrong' }, refused: { ...rejected, details: { reason: 'password' } } },
      { emulator: around, given: station, params: { ssid: 'Away', password: '' }, refused: { ...rejected, details: { reason: 'not-found' } } },
      { emulator: { accessPoints: [{ ssid: 'Mute', lease: null }] }, given: station, params: { ssid: 'Mute', password: '' }, refused: { ...rejected, details: { reason: 'timeout' } } },
      { emulator: around, given: ['AT+CWMODE=2'], params: home, refused: rejected },
    ],
    limits: {
      'ssid#0': noName,
      'ssid#32': { with: { password: 'x'.repeat(64), bssid: undefined } },
      'password#0': { with: { ssid: 'Open', bssid: undefined } },
      'password#64': { with: { ssid: 'x'.repeat(32), bssid: undefined } },
    },
  },
  'AT+CWJAP query': {
    cases: [
      { expect: undefined },
      {
        for: 'v2', emulator: { accessPoints: [{ ssid: 'a","b', bssid: '02:00:00:00:00:0c', channel: 13, rssi: -77 }] }, given: [...station, 'AT+CWJAP="a\\"\\,\\"b","",,,0,9,1'],
        expect: { ssid: 'a","b', bssid: '02:00:00:00:00:0c', channel: 13, rssi: -77, pci: false, interval: 0, listenInterval: 9, scanMode: 'all', pmf: undefined },
      },
      {
        for: 'v4', emulator: { accessPoints: [{ ssid: 'Küche', bssid: '02:00:00:00:00:0d', channel: 2, rssi: -30 }] }, given: [...station, 'AT+CWJAP="K\xc3\xbcche","",,1,60,,,,2'],
        expect: { ssid: 'Küche', bssid: '02:00:00:00:00:0d', channel: 2, rssi: -30, pci: true, interval: 60, listenInterval: 3, scanMode: 'fast', pmf: 2 },
      },
    ],
  },
  'AT+CWJAP execute': {
    cases: [
      { given: [...joining, 'AT+CWQAP'], tells: { 'AT+CWSTATE?': '+CWSTATE:2,"Espressif"' } },
      { given: station, refused: rejected },
    ],
  },
  'AT+CWQAP execute': { cases: [{ given: joining, tells: { 'AT+CWJAP?': '' }, after: (rig) => expect(rig.events).toContainEqual({ name: 'WIFI DISCONNECT', fields: {} }) }, { given: station }] },
  'AT+CWRECONNCFG set': { cases: [{ params: { interval: 5, count: 12 }, tells: { 'AT+CWRECONNCFG?': '+CWRECONNCFG:5,12' } }] },
  'AT+CWRECONNCFG query': { cases: [{ given: ['AT+CWRECONNCFG=60,3'], expect: { interval: 60, count: 3 } }] },
  'AT+CWAUTOCONN set': { cases: [{ params: { enable: false }, tells: { 'AT+CWAUTOCONN?': '+CWAUTOCONN:0' } }] },
  'AT+CWAUTOCONN query': { cases: [{ expect: { enable: true } }, { given: ['AT+CWAUTOCONN=0'], expect: { enable: false } }] },
  'AT+CWSTATE query': {
    cases: [
      { given: station, expect: { state: 'disconnected', ssid: '' } },
      { given: joining, expect: { state: 'got-ip', ssid: 'Espressif' } },
      { given: [...joining, 'AT+CWQAP'], expect: { state: 'disconnected', ssid: 'Espressif' } },
    ],
  },
  'AT+CWHOSTNAME set': {
    cases: [
      { given: station, params: { hostname: 'lamp "3", \\kitchen' }, tells: { 'AT+CWHOSTNAME?': '+CWHOSTNAME:lamp "3", \\kitchen' } },
      { given: station, params: { hostname: 'hé' }, tells: { 'AT+CWHOSTNAME?': '+CWHOSTNAME:h\xc3\xa9' } },
      { given: ['AT+CWMODE=2'], params: { hostname: 'lamp' }, refused: rejected },
    ],
  },
  // As recorded on 2.0 and 4.1.
  'AT+CWHOSTNAME query': { cases: [{ expect: { hostname: 'espressif' } }, { given: [...station, 'AT+CWHOSTNAME="ab\\"c\\,d\\\\e"'], expect: { hostname: 'ab"c,d\\e' } }] },
  'AT+CWCOUNTRY set': {
    cases: [{ params: { policy: 'follow-access-point', country: 'DE', start: 3, count: 9 }, tells: { 'AT+CWCOUNTRY?': '+CWCOUNTRY:0,"DE",3,9' } }],
    limits: { 'start=14': { with: { count: 1 } }, 'count=14': { with: { start: 1 } } },
  },
  'AT+CWCOUNTRY query': { cases: [{ expect: { policy: 'fixed', country: 'CN', start: 1, count: 13 } }, { given: ['AT+CWCOUNTRY=0,"US",1,11'], expect: { policy: 'follow-access-point', country: 'US', start: 1, count: 11 } }] },
  'AT+CWLAPOPT set': {
    cases: [
      { given: station, params: { sorted: true, mask: 6 }, tells: { 'AT+CWLAP': '+CWLAP:("Espressif",-25)' } },
      { given: station, params: { sorted: false, mask: 17 }, tells: { 'AT+CWLAP': '+CWLAP:(0,5)' } },
    ],
  },
  'AT+CWLAP execute': {
    cases: [
      {
        for: 'v2', emulator: around, given: [...station, 'AT+CWLAPOPT=1,31'],
        expect: [
          { encryption: 'wpa2', ssid: 'x'.repeat(32), rssi: -40, bssid: '02:00:00:00:00:0a', channel: 1 },
          { encryption: 'open', ssid: 'Open', rssi: -50, bssid: '02:00:00:00:00:0b', channel: 6 },
          { encryption: 'wpa2', ssid: home.ssid, rssi: -61, bssid: '02:00:00:00:00:fe', channel: 11 },
        ],
      },
      {
        for: 'v4', emulator: { accessPoints: [{ ssid: 'a"),b(', password: 'secretly', encryption: 7, bssid: '02:00:00:00:00:0e', channel: 14, rssi: -91 }] }, given: station,
        expect: [{
          encryption: 'wpa2/wpa3', ssid: 'a"),b(', rssi: -91, bssid: '02:00:00:00:00:0e', channel: 14,
          frequencyOffset: -1, frequencyCalibration: -1, pairwiseCipher: 4, groupCipher: 4, protocols: 3, wps: 0,
        }],
      },
      { emulator: { accessPoints: [] }, given: station, expect: [] },
      { given: ['AT+CWMODE=2'], refused: rejected },
    ],
  },
  'AT+CWLAP set': {
    cases: [
      { emulator: around, given: [...station, 'AT+CWLAPOPT=1,31'], params: { ssid: 'Open' }, expect: [expect.objectContaining({ ssid: 'Open', bssid: '02:00:00:00:00:0b', channel: 6, rssi: -50 })] as unknown },
      { emulator: around, given: station, params: { bssid: '02:00:00:00:00:FE' }, expect: [expect.objectContaining({ ssid: home.ssid, encryption: 'wpa2' })] as unknown },
      { emulator: around, given: station, params: { channel: 1, type: 'passive', minTime: 0, maxTime: 1500 }, expect: [expect.objectContaining({ ssid: 'x'.repeat(32) })] as unknown },
      { emulator: around, given: station, params: { ssid: 'Away' }, expect: [] },
      { given: ['AT+CWMODE=2'], params: { ssid: 'Open' }, refused: rejected },
    ],
  },
};
