import { recorded } from '../recorded.js';
import type { Table } from '../../support/enumeration.js';

const rejected = { kind: 'command', code: 'rejected' } as const;

/** Names and forms as the recorded 4.1 build listed them. */
const listed = recorded('v41dev-F-misc', 'AT+CMD?').flatMap((line) => {
  const found = /^\+CMD:(\d+),"(.*)",(\d),(\d),(\d),(\d)$/.exec(line);
  if (found === null) return [];
  const [, index, name, test, query, set, execute] = found;
  return [{ index: Number(index), name, test: test === '1', query: query === '1', set: set === '1', execute: execute === '1' }];
});

/** Partitions as each recorded build has them. */
const partitions = (file: string): readonly unknown[] =>
  recorded(file, 'AT+SYSFLASH?').flatMap((line) => {
    const found = /^\+SYSFLASH:"(.*)",(\d+),(\d+),0x([0-9a-f]+),0x([0-9a-f]+)$/.exec(line);
    if (found === null) return [];
    const [, partition, type, subtype, address = '', size = ''] = found;
    return [{ partition, type: Number(type), subtype: Number(subtype), address: parseInt(address, 16), size: parseInt(size, 16) }];
  });

const port = { baud: 230400, dataBits: 'seven', stopBits: 'two', parity: 'even', flowControl: 'none' } as const;

/** Document 000 chapter 2, without what restarts the module or needs files. */
export const basicTable: Table = {
  'AT execute': { cases: [{}] },
  'AT+GMR execute': {
    cases: [
      { for: 'v4', expect: recorded('v41dev-A-basic', 'AT+GMR').slice(0, 4) },
      { for: 'v2', emulator: { firmware: '2.0.0' }, expect: recorded('v2000-A-basic', 'AT+GMR').slice(0, 4) },
      { for: 'v2', expect: expect.arrayContaining([expect.stringMatching(/^AT version:2\.1\.0\.0\(/), 'SDK version:v4.0.1-193-ge7ac221b4']) as unknown },
    ],
  },
  'AT+CMD query': {
    cases: [{ emulator: { without: ['ble', 'bt', 'ethernet', 'websocket', 'fs'], including: ['vendor'] }, expect: listed }],
  },
  'ATE execute': {
    cases: [
      { params: { enable: true }, after: (rig) => expect([rig.wire('AT'), rig.printed]).toEqual(['OK', 'AT\r\n\r\nOK\r\n']) },
      { given: ['ATE1'], params: { enable: false }, after: (rig) => expect([rig.wire('AT'), rig.printed]).toEqual(['OK', '\r\nOK\r\n']) },
    ],
  },
  'AT+SYSRAM query': {
    cases: [
      { for: 'v2', expect: { free: 175356, minimum: undefined } },
      { for: 'v4', expect: { free: 186992, minimum: 176044 } },
    ],
  },
  'AT+SYSMSG set': { cases: [{ params: { mask: 2 }, tells: { 'AT+SYSMSG?': '+SYSMSG:2' } }, { for: 'v4', params: { mask: 7 }, tells: { 'AT+SYSMSG?': '+SYSMSG:7' } }] },
  'AT+SYSMSG query': { cases: [{ given: ['AT+SYSMSG=1'], expect: { mask: 1 } }, { for: 'v4', given: ['AT+SYSMSG=6'], expect: { mask: 6 } }] },
  // The other slot of a new module never held a firmware.
  'AT+SYSROLLBACK execute': { cases: [{ refused: rejected }] },
  'AT+SYSROLLBACK query': { cases: [{ expect: { address: 0xc0000, version: 'v4.1.0.0-dev', otherAddress: 0x260000, otherVersion: 'unknown' } }] },
  'AT+SYSTIMESTAMP set': { cases: [{ params: { seconds: 1_565_853_509 }, tells: { 'AT+SYSTIMESTAMP?': '+SYSTIMESTAMP:1565853509' } }] },
  'AT+SYSTIMESTAMP query': { cases: [{ given: ['AT+SYSTIMESTAMP=1600000000'], expect: { seconds: 1_600_000_000 } }] },
  'AT+SYSLOG set': {
    cases: [
      { params: { enable: false }, tells: { 'AT+SYSLOG?': '+SYSLOG:0' }, after: (rig) => expect(rig.wire('AT+NONE')).toBe('ERROR') },
      { params: { enable: true }, tells: { 'AT+SYSLOG?': '+SYSLOG:1' }, after: (rig) => expect(rig.wire('AT+NONE')).toBe('ERR CODE:0x01090000\r\n\r\nERROR') },
    ],
  },
  'AT+SYSLOG query': { cases: [{ given: ['AT+SYSLOG=0'], expect: { enable: false } }, { expect: { enable: true } }] },
  'AT+SYSSTORE set': { cases: [{ params: { enable: false }, tells: { 'AT+SYSSTORE?': '+SYSSTORE:0' } }] },
  'AT+SYSSTORE query': { cases: [{ given: ['AT+SYSSTORE=0'], expect: { enable: false } }, { expect: { enable: true } }] },
  'AT+SLEEP set': {
    cases: [
      { given: ['AT+CWMODE=1'], params: { mode: 'light' }, tells: { 'AT+SLEEP?': '+SLEEP:2' } },
      { given: ['AT+CWMODE=1'], params: { mode: 'modem-listen-interval' }, tells: { 'AT+SLEEP?': '+SLEEP:3' } },
      { given: ['AT+CWMODE=2'], params: { mode: 'modem-listen-interval' }, refused: rejected },
    ],
  },
  'AT+SLEEP query': { cases: [{ given: ['AT+SLEEP=0'], expect: { mode: 'off' } }, { expect: { mode: 'modem-dtim' } }] },
  'AT+SLEEPWKCFG set timer': { cases: [{ params: { time: 1000 } }] },
  'AT+SLEEPWKCFG set uart': { cases: [{ params: { uart: 1 } }] },
  'AT+SLEEPWKCFG set gpio': { cases: [{ params: { gpio: 12, level: 'high' } }] },
  'AT+RFPOWER set': {
    cases: [
      { params: { wifi: 60, bleAdvertising: 0, bleScan: 4, bleConnection: 7 }, tells: { 'AT+RFPOWER?': '+RFPOWER:60,0,4,7' } },
      { params: { wifi: 52, bleScan: 5 }, tells: { 'AT+RFPOWER?': '+RFPOWER:52,2,5,2' } },
    ],
  },
  'AT+RFPOWER query': {
    cases: [
      // Recorded on 4.1: 78 gives 72.
      { given: ['AT+RFPOWER=78,1,2,3'], expect: { wifi: 72, bleAdvertising: 1, bleScan: 2, bleConnection: 3 } },
      { emulator: { without: ['ble'] }, given: ['AT+RFPOWER=44'], expect: { wifi: 44, bleAdvertising: undefined, bleScan: undefined, bleConnection: undefined } },
    ],
  },
  'AT+UART_CUR set': {
    cases: [{ params: port, tells: { 'AT+UART_CUR?': '+UART_CUR:230423,7,3,2,0', 'AT+UART_DEF?': '+UART_DEF:115200,8,1,0,1' } }],
  },
  'AT+UART_CUR query': { cases: [{ expect: { baud: 115201, dataBits: 'eight', stopBits: 'one', parity: 'none', flowControl: 'rts' } }] },
  'AT+UART_DEF set': {
    cases: [{ params: port, tells: { 'AT+UART_DEF?': '+UART_DEF:230400,7,3,2,0', 'AT+UART_CUR?': '+UART_CUR:230423,7,3,2,0' } }],
  },
  'AT+UART_DEF query': {
    cases: [
      { expect: { baud: 115200, dataBits: 'eight', stopBits: 'one', parity: 'none', flowControl: 'rts' } },
      { given: ['AT+UART_DEF=115200,6,2,1,3'], expect: { baud: 115200, dataBits: 'six', stopBits: 'one and a half', parity: 'odd', flowControl: 'both' } },
    ],
  },
  'AT+SYSFLASH query': {
    cases: [
      { for: 'v2', expect: partitions('v2000-A-queries') },
      { for: 'v4', expect: partitions('v41dev-A-queries') },
    ],
  },
};
