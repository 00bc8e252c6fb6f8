import type { Rig, Table } from '../../support/enumeration.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const both = ['AT+CWMODE=3'] as const;
const softAp = ['AT+CWMODE=2'] as const;
const station = ['AT+CWMODE=1'] as const;
const hosting = [...softAp, 'AT+CWSAP="cafe","open says me",6,3'] as const;

/** Two visitors, one of which asks for an address of its own. */
const visited = (rig: Rig): void => {
  rig.emulator.world.visit({ mac: '02:00:00:00:00:AA', password: 'open says me' });
  rig.emulator.world.visit({ mac: '02:00:00:00:00:bb', password: 'open says me', ip: '192.168.4.77' });
  rig.wait(500);
};
const events = (rig: Rig): readonly unknown[] => rig.events.map(({ name, fields }) => ({ name, ...fields }));

/** Document 000 §3.6 to §3.10, §3.16 to §3.20: the softAP, and how a station is told its network. */
export const softApTable: Table = {
  'AT+CWSAP set': {
    cases: [
      { given: softAp, params: { ssid: 'my"ap,1', password: 'pass,"w\\rd', channel: 13, encryption: 'wpa/wpa2', maxStations: 3, hidden: true }, tells: { 'AT+CWSAP?': '+CWSAP:"my"ap,1","pass,"w\\rd",13,4,3,1' } },
      { for: 'v2', given: softAp, params: { ssid: 'free', password: '', channel: 1, encryption: 'open' }, tells: { 'AT+CWSAP?': '+CWSAP:"free","",1,0,10,0' } },
      { for: 'v4', given: softAp, params: { ssid: 'free', password: '', channel: 1, encryption: 'open' }, tells: { 'AT+CWSAP?': '+CWSAP:"free","",1,0,15,0' } },
      { given: softAp, params: { ssid: 'short', password: '1234567', channel: 1, encryption: 'wpa2' }, refused: rejected },
      { given: station, params: { ssid: 'free', password: '', channel: 1, encryption: 'open' }, refused: rejected },
    ],
    limits: { 'password#0': { with: { encryption: 'open' } } },
  },
  'AT+CWSAP query': {
    cases: [
      {
        given: [...both, 'AT+CWSAP="caf\xc3\xa9 \\"1\\"","tell\\, no one",7,2,5,1'],
        expect: expect.objectContaining({ ssid: 'café "1"', channel: 7, encryption: 'wpa', maxStations: 5, hidden: true }) as unknown,
        after: (rig) => {
          const { values } = rig.exec(rig.module.dialect.commands.get('AT+CWSAP query') as never);
          expect((values[0] as { password: { reveal(): string } }).password.reveal()).toBe('tell, no one');
          expect(JSON.stringify(values)).not.toContain('tell');
        },
      },
      { given: station, refused: rejected },
    ],
  },
  'AT+CWLIF execute': {
    cases: [
      { given: hosting, expect: [] },
      { given: hosting, before: visited, expect: [{ address: '192.168.4.2', mac: '02:00:00:00:00:aa' }, { address: '192.168.4.77', mac: '02:00:00:00:00:bb' }] },
      { given: station, refused: rejected },
    ],
  },
  'AT+CWQIF execute': {
    cases: [
      {
        given: hosting, before: visited, tells: { 'AT+CWLIF': '' },
        after: (rig) => expect(events(rig)).toEqual(expect.arrayContaining([
          { name: '+STA_CONNECTED', mac: '02:00:00:00:00:aa' }, { name: '+DIST_STA_IP', mac: '02:00:00:00:00:bb', address: '192.168.4.77' },
          { name: '+STA_DISCONNECTED', mac: '02:00:00:00:00:aa' }, { name: '+STA_DISCONNECTED', mac: '02:00:00:00:00:bb' },
        ])),
      },
      { given: station, refused: rejected },
    ],
  },
  'AT+CWQIF set': {
    cases: [
      { given: hosting, before: visited, params: { mac: '02:00:00:00:00:aa' }, tells: { 'AT+CWLIF': '+CWLIF:192.168.4.77,02:00:00:00:00:bb' } },
      { given: hosting, before: visited, params: { mac: '02:00:00:00:00:cc' }, refused: rejected },
    ],
    limits: { 'mac=02:00:00:00:00:fe': { refused: 'that station never came' } },
  },
  'AT+CWDHCP set': {
    cases: [
      { params: { enable: false, interfaces: 3 }, after: (rig) => expect(rig.wire('AT+CWDHCP?')).toMatch(/^\+CWDHCP:[04]\r\n/) },
      { given: ['AT+CWDHCP=0,3'], params: { enable: true, interfaces: 2 }, after: (rig) => expect(rig.wire('AT+CWDHCP?')).toMatch(/^\+CWDHCP:[26]\r\n/) },
    ],
  },
  'AT+CWDHCP query': {
    cases: [
      { for: 'v2', expect: { interfaces: 7 } },
      { for: 'v4', expect: { interfaces: 3 } },
      { for: 'v4', given: ['AT+CWDHCP=0,1'], expect: { interfaces: 2 } },
    ],
  },
  'AT+CWDHCPS set': {
    cases: [
      { given: softAp, params: { lease: 30, start: '192.168.4.10', end: '192.168.4.20' }, tells: { 'AT+CWDHCPS?': '+CWDHCPS:30,192.168.4.10,192.168.4.20' } },
      { given: softAp, params: { lease: 30, start: '10.0.0.10', end: '10.0.0.20' }, refused: rejected },
    ],
    limits: { 'start=10.9.8.7': { refused: 'outside of the network of the softAP' }, 'end=10.9.8.7': { refused: 'outside of the network of the softAP' } },
  },
  'AT+CWDHCPS set reset': { cases: [{ given: [...softAp, 'AT+CWDHCPS=1,3,"192.168.4.10","192.168.4.15"'], tells: { 'AT+CWDHCPS?': '+CWDHCPS:120,192.168.4.2,192.168.4.101' } }] },
  'AT+CWDHCPS query': { cases: [{ given: [...softAp, 'AT+CWDHCPS=1,3,"192.168.4.10","192.168.4.15"'], expect: { lease: 3, start: '192.168.4.10', end: '192.168.4.15' } }] },
  'AT+CWSTARTSMART execute': {
    cases: [
      {
        given: station,
        after: (rig) => {
          rig.emulator.world.smartConfig({ type: 'AIRKISS', ssid: 'Espressif', password: '' });
          rig.wait(1000);
          expect(events(rig)).toEqual(expect.arrayContaining([
            { name: 'smartconfig type', type: 'AIRKISS' }, { name: 'Smart get wifi info' }, { name: 'WIFI GOT IP' }, { name: 'smartconfig connected wifi' },
          ]));
        },
      },
      { given: softAp, refused: rejected },
    ],
  },
  'AT+CWSTARTSMART set': {
    cases: [
      {
        given: station, params: { type: 'esp-touch' },
        after: (rig) => {
          rig.emulator.world.smartConfig({ type: 'ESPTOUCH', ssid: 'Espressif', password: '' });
          rig.wait(1000);
          expect(events(rig)).toContainEqual({ name: 'smartconfig type', type: 'ESPTOUCH' });
        },
      },
      { for: 'v4', given: station, params: { type: 'esp-touch v2', weakest: 'wpa2', key: '0123456789abcdef' } },
      { given: softAp, params: { type: 'airkiss' }, refused: rejected },
    ],
    // The key belongs to ESP-TOUCH v2.
    limits: { 'key#16': { for: 'v4', with: { type: 'esp-touch v2' } } },
  },
  'AT+CWSTOPSMART execute': {
    cases: [
      {
        given: [...station, 'AT+CWSTARTSMART'],
        after: (rig) => {
          rig.emulator.world.smartConfig({ type: 'ESPTOUCH', ssid: 'Espressif', password: '' });
          rig.wait(1000);
          expect(rig.events).toEqual([]);
        },
      },
    ],
  },
  'AT+WPS set': {
    cases: [
      {
        emulator: { accessPoints: [{ ssid: 'Button', password: 'never told' }] }, given: station, params: { enable: true },
        after: (rig) => {
          rig.emulator.world.pressWps('Button');
          rig.wait(1000);
          expect(rig.wire('AT+CWJAP?')).toMatch(/^\+CWJAP:"Button",/);
        },
      },
      {
        emulator: { accessPoints: [{ ssid: 'Button', password: 'never told' }] }, given: [...station, 'AT+WPS=1'], params: { enable: false }, tells: { 'AT+CWJAP?': '' },
        after: (rig) => {
          rig.emulator.world.pressWps('Button');
          rig.wait(1000);
          expect(rig.wire('AT+CWJAP?')).toBe('OK');
        },
      },
      { for: 'v4', given: station, params: { enable: true, weakest: 'wpa2' } },
      { given: softAp, params: { enable: true }, refused: rejected },
    ],
  },
  'AT+CWJEAP set': {
    cases: [
      {
        emulator: { accessPoints: [{ ssid: 'Campus', password: 'p"w,d', encryption: 5, bssid: '02:00:00:00:00:0f' }, { ssid: 'x'.repeat(32), password: 'p"w,d', encryption: 5 }, { ssid: 'Tight', password: 'x'.repeat(32), encryption: 5 }, { ssid: 'Bare', encryption: 5 }] },
        given: station, params: { ssid: 'Campus', method: 'peap', identity: 'me', username: 'm.e', password: 'p"w,d', security: 0 },
        tells: { 'AT+CWJEAP?': '+CWJEAP:"Campus",1,"me","m.e","p"w,d",0' },
        after: (rig) => expect(rig.wire('AT+CWJAP?')).toMatch(/^\+CWJAP:"Campus","02:00:00:00:00:0f",/),
      },
      { given: station, params: { ssid: 'Campus', method: 'ttls', identity: 'me', security: 3 }, refused: { ...rejected, details: { reason: 'timeout' } } },
      { given: softAp, params: { ssid: 'Campus', method: 'tls', identity: 'me', security: 0 }, refused: rejected },
    ],
    limits: {
      'ssid#0': { refused: 'no network has an empty name' },
      'password#0': { with: { ssid: 'Bare' } }, 'password#32': { with: { ssid: 'Tight' } },
    },
  },
  'AT+CWJEAP query': {
    cases: [
      {
        emulator: { accessPoints: [{ ssid: 'Campus', password: 'word', encryption: 5 }] }, given: [...station, 'AT+CWJEAP="Campus",2,"id","na\\"me","word",1'],
        expect: expect.objectContaining({ ssid: 'Campus', method: 'ttls', identity: 'id', username: 'na"me', security: 1 }) as unknown,
        after: (rig) => {
          const { values } = rig.exec(rig.module.dialect.commands.get('AT+CWJEAP query') as never);
          expect((values[0] as { password: { reveal(): string } }).password.reveal()).toBe('word');
        },
      },
    ],
  },
};
