import type { Case, Entry, Rig, Table } from '../../support/enumeration.js';
import { wireBytes } from '../../support/enumeration.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const bytes = 'a\r\n\0\xff>';
const put = (line: string, data: string) => (rig: Rig): void => {
  expect(rig.wire(line)).toBe('>');
  expect(rig.bytes(data)).toBe('OK');
};
const file = (name: string, data: string): ((rig: Rig) => void) => put(`AT+FS=0,1,"${name}",0,${String(data.length)}`, data);
/** The same case for the partition of each dialect. */
const both = (row: (partition: string) => Case): readonly Case[] => [{ ...row('ble_data'), for: 'v2' }, { ...row('fs_storage'), for: 'v4' }];
const noPartition = { 'partition#1': { refused: 'no partition of that name' }, 'partition#16': { refused: 'no partition of that name' } } as const;
const noFile = { 'file#1': { refused: 'no such file' }, 'file#128': { refused: 'no such file' } } as const;
const rest: Entry['limits'] = { 'offset=2147483647': { refused: 'behind the end' } };

/** Document 000 §2.12 and §2.13. */
export const filesTable: Table = {
  'AT+SYSFLASH set erase': {
    cases: both((partition) => ({
      before: put(`AT+SYSFLASH=1,"${partition}",4096,2`, 'no'), params: { partition, offset: 4096, length: 4096 },
      after: (rig) => expect(rig.wire(`AT+SYSFLASH=2,"${partition}",4096,2`)).toBe('+SYSFLASH:2,\xff\xff\r\nOK'),
    })),
    limits: { ...noPartition, ...rest, 'length=1': { refused: 'no multiple of 4096' }, 'length=2147483647': { refused: 'behind the end' } },
  },
  'AT+SYSFLASH set write': {
    cases: both((partition) => ({ params: { partition, offset: 10, length: bytes.length }, data: bytes, after: (rig) => expect(rig.wire(`AT+SYSFLASH=2,"${partition}",9,8`)).toBe(`+SYSFLASH:8,\xff${bytes}\xff\r\nOK`) })),
    limits: { ...noPartition, ...rest, 'length=2147483647': { untried: '2 GiB of payload' } },
  },
  'AT+SYSFLASH set read': {
    cases: [
      ...both((partition) => ({ before: put(`AT+SYSFLASH=1,"${partition}",0,${String(bytes.length)}`, bytes), params: { partition, offset: 0, length: bytes.length }, expect: [{ length: bytes.length, payload: wireBytes(bytes) }] })),
      { params: { partition: 'nothing', offset: 0, length: 1 }, refused: rejected },
    ],
    limits: { ...noPartition, ...rest, 'length=2147483647': { refused: 'behind the end' } },
  },
  'AT+FS set write': {
    cases: [
      { params: { file: 'a, b.txt', offset: 0, length: bytes.length }, data: bytes, after: (rig) => expect(rig.wire('AT+FS=0,2,"a\\, b.txt",0,100')).toBe(`+FS:${String(bytes.length)},${bytes}\r\nOK`) },
      { before: file('f', '0123456789'), params: { file: 'f', offset: 4, length: 2 }, data: 'xy', after: (rig) => expect(rig.wire('AT+FS=0,2,"f",0,100')).toBe('+FS:10,0123xy6789\r\nOK') },
    ],
    limits: { ...rest, 'length=2147483647': { untried: '2 GiB of payload' } },
  },
  'AT+FS set read': {
    cases: [
      { before: file('f', bytes), params: { file: 'f', offset: 1, length: 100 }, expect: [{ length: bytes.length - 1, payload: wireBytes(bytes.slice(1)) }] },
      { params: { file: 'none', offset: 0, length: 1 }, refused: rejected },
    ],
    limits: { ...noFile, 'length=2147483647': { refused: 'more than the heap of the module holds' } },
  },
  'AT+FS set size': { cases: [{ before: file('f', bytes), params: { file: 'f' }, expect: bytes.length }, { params: { file: 'none' }, refused: rejected }], limits: noFile },
  'AT+FS set delete': { cases: [{ before: file('f', bytes), params: { file: 'f' }, after: (rig) => expect(rig.wire('AT+FS=0,3,"f"')).toBe('ERROR') }, { params: { file: 'none' }, refused: rejected }], limits: noFile },
  'AT+FS set list': {
    cases: [{ before: (rig) => (file('one.txt', '1')(rig), file('two.bin', '2')(rig)), params: { directory: '.' }, expect: ['one.txt', 'two.bin'] }, { params: { directory: '.' }, expect: [] }],
    limits: { 'directory#1': { refused: 'only the root is there' }, 'directory#128': { refused: 'only the root is there' } },
  },
};
