import { inMemoryBroker, type InMemoryBroker, type MqttConnectOptions, type MqttMessage } from 'rx-esp-at/emulator';
import { joining, type Case, type Rig, type Table, wireBytes, wireText } from '../../support/enumeration.js';

let broker: InMemoryBroker;
const admitted: MqttConnectOptions[] = [];
const published: MqttMessage[] = [];

/** A broker that answers everywhere and notes who came with what. */
const around: Partial<Case> = {
  fresh: () => {
    admitted.splice(0);
    published.splice(0);
  },
  emulator: (scheduler) => {
    broker = inMemoryBroker({ scheduler, accept: (options) => admitted.push(options) > 0 });
    broker.messages.subscribe((message) => published.push(message));
    return { mqtt: broker };
  },
};
const user = [...joining, 'AT+MQTTUSERCFG=0,1,"cid","user","pass",0,0,""'] as const;
const session = [...user, 'AT+MQTTCONNCFG=0,60,1,"will/t","gone",1,0'] as const;
const connected = [...user, 'AT+MQTTCONN=0,"broker.test",1883,0'] as const;
const rejected = (code: string): object => ({ kind: 'command', code: 'rejected', details: { codes: expect.arrayContaining([expect.objectContaining({ code })]) as unknown } });
/** Who the broker sees when another host then connects. */
const come = (wanted: Partial<Omit<MqttConnectOptions, 'password'>> & { readonly password?: string }) => (rig: Rig): void => {
  expect(rig.wire('AT+MQTTCONN=0,"broker.test",1883,0')).toMatch(/OK$/);
  const { password, ...rest } = wanted;
  expect(admitted[0]).toMatchObject(rest);
  if (password !== undefined) expect(wireText(admitted[0]?.password ?? new Uint8Array(0))).toBe(password);
};
const long = 'x'.repeat(300);
const message = { topic: 't/a', payload: wireBytes('say "hi", \\ \xc3\xa9'), qos: 1, retain: true } as const;

/** Document 000 chapter 9. */
export const mqttTable: Table = {
  'AT+MQTTUSERCFG set': {
    cases: [
      {
        ...around, given: joining, params: { link: 0, scheme: 'tcp', clientId: 'c"i,d', username: 'us\\er', password: 'p,"w', certificate: 0, authority: 0, path: '' },
        after: come({ clientId: 'c"i,d', username: 'us\\er', password: 'p,"w', carrier: 'tcp' }),
      },
      {
        ...around, for: 'v2', given: joining, params: { link: 0, scheme: 'wss, both', clientId: 'cid', username: 'u', password: 'p', certificate: 0, authority: 0, path: '/mqtt' },
        tells: { 'AT+MQTTUSERCFG?': '+MQTTUSERCFG:0,10,"cid","u","p",0,0,"/mqtt"' }, after: come({ carrier: 'websocket', path: '/mqtt' }),
      },
      { ...around, given: connected, params: { link: 0, scheme: 'tcp', clientId: 'c', username: '', password: '', certificate: 0, authority: 0, path: '' }, refused: rejected('0x010a6002') },
    ],
  },
  'AT+MQTTUSERCFG query': {
    cases: [{
      given: ['AT+MQTTUSERCFG=0,6,"c\\,id","us\\"er","pa\\\\ss",0,0,"/p"'],
      expect: expect.objectContaining({ link: 0, scheme: 'ws', clientId: 'c,id', username: 'us"er', certificate: 0, authority: 0, path: '/p' }) as unknown,
      after: (rig) => {
        const { values } = rig.exec(rig.module.dialect.commands.get('AT+MQTTUSERCFG query') as never);
        expect((values[0] as { password: { reveal(): string } }).password.reveal()).toBe('pa\\ss');
      },
    }],
  },
  'AT+MQTTCLIENTID set': { cases: [{ ...around, given: user, params: { link: 0, clientId: 'other "id"' }, after: come({ clientId: 'other "id"', username: 'user' }) }, { ...around, given: joining, params: { link: 0, clientId: 'c' }, refused: rejected('0x010a6001') }] },
  'AT+MQTTCLIENTID query': { cases: [{ given: ['AT+MQTTUSERCFG=0,1,"first","u","p",0,0,""', 'AT+MQTTCLIENTID=0,"sec\\"ond"'], expect: { link: 0, clientId: 'sec"ond' } }] },
  'AT+MQTTUSERNAME set': { cases: [{ ...around, given: user, params: { link: 0, username: 'other, user' }, after: come({ clientId: 'cid', username: 'other, user' }) }] },
  'AT+MQTTUSERNAME query': { cases: [{ given: ['AT+MQTTUSERCFG=0,1,"first","u","p",0,0,""', 'AT+MQTTUSERNAME=0,"me"'], expect: { link: 0, username: 'me' } }] },
  'AT+MQTTPASSWORD set': { cases: [{ ...around, given: user, params: { link: 0, password: 'o\\ther' }, after: come({ username: 'user', password: 'o\\ther' }) }] },
  'AT+MQTTPASSWORD query': {
    cases: [{
      given: ['AT+MQTTUSERCFG=0,1,"first","u","p",0,0,""', 'AT+MQTTPASSWORD=0,"hid\\,den"'], expect: expect.objectContaining({ link: 0 }) as unknown,
      after: (rig) => {
        const { values } = rig.exec(rig.module.dialect.commands.get('AT+MQTTPASSWORD query') as never);
        expect((values[0] as { password: { reveal(): string } }).password.reveal()).toBe('hid,den');
      },
    }],
  },
  'AT+MQTTLONGCLIENTID set': { cases: [{ ...around, given: user, params: { link: 0, length: 300 }, data: long, after: come({ clientId: long }) }] },
  'AT+MQTTLONGUSERNAME set': { cases: [{ ...around, given: user, params: { link: 0, length: 300 }, data: long, after: come({ username: long }) }] },
  'AT+MQTTLONGPASSWORD set': { cases: [{ ...around, given: user, params: { link: 0, length: 5 }, data: '\r\n\0\xff"', after: come({ password: '\r\n\0\xff"' }) }] },
  'AT+MQTTCONNCFG set': {
    cases: [
      {
        ...around, given: user, params: { link: 0, keepAlive: 77, persistent: true, willTopic: 'will/"t"', willMessage: 'gone, away', willQos: 1, willRetain: true },
        after: (rig) => {
          come({ keepAlive: 77, clean: false, will: expect.objectContaining({ topic: 'will/"t"', qos: 1, retain: true }) as MqttMessage })(rig);
          broker.cut();
          rig.wait(100);
          expect(published.map(({ topic, payload }) => [topic, wireText(payload)])).toEqual([['will/"t"', 'gone, away']]);
        },
      },
      { ...around, given: joining, params: { link: 0, keepAlive: 77, persistent: true, willTopic: '', willMessage: '', willQos: 0, willRetain: false }, refused: rejected('0x010a6001') },
    ],
  },
  'AT+MQTTCONNCFG query': { cases: [{ ...around, given: session, expect: { link: 0, keepAlive: 60, persistent: true, willTopic: 'will/t', willMessage: 'gone', willQos: 1, willRetain: false } }] },
  'AT+MQTTCONN set': {
    cases: [
      {
        ...around, given: user, params: { link: 0, host: 'broker.test', port: 1883, reconnect: true }, tells: { 'AT+MQTTCONN?': '+MQTTCONN:0,4,1,"broker.test","1883","",1' },
        after: (rig) => {
          expect(rig.events).toContainEqual({ name: '+MQTTCONNECTED', fields: { link: 0, scheme: 'tcp', host: 'broker.test', port: 1883, path: '', reconnect: true } });
          expect(admitted).toEqual([expect.objectContaining({ host: 'broker.test', port: 1883, clientId: 'cid', username: 'user' })]);
        },
      },
      { given: user, params: { link: 0, host: 'broker.test', port: 1883, reconnect: false }, refused: { kind: 'command', code: 'rejected' } },
      { ...around, given: joining, params: { link: 0, host: 'broker.test', port: 1883, reconnect: false }, refused: rejected('0x010a6001') },
    ],
  },
  'AT+MQTTCONN query': {
    cases: [
      { expect: { link: 0, state: 'none', scheme: 0, host: '', port: 0, path: '', reconnect: false } },
      { ...around, given: [...user, 'AT+MQTTCONN=0,"broker.test",8883,1'], expect: { link: 0, state: 'connected', scheme: 1, host: 'broker.test', port: 8883, path: '', reconnect: true } },
    ],
  },
  'AT+MQTTPUB set': {
    cases: [
      { ...around, given: connected, params: { link: 0, topic: 't/a', message: 'say "hi", \\ é', qos: 1, retain: true }, after: () => expect(published).toEqual([message]) },
      { ...around, given: user, params: { link: 0, topic: 't/a', message: '', qos: 0, retain: false }, refused: rejected('0x010a6006') },
    ],
  },
  'AT+MQTTPUBRAW set': {
    cases: [
      { ...around, given: connected, params: { link: 0, topic: 't,"b"', length: 6, qos: 2, retain: false }, data: '\0\r\n"\xff>', after: (rig) => (rig.wait(100), expect(published).toEqual([{ topic: 't,"b"', payload: wireBytes('\0\r\n"\xff>'), qos: 2, retain: false }])) },
      { ...around, given: user, params: { link: 0, topic: 't/a', length: 1, qos: 0, retain: false }, data: 'x', refused: rejected('0x010a6006') },
    ],
    limits: { 'length=2147483647': { for: 'v4', untried: '2 GiB of payload' } },
  },
  'AT+MQTTSUB set': {
    cases: [
      {
        ...around, given: connected, params: { link: 0, topic: 't/#', qos: 2 }, tells: { 'AT+MQTTSUB?': '+MQTTSUB:0,6,"t/#",2' },
        after: (rig) => {
          broker.publish('t/"x,y"', 'he\r\nllo');
          rig.wait(100);
          expect(rig.events).toContainEqual({ name: '+MQTTSUBRECV', fields: expect.objectContaining({ link: 0, topic: 't/"x,y"', length: 7 }) as unknown, payload: wireBytes('he\r\nllo') });
        },
      },
      { ...around, given: user, params: { link: 0, topic: 't', qos: 0 }, refused: rejected('0x010a6006') },
    ],
  },
  'AT+MQTTSUB query': {
    cases: [
      { expect: { state: 'none', topics: [] } },
      { ...around, given: [...connected, 'AT+MQTTSUB=0,"a/+",1', 'AT+MQTTSUB=0,"b\\,\\"c",0'], expect: { state: 'subscribed', topics: [{ topic: 'a/+', qos: 1 }, { topic: 'b,"c', qos: 0 }] } },
    ],
  },
  'AT+MQTTUNSUB set': {
    cases: [{ ...around, given: [...connected, 'AT+MQTTSUB=0,"a",1', 'AT+MQTTSUB=0,"b",0'], params: { link: 0, topic: 'a' }, after: (rig) => expect(rig.wire('AT+MQTTSUB?')).toMatch(/^\+MQTTSUB:0,6,"b",0\r\n\r\nOK$/) }],
  },
  'AT+MQTTCLEAN set': {
    cases: [
      { ...around, given: connected, params: { link: 0 }, tells: { 'AT+MQTTCONN?': '+MQTTCONN:0,0,0,"","","",0' }, after: () => expect(broker.clients).toEqual([]) },
      { ...around, given: joining, params: { link: 0 }, refused: rejected('0x010a6003') },
    ],
  },
};
