import { type Case, type Table, wireBytes } from '../../support/enumeration.js';
import { client, drive, found, peer, server } from './blePeer.js';

const rejected = { kind: 'command', code: 'rejected' };
const created: Partial<Case> = { given: ['AT+BLEINIT=2', 'AT+BLEGATTSSRVCRE'] };
const started: Partial<Case> = { given: ['AT+BLEINIT=2', 'AT+BLEGATTSSRVCRE', 'AT+BLEGATTSSRVSTART'] };
const table = [['C300', 2], ['C301', 2], ['C302', 8], ['C303', 4], ['C304', 8], ['C305', 16], ['C306', 32]] as const;
const described = [[1, '2901'], [2, '2901'], [3, '2901'], [4, '2901'], [6, '2902'], [7, '2902']] as const;
const characteristics = (of: object): unknown => ({
  characteristics: table.map(([uuid, properties], at) => ({ ...of, characteristic: at + 1, uuid, properties })),
  descriptors: described.map(([characteristic, uuid]) => ({ ...of, characteristic, descriptor: 1, uuid })),
});

/** Document 000 §5.16 to §5.27. */
export const bleGattTable: Table = {
  'AT+BLEGATTSSRVCRE execute': { cases: [{ given: ['AT+BLEINIT=2'], tells: { 'AT+BLEGATTSSRV?': '+BLEGATTSSRV:1,0,0xA002,1' } }, { ...server, refused: rejected }] },
  'AT+BLEGATTSSRVSTART execute': { cases: [{ ...created, tells: { 'AT+BLEGATTSSRV?': '+BLEGATTSSRV:1,1,0xA002,1' } }, { given: ['AT+BLEINIT=2'], refused: rejected }] },
  'AT+BLEGATTSSRVSTART set': { cases: [{ ...created, params: { service: 1 }, tells: { 'AT+BLEGATTSSRV?': '+BLEGATTSSRV:1,1,0xA002,1' } }], limits: { 'service=255': { refused: 'there is one service' } } },
  'AT+BLEGATTSSRV query': { cases: [{ ...started, expect: [{ service: 1, started: true, uuid: 'A002', primary: true }] }] },
  'AT+BLEGATTSCHAR query': { cases: [{ ...started, expect: characteristics({ service: 1 }) }] },
  'AT+BLEGATTSNTFY set': {
    cases: [
      { ...server, params: { connection: 0, service: 1, characteristic: 6, length: 4 }, data: '1\r"\0', after: (rig) => (rig.wait(500), expect(peer.heard).toContain('+NOTIFY:0,3,6,4,1\r"\0\r\n')) },
      { ...server, params: { connection: 0, service: 1, characteristic: 7, length: 1 }, data: '1', refused: rejected },
    ],
    limits: {
      'connection=2': { for: 'v4', refused: 'there is one connection' }, 'service=255': { refused: 'there is one service' }, 'characteristic=1': { refused: 'it cannot notify' },
      'characteristic=255': { refused: 'there are seven' },
    },
  },
  'AT+BLEGATTSIND set': {
    cases: [{ ...server, params: { connection: 0, service: 1, characteristic: 7, length: 2 }, data: '>\n', after: () => expect(peer.heard).toContain('+INDICATE:0,3,7,2,>\n\r\n') }],
    limits: {
      'connection=2': { for: 'v4', refused: 'there is one connection' }, 'service=255': { refused: 'there is one service' }, 'characteristic=1': { refused: 'it cannot indicate' },
      'characteristic=255': { refused: 'there are seven' },
    },
  },
  'AT+BLEGATTSSETATTR set': {
    cases: [
      {
        ...server, params: { service: 1, characteristic: 1, length: 4 }, data: 'a\0\r\n', edges: ['service', 'characteristic', 'length'],
        after: (rig) => (drive(rig, 'AT+BLEGATTCRD=0,3,1'), expect(peer.heard).toContain('+BLEGATTCRD:0,4,a\0\r\n\r\n')),
      },
      { ...server, params: { service: 1, characteristic: 2, descriptor: 1, length: 3 }, data: 'abc', edges: ['descriptor'], after: (rig) => (drive(rig, 'AT+BLEGATTCRD=0,3,2,1'), expect(peer.heard).toContain('+BLEGATTCRD:0,3,abc\r\n')) },
    ],
    limits: { 'service=255': { refused: 'there is one service' }, 'characteristic=255': { refused: 'there are seven' }, 'descriptor=255': { refused: 'there is one' } },
  },
  'AT+BLEGATTCPRIMSRV set': {
    cases: [{ ...client, params: { connection: 0 }, expect: ['1801', '1800', 'A002'].map((uuid, at) => ({ connection: 0, service: at + 1, uuid, primary: true })) }, { given: ['AT+BLEINIT=1'], params: { connection: 0 }, refused: rejected }],
    limits: { 'connection=2': { for: 'v4', refused: 'there is one connection' } },
  },
  'AT+BLEGATTCINCLSRV set': {
    cases: [{ ...found, params: { connection: 0, service: 3 }, expect: [] }, { ...client, params: { connection: 0, service: 3 }, refused: rejected }],
    limits: { 'connection=2': { for: 'v4', refused: 'there is one connection' }, 'service=255': { refused: 'there are three' } },
  },
  'AT+BLEGATTCCHAR set': {
    cases: [{ ...found, params: { connection: 0, service: 3 }, expect: characteristics({ connection: 0, service: 3 }) }, { ...client, params: { connection: 0, service: 3 }, refused: rejected }],
    limits: { 'connection=2': { for: 'v4', refused: 'there is one connection' }, 'service=255': { refused: 'there are three' } },
  },
  'AT+BLEGATTCRD set': {
    cases: [
      { ...found, params: { connection: 0, service: 3, characteristic: 1 }, edges: ['connection', 'service', 'characteristic'], expect: [{ connection: 0, length: 1, payload: wireBytes('0') }], after: () => expect(peer.heard).toContain('+READ:0,"24:0a:c4:09:34:23"') },
      { ...found, params: { connection: 0, service: 3, characteristic: 6, descriptor: 1 }, edges: ['descriptor'], expect: [{ connection: 0, length: 2, payload: wireBytes('\0\0') }] },
      { ...found, params: { connection: 0, service: 3, characteristic: 3 }, refused: rejected },
    ],
    limits: {
      'connection=2': { for: 'v4', refused: 'there is one connection' }, 'service=1': { refused: 'its characteristics were not asked for' }, 'service=255': { refused: 'there are three' },
      'characteristic=255': { refused: 'there are seven' }, 'descriptor=255': { refused: 'there is one' },
    },
  },
  'AT+BLEGATTCWR set': {
    cases: [
      { ...found, params: { connection: 0, service: 3, characteristic: 3, length: 3 }, data: '\0\r\n', edges: ['connection', 'service', 'length'], after: () => expect(peer.heard).toContain('+WRITE:0,1,3,,3,\0\r\n\r\n') },
      { ...found, params: { connection: 0, service: 3, characteristic: 6, descriptor: 1, length: 2 }, data: '\x01\0', edges: ['characteristic', 'descriptor'], after: () => expect(peer.heard).toContain('+WRITE:0,1,6,1,2,\x01\0\r\n') },
      { ...found, params: { connection: 0, service: 3, characteristic: 1, length: 3 }, data: 'abc', refused: rejected },
    ],
    limits: {
      'connection=2': { for: 'v4', refused: 'there is one connection' }, 'service=1': { refused: 'its characteristics were not asked for' }, 'service=255': { refused: 'there are three' },
      'characteristic=1': { refused: 'it has another descriptor' }, 'characteristic=255': { refused: 'there are seven' }, 'descriptor=255': { refused: 'there is one' },
    },
  },
};
