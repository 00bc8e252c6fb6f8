import { mergeMap } from 'rxjs';
import { blufiPhone } from 'rx-esp-at/emulator';
import { type Case, type Rig, type Table, wireText } from '../../support/enumeration.js';
import { air, beside, client, company, drive, peer, peerAddress } from './blePeer.js';

const asServer: Partial<Case> = { ...company, given: ['AT+BLEINIT=2'] };
const asClient: Partial<Case> = { ...company, given: ['AT+BLEINIT=1'] };
/** Only connection 0 is open in these cases. */
const alone = { 'connection=2': { for: 'v4', refused: 'there is one connection' } } as const;
const rejected = { kind: 'command', code: 'rejected' };
const saw = (rig: Rig, name: string, fields: object): void => expect(rig.events).toContainEqual(expect.objectContaining({ name, fields: expect.objectContaining(fields) as unknown }));
/** What the peer hears when it scans. */
const heard = (wanted: RegExp) => (rig: Rig): void => {
  drive(rig, 'AT+BLEINIT=1', 'AT+BLESCAN=1,1');
  expect(peer.heard).toMatch(wanted);
};
const advertises = (wanted: RegExp) => (rig: Rig): void => {
  expect(rig.wire('AT+BLEADVSTART')).toBe('OK');
  heard(wanted)(rig);
};
const advertising = { minInterval: 50, maxInterval: 60, type: 'connectable', ownAddress: 'public', channels: '39' } as const;
const listed = { filter: 'any scan, any connect', peerType: 'public', peer: '00:00:00:00:00:00' } as const;
const scanning = { type: 'passive', ownAddress: 'public', filter: 'all', interval: 100, window: 50 } as const;
const security = { authentication: 'bond', capability: 'keyboard-display', keySize: 16, initiatorKeys: 3, responderKeys: 3, option: 'any-level' } as const;
const pairing = (self: string, other: string, ...rest: readonly string[]): Partial<Case> => ({
  ...client,
  before: (rig) => {
    client.before?.(rig);
    expect(rig.wire(`AT+BLESECPARAM=${self}`)).toBe('OK');
    drive(rig, `AT+BLESECPARAM=${other}`, ...rest);
  },
});

/** What the phone of the case that runs has got. */
let sent: string[] = [];
const phoned: Partial<Case> = {
  ...company,
  given: ['AT+BLUFI=1'],
  before: (rig) => {
    sent = [];
    blufiPhone({ air }).connect('24:0a:c4:09:34:23').pipe(mergeMap(({ received }) => received)).subscribe((bytes) => sent.push(wireText(bytes)));
    rig.wait(500);
  },
};

/** Document 000 §5.1 to §5.15 and §5.30 to §5.37. */
export const bleTable: Table = {
  'AT+BLEINIT set': {
    cases: [
      { params: { role: 'server' }, tells: { 'AT+BLEINIT?': '+BLEINIT:2' } },
      { given: ['AT+BLEINIT=2'], params: { role: 'client' }, refused: rejected },
    ],
  },
  'AT+BLEINIT query': { cases: [{ expect: { role: 'off' } }, { given: ['AT+BLEINIT=1'], expect: { role: 'client' } }] },
  'AT+BLEADDR set': {
    cases: [
      { ...asServer, params: { type: 'random', address: 'f8:7f:24:87:1c:7b' }, after: (rig) => (expect(rig.wire('AT+BLEADVPARAM=50,60,0,1,7')).toBe('OK'), advertises(/\+BLESCAN:"f8:7f:24:87:1c:7b",.*,1\r\n/)(rig)) },
      { params: { type: 'public' }, refused: rejected },
    ],
    limits: { 'address=02:00:00:00:00:fe': { refused: 'the two highest bits of a static address are set' } },
  },
  'AT+BLEADDR query': { cases: [{ ...asServer, expect: '24:0a:c4:09:34:23' }, { refused: rejected }] },
  'AT+BLENAME set': { cases: [{ ...asServer, params: { name: 'a "lamp", \\ é' }, tells: { 'AT+BLENAME?': '+BLENAME:a "lamp", \\ \xc3\xa9' } }] },
  // Empty before AT+BLEINIT: recorded on 2.0.
  'AT+BLENAME query': { cases: [{ expect: '' }, { ...asServer, expect: 'BLE_AT' }] },
  'AT+BLESCANPARAM set': { cases: [{ ...asClient, params: scanning, tells: { 'AT+BLESCANPARAM?': '+BLESCANPARAM:0,0,0,100,50' } }], limits: { 'interval=4': { with: { window: 4 } }, 'window=16384': { with: { interval: 16384 } } } },
  'AT+BLESCANPARAM query': { cases: [{ given: ['AT+BLEINIT=1', 'AT+BLESCANPARAM=0,0,0,100,50'], expect: scanning }] },
  'AT+BLESCAN set': {
    cases: [
      {
        ...beside, params: { seconds: 3, filter: 'mac', value: peerAddress }, edges: ['seconds'],
        after: (rig) => (rig.wait(4000), saw(rig, '+BLESCAN', { address: peerAddress, advert: '00'.repeat(31), response: '', type: 0 })),
      },
      { ...asClient, params: { filter: 'name', value: 'lamp' }, edges: ['filter', 'value'] },
      { params: {}, refused: rejected },
    ],
    limits: {
      'filter=mac': { with: { seconds: 1, value: peerAddress } }, 'filter=name': { with: { seconds: 1 } },
      'filter=uuid': { for: 'v4', with: { seconds: 1, value: 'A002' } }, 'filter=rssi': { for: 'v4', with: { seconds: 1, value: '-60' } },
      'value#0': { with: { seconds: 1 } }, 'value#64': { with: { seconds: 1 } },
    },
  },
  'AT+BLESCAN set stop': {
    cases: [{ ...beside, given: ['AT+BLEINIT=1', 'AT+BLESCAN=1'], after: (rig) => { rig.wait(100); const before = rig.events.length; rig.wait(1000); expect(rig.events).toHaveLength(before); } }],
  },
  'AT+BLESCANRSPDATA set': { cases: [{ ...asServer, params: { data: '1122ff' }, after: advertises(/,1122ff,0\r\n/) }] },
  'AT+BLEADVPARAM set': {
    cases: [{ ...asServer, params: { ...advertising, filter: 'any scan, any connect', peerType: 'random', peer: '12:34:45:78:66:88' }, tells: { 'AT+BLEADVPARAM?': '+BLEADVPARAM:50,60,0,0,4,0,1,"12:34:45:78:66:88"' } }],
  },
  'AT+BLEADVPARAM query': { cases: [{ given: ['AT+BLEINIT=2', 'AT+BLEADVPARAM=50,60,0,0,4'], expect: { ...advertising, ...listed } }] },
  'AT+BLEADVDATA set': { cases: [{ ...asServer, params: { data: '0201060908455350' }, tells: { 'AT+BLEADVDATA?': '+BLEADVDATA:"0201060908455350"' }, after: advertises(/,0201060908455350,,0\r\n/) }] },
  'AT+BLEADVDATA query': { cases: [{ given: ['AT+BLEINIT=2', 'AT+BLEADVDATA="1122"'], expect: '1122' }, { given: ['AT+BLEINIT=2'], expect: '' }] },
  'AT+BLEADVDATAEX set': {
    cases: [{ ...asServer, params: { name: 'a,"b', uuid: 'A002', manufacturer: '0102', includePower: true }, tells: { 'AT+BLEADVDATAEX?': '+BLEADVDATAEX:"a,"b","A002","0102",1' }, after: heard(/,020106020a03030302a003ff01020509612c2262,,0\r\n/) }],
  },
  'AT+BLEADVDATAEX query': { cases: [{ given: ['AT+BLEINIT=2', 'AT+BLEADVDATAEX="lamp","A002","0102",0'], expect: { name: 'lamp', uuid: 'a002', manufacturer: '0102', includePower: 0 } }] },
  'AT+BLEADVSTART execute': { cases: [{ ...asServer, after: heard(/\+BLESCAN:"24:0a:c4:09:34:23"/) }, { ...asClient, refused: rejected }] },
  'AT+BLEADVSTOP execute': { cases: [{ ...asServer, given: ['AT+BLEINIT=2', 'AT+BLEADVSTART'], after: heard(/^(?!.*\+BLESCAN:"24)/s) }] },
  'AT+BLECONN set': {
    cases: [
      { ...beside, params: { connection: 0, address: peerAddress, type: 'public', timeout: 5 }, edges: ['address', 'timeout'], after: (rig) => (rig.wait(1000), saw(rig, '+BLECONN', { connection: 0 })) },
      { ...beside, for: 'v2', params: { connection: 0, address: peerAddress, type: 'random', timeout: 3 }, edges: ['connection', 'type'], after: (rig) => (rig.wait(5000), saw(rig, '+BLECONN', { connection: 0 })) },
      { ...beside, for: 'v4', params: { connection: 1, address: peerAddress, type: 'public', timeout: 5 }, edges: ['connection', 'type'], tells: { 'AT+BLECONN?': `+BLECONN:1,"${peerAddress}"` } },
      { ...asClient, for: 'v4', params: { connection: 0, address: peerAddress }, refused: rejected },
    ],
    limits: {
      'address=02:00:00:00:00:fe': { for: 'v4', refused: 'no module has it' }, 'type=random': { for: 'v4', refused: 'the peer advertises its public address' },
      'type=rpa-random': { for: 'v4', refused: 'the peer advertises its public address' },
    },
  },
  'AT+BLECONN query': { cases: [{ ...asClient, expect: [] }, { ...client, expect: [{ connection: 0, address: peerAddress }] }] },
  'AT+BLEDISCONN set': { cases: [{ ...client, params: { connection: 0 }, after: (rig) => (rig.wait(500), saw(rig, '+BLEDISCONN', { connection: 0, address: peerAddress })) }, { ...asClient, params: { connection: 0 }, refused: rejected }], limits: alone },
  'AT+BLEDATALEN set': { cases: [{ ...client, params: { connection: 0, length: 251 } }, { ...asClient, params: { connection: 0, length: 30 }, refused: rejected }], limits: alone },
  'AT+BLECFGMTU set': { cases: [{ ...client, params: { connection: 0, mtu: 300 }, after: (rig) => (rig.wait(500), saw(rig, '+BLECFGMTU', { connection: 0, mtu: 300 }), expect(rig.wire('AT+BLECFGMTU?')).toContain('+BLECFGMTU:0,300')) }], limits: alone },
  'AT+BLECFGMTU query': { cases: [{ ...client, expect: [{ connection: 0, mtu: 23 }] }, { ...asClient, expect: [] }] },
  'AT+BLECONNPARAM set': {
    cases: [
      {
        ...client, params: { connection: 0, minInterval: 12, maxInterval: 24, latency: 1, timeout: 500 },
        after: (rig) => (rig.wait(500), saw(rig, '+BLECONNPARAM', { connection: 0, interval: 24, latency: 1, timeout: 500 }), expect(rig.wire('AT+BLECONNPARAM?')).toContain('+BLECONNPARAM:0,24,24,24,1,500')),
      },
    ],
    limits: {
      ...alone, 'minInterval=3200': { with: { maxInterval: 3200, timeout: 3200 } }, 'maxInterval=6': { with: { minInterval: 6 } }, 'maxInterval=3200': { with: { timeout: 3200 } },
    },
  },
  'AT+BLECONNPARAM query': { cases: [{ ...client, expect: [{ connection: 0, minInterval: 24, maxInterval: 24, interval: 24, latency: 0, timeout: 600 }] }, { ...asClient, expect: [] }] },
  'AT+BLESECPARAM set': { cases: [{ ...asServer, params: security, after: (rig) => expect(rig.wire('AT+BLESECPARAM?')).toMatch(/^\+BLESECPARAM:1,4,16,3,3,0\r?\n\r\nOK$/) }] },
  'AT+BLESECPARAM query': { cases: [{ given: ['AT+BLEINIT=2', 'AT+BLESECPARAM=1,4,16,3,3,0'], expect: security }] },
  'AT+BLEENC set': { cases: [{ ...pairing('1,3,16,3,3', '1,3,16,3,3'), params: { connection: 0, level: 'encrypt' }, after: (rig) => (rig.wait(500), drive(rig, 'AT+BLEENCRSP=0,1'), saw(rig, '+BLEAUTHCMPL', { connection: 0, outcome: 'success' })) }], limits: alone },
  'AT+BLEENCRSP set': {
    cases: [{ ...pairing('1,3,16,3,3', '1,3,16,3,3', 'AT+BLEENC=0,1'), params: { connection: 0, accept: true }, after: (rig) => (rig.wait(500), saw(rig, '+BLESECREQ', { connection: 0 }), saw(rig, '+BLEAUTHCMPL', { outcome: 'success' })) }],
    limits: alone,
  },
  'AT+BLEKEYREPLY set': {
    cases: [{
      ...pairing('13,2,16,3,3', '13,0,16,3,3', 'AT+BLESETKEY=12', 'AT+BLEENC=0,3'), params: { connection: 0, key: '000012' },
      before: (rig) => {
        pairing('13,2,16,3,3', '13,0,16,3,3', 'AT+BLESETKEY=12', 'AT+BLEENC=0,3').before?.(rig);
        expect(rig.wire('AT+BLEENCRSP=0,1')).toContain('OK');
        rig.wait(500);
      },
      after: (rig) => (rig.wait(500), saw(rig, '+BLESECKEYREQ', { connection: 0 }), saw(rig, '+BLEAUTHCMPL', { outcome: 'success' })),
    }],
    limits: alone,
  },
  'AT+BLECONFREPLY set': {
    cases: [{
      ...company, params: { connection: 0, confirm: true },
      before: (rig) => {
        pairing('12,1,16,3,3', '12,1,16,3,3', 'AT+BLEENC=0,3').before?.(rig);
        expect(rig.wire('AT+BLEENCRSP=0,1')).toContain('OK');
        rig.wait(500);
      },
      after: (rig) => (drive(rig, 'AT+BLECONFREPLY=0,1'), rig.wait(500), saw(rig, '+BLEAUTHCMPL', { outcome: 'success' })),
    }],
    limits: alone,
  },
  'AT+BLEENCDEV query': {
    cases: [
      { ...asServer, expect: [] },
      { ...company, before: (rig) => (pairing('1,3,16,3,3', '1,3,16,3,3', 'AT+BLEENC=0,1').before?.(rig), expect(rig.wire('AT+BLEENCRSP=0,1', 1000)).toContain('OK')), expect: [{ index: 0, address: peerAddress }] },
    ],
  },
  'AT+BLEENCCLEAR set': {
    cases: [{ ...company, before: (rig) => (pairing('1,3,16,3,3', '1,3,16,3,3', 'AT+BLEENC=0,1').before?.(rig), expect(rig.wire('AT+BLEENCRSP=0,1', 1000)).toContain('OK')), params: { index: 0 }, tells: { 'AT+BLEENCDEV?': '' } }, { ...asServer, params: { index: 0 }, refused: rejected }],
    limits: { 'index=255': { refused: 'there is one bond' } },
  },
  'AT+BLEENCCLEAR execute': { cases: [{ ...asServer, tells: { 'AT+BLEENCDEV?': '' } }] },
  'AT+BLESETKEY set': { cases: [{ ...asServer, params: { key: '000123' }, after: (rig) => expect(rig.wire('AT+BLESETKEY?')).toMatch(/^\+BLESETKEY:123\r?\n\r\nOK$/) }] },
  'AT+BLESETKEY query': {
    cases: [{ ...asServer, expect: undefined }, { given: ['AT+BLEINIT=2', 'AT+BLESETKEY=123456'], expect: expect.anything() as unknown }],
  },
  'AT+BLUFI set': {
    cases: [
      { ...company, params: { enable: true }, tells: { 'AT+BLUFI?': '+BLUFI:1', 'AT+BLEINIT?': '+BLEINIT:0' }, after: heard(/,0201060303ffff0d09424c5546495f444556494345,,0\r\n/) },
      {
        ...company, params: { enable: true }, after: (rig) => {
          const joined: boolean[] = [];
          const phone = blufiPhone({ air }).connect('24:0a:c4:09:34:23').pipe(mergeMap((made) => made.provision({ ssid: 'Espressif', password: '' }))).subscribe((outcome) => joined.push(outcome));
          rig.wait(1500);
          expect(joined).toEqual([true]);
          phone.unsubscribe();
          rig.wait(500);
          const said = rig.events.map(({ name }) => name);
          // 2.1 says nothing of the phone.
          expect(said).toEqual([...(said.includes('+BLUFICONN') ? ['+BLUFICONN'] : []), 'WIFI CONNECTED', 'WIFI GOT IP', ...(said.includes('+BLUFICONN') ? ['+BLUFIDISCONN'] : [])]);
        },
      },
      { ...asClient, params: { enable: true }, refused: rejected },
    ],
  },
  'AT+BLUFI query': { cases: [{ expect: { enable: false } }, { given: ['AT+BLUFI=1'], expect: { enable: true } }, { given: ['AT+BLUFI=1', 'AT+BLUFI=0', 'AT+BLEINIT=1'], expect: { enable: false } }] },
  'AT+BLUFINAME set': { cases: [{ ...company, params: { name: 'a "b", c' }, tells: { 'AT+BLUFINAME?': '+BLUFINAME:"a "b", c"' } }] },
  'AT+BLUFINAME query': { cases: [{ expect: 'BLUFI_DEVICE' }] },
  'AT+BLUFISEND set': {
    cases: [
      { ...phoned, params: { length: 4 }, data: '1\r"\0', after: (rig) => (rig.wait(500), expect(sent).toEqual(['1\r"\0'])) },
      { ...company, given: ['AT+BLUFI=1'], params: { length: 1 }, data: '1', refused: rejected },
    ],
  },
};
