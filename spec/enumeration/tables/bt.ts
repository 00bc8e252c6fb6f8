import type { Rig, Table } from '../../support/enumeration.js';
import { drive, peer, peerAddress } from './blePeer.js';
import { asked, audio, connected, master, on, ownAddress, paired, playing } from './btPeer.js';

const rejected = { kind: 'command', code: 'rejected' };
const off = [{ refused: rejected }];
const saw = (rig: Rig, name: string, fields: object): void => expect(rig.events).toContainEqual(expect.objectContaining({ name, fields: expect.objectContaining(fields) as unknown }));
/** What another module finds. */
const found = (wanted: RegExp) => (rig: Rig): void => {
  drive(rig, 'AT+BTINIT=1');
  peer.write('AT+BTSTARTDISC=0,4,0\r\n');
  rig.wait(6000);
  expect(peer.heard).toMatch(wanted);
};
const visible = { ...on, given: ['AT+BTINIT=1', 'AT+BTSCANMODE=2'] };
const nowhere = { 'address=02:00:00:00:00:fe': { for: 'v4', refused: 'no module has it' } } as const;

/** Document 000 chapter 8. */
export const btTable: Table = {
  'AT+BTINIT set': { cases: [{ params: { enable: true }, tells: { 'AT+BTINIT?': '+BTINIT:1' } }, { ...on, params: { enable: false }, tells: { 'AT+BTINIT?': '+BTINIT:0' } }, { given: ['AT+CIPMODE=1'], params: { enable: true }, refused: rejected }] },
  'AT+BTINIT query': { cases: [{ expect: { enable: false } }, { ...on, expect: { enable: true } }] },
  'AT+BTNAME set': { cases: [{ ...visible, params: { name: 'a "lamp", é' }, tells: { 'AT+BTNAME?': '+BTNAME:a "lamp", \xc3\xa9' }, after: found(/\+BTSTARTDISC:"24:0a:c4:09:34:23",a "lamp", \xc3\xa9,,,,-\d\d\r\n/) }, { params: { name: 'x' }, refused: rejected }] },
  // Empty before AT+BTINIT, as recorded of AT+BLENAME.
  'AT+BTNAME query': { cases: [{ expect: '' }, { ...on, expect: 'ESP32_AT' }] },
  'AT+BTSCANMODE set': { cases: [{ ...on, params: { mode: 'discoverable' }, tells: { 'AT+BTSCANMODE?': '+BTSCANMODE:3' }, after: found(/\+BTSTARTDISC:/) }, { ...on, params: { mode: 'connectable' }, after: found(/^AT\+BTSTARTDISC=0,4,0\r\n\r\nOK\r\n$/) }, { params: { mode: 'hidden' }, refused: rejected }] },
  'AT+BTSCANMODE query': { cases: [{ ...on, expect: { mode: 'hidden' } }, { ...visible, expect: { mode: 'discoverable and connectable' } }, ...off] },
  'AT+BTSTARTDISC set': {
    cases: [
      { ...on, before: (rig) => drive(rig, 'AT+BTINIT=1', 'AT+BTNAME="EXAMPLE"', 'AT+BTSCANMODE=2'), params: { mode: 'general', length: 10, responses: 1 }, expect: [{ address: peerAddress, name: 'EXAMPLE', rssi: expect.any(Number) as unknown }] },
      {
        ...on, before: (rig) => drive(rig, 'AT+BTINIT=1', 'AT+BTNAME="EXAMPLE"', 'AT+BTCOD=6,32,33', 'AT+BTSCANMODE=2'), params: { mode: 'limited', length: 10, responses: 2 },
        expect: [1, 2].map(() => ({ address: peerAddress, name: 'EXAMPLE', majorClass: 6, minorClass: 32, services: 33, rssi: expect.any(Number) as unknown })),
      },
      { params: { mode: 'general', length: 1, responses: 0 }, refused: rejected },
    ],
  },
  'AT+BTSECPARAM set': { cases: [{ ...on, params: { capability: 'no-input-no-output', pinType: 'fixed', pin: '9527' }, tells: { 'AT+BTSECPARAM?': '+BTSECPARAM:3,1,9527' } }, { ...on, params: { capability: 'display-only', pinType: 'fixed' }, refused: rejected }] },
  'AT+BTSECPARAM query': { cases: [{ ...on, given: ['AT+BTINIT=1', 'AT+BTSECPARAM=1,1,"9527"'], expect: { capability: 'display-yes-no', pinType: 'fixed', pin: expect.anything() as unknown } }, ...off] },
  'AT+BTKEYREPLY set': {
    cases: [
      { ...asked('2,0', '0,0'), params: { connection: 0, key: '000001' }, after: (rig) => saw(rig, '+BTKEYREQ', { address: peerAddress }) },
      {
        ...asked('2,0', '2,0'), params: { connection: 0, key: '123456' },
        after: (rig) => (peer.write('AT+BTKEYREPLY=0,123456\r\n'), rig.wait(500), saw(rig, '+BTSPPCONN', { address: peerAddress, failed: false })),
      },
      { ...on, params: { connection: 0, key: '000001' }, refused: rejected },
    ],
  },
  'AT+BTPINREPLY set': {
    cases: [
      { ...asked('3,0', '3,1,"6688"', false), params: { connection: 0, pin: '6688' }, after: (rig) => (rig.wait(500), saw(rig, '+BTPINREQ', { address: peerAddress }), saw(rig, '+BTSPPCONN', { address: peerAddress, failed: false })) },
      { ...on, params: { connection: 0, pin: '6688' }, refused: rejected },
    ],
  },
  'AT+BTSECCFM set': {
    cases: [
      {
        ...asked('1,0', '1,0'), params: { connection: 0, accept: true },
        after: (rig) => (saw(rig, '+BTCFMREQ', { address: peerAddress }), peer.write('AT+BTSECCFM=0,1\r\n'), rig.wait(500), saw(rig, '+BTSPPCONN', { address: peerAddress, failed: false })),
      },
      { ...asked('1,0', '1,0'), params: { connection: 0, accept: false }, after: (rig) => (rig.wait(500), expect(peer.heard).toMatch(/\+BTSPPCONN:-1\r\n$/)) },
      { ...on, params: { connection: 0, accept: true }, refused: rejected },
    ],
  },
  'AT+BTENCDEV query': { cases: [{ ...on, expect: [] }, { ...paired, expect: [{ index: 0, address: peerAddress }] }, ...off] },
  'AT+BTENCCLEAR set': { cases: [{ ...paired, params: { index: 0 }, tells: { 'AT+BTENCDEV?': '' } }, { ...on, params: { index: 0 }, refused: rejected }], limits: { 'index=255': { refused: 'there is one bond' } } },
  'AT+BTENCCLEAR execute': { cases: [{ ...paired, tells: { 'AT+BTENCDEV?': '' } }, ...off] },
  'AT+BTCOD set': { cases: [{ ...visible, params: { major: 6, minor: 32, service: 32 }, after: found(/\+BTSTARTDISC:"24:0a:c4:09:34:23",ESP32_AT,0x6,0x20,0x20,-\d\d\r\n/) }, { params: { major: 1, minor: 1, service: 1 }, refused: rejected }] },
  'AT+BTSPPINIT set': { cases: [{ ...on, params: { role: 'slave' }, tells: { 'AT+BTSPPINIT?': '+BTSPPINIT:1' } }, { ...master(), params: { role: 'slave' }, refused: rejected }, { params: { role: 'master' }, refused: rejected }] },
  'AT+BTSPPINIT query': { cases: [{ expect: { mode: 'off' } }, { ...master(), expect: { mode: 'on' } }] },
  'AT+BTSPPCONN set': {
    cases: [
      {
        ...master('1,0', '1,0'), params: { connection: 0, security: 'none', address: peerAddress },
        after: (rig) => (rig.wait(2000), saw(rig, '+BTSPPCONN', { connection: 0, address: peerAddress, failed: false }), expect(peer.heard).toContain(`+BTSPPCONN:0,"${ownAddress}"\r\n`)),
      },
      { ...on, given: ['AT+BTINIT=1', 'AT+BTSPPINIT=1'], for: 'v2', params: { connection: 0, security: 'none', address: peerAddress }, after: (rig) => (rig.wait(6000), saw(rig, '+BTSPPCONN', { failed: true })) },
      { ...on, given: ['AT+BTINIT=1', 'AT+BTSPPINIT=1'], for: 'v4', params: { connection: 0, security: 'none', address: peerAddress }, refused: rejected },
      { ...connected, params: { connection: 0, security: 'none', address: peerAddress }, refused: rejected },
    ],
    limits: nowhere,
  },
  'AT+BTSPPCONN query': { cases: [{ expect: [] }, { ...connected, expect: [{ connection: 0, address: peerAddress }] }] },
  'AT+BTSPPDISCONN set': { cases: [{ ...connected, params: { connection: 0 }, after: (rig) => (rig.wait(500), saw(rig, '+BTSPPDISCONN', { connection: 0, address: peerAddress }), expect(peer.heard).toContain(`+BTSPPDISCONN:0,"${ownAddress}"\r\n`)) }, { ...master(), params: { connection: 0 }, refused: rejected }] },
  'AT+BTSPPSEND set': {
    cases: [{ ...connected, params: { connection: 0, length: 6 }, data: '\r\nOK\r\n', after: () => expect(peer.heard).toMatch(/\+BTDATA:6,\r\nOK\r\n\r\n$/) }, { ...master(), params: { connection: 0, length: 1 }, data: 'x', refused: rejected }],
  },
  'AT+BTSPPSTART execute': { cases: [{ ...on, given: ['AT+BTINIT=1', 'AT+BTSPPINIT=2'] }, { ...master(), refused: rejected }] },
  'AT+BTA2DPINIT set': { cases: [{ ...on, params: { role: 'sink', enable: true }, tells: { 'AT+BTA2DPINIT?': '+BTA2DPINIT:1' } }, { ...audio(0), params: { role: 'sink', enable: true }, refused: rejected }, { params: { role: 'source', enable: true }, refused: rejected }] },
  'AT+BTA2DPINIT query': { cases: [{ expect: { enable: false } }, { ...audio(0), expect: { enable: true } }] },
  'AT+BTA2DPCONN set': {
    cases: [
      { ...audio(0), params: { connection: 0, address: peerAddress }, after: (rig) => (rig.wait(2000), saw(rig, '+BTA2DPCONN', { connection: 0, address: peerAddress, failed: false }), expect(peer.heard).toContain(`+BTA2DPCONN:0,"${ownAddress}"\r\n`)) },
      { ...on, given: ['AT+BTINIT=1', 'AT+BTA2DPINIT=0,1'], params: { connection: 0, address: peerAddress }, after: (rig) => (rig.wait(6000), saw(rig, '+BTA2DPCONN', { failed: true })) },
      { ...playing(0), params: { connection: 0, address: peerAddress }, refused: rejected },
    ],
  },
  'AT+BTA2DPCONN query': { cases: [{ expect: [] }, { ...playing(1), expect: [{ connection: 0, address: peerAddress }] }] },
  'AT+BTA2DPDISCONN set': { cases: [{ ...playing(0), params: { connection: 0 }, after: (rig) => (rig.wait(500), saw(rig, '+BTA2DPDISCONN', { connection: 0, address: peerAddress })) }, { ...audio(0), params: { connection: 0 }, refused: rejected }] },
  'AT+BTA2DPSRC set': {
    cases: [{ ...audio(0), params: { connection: 0, url: 'https://a.test/song.mp3' }, tells: { 'AT+BTA2DPSRC?': '+BTA2DPSRC:https://a.test/song.mp3,mp3' } }, { ...audio(1), params: { connection: 0, url: 'https://a.test/song.mp3' }, refused: rejected }],
    limits: { 'url#1': { refused: 'no MP3' }, 'url#200': { refused: 'no MP3' } },
  },
  'AT+BTA2DPSRC query': { cases: [{ ...audio(0), expect: { url: 'NULL', type: 'NULL' } }, { ...audio(0), given: ['AT+BTINIT=1', 'AT+BTA2DPINIT=0,1', 'AT+BTA2DPSRC=0,"flash://spiffs/a.mp3"'], expect: { url: 'flash://spiffs/a.mp3', type: 'mp3' } }, ...off] },
  'AT+BTA2DPCTRL set': {
    cases: [{ ...playing(1), params: { connection: 0, control: 'play' } }, { ...playing(0), params: { connection: 0, control: 'fast-forward' }, refused: rejected }, { ...playing(0), params: { connection: 0, control: 'play' }, refused: rejected }, { ...audio(1), params: { connection: 0, control: 'stop' }, refused: rejected }],
  },
};
