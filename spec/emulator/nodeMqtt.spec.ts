import Aedes from 'aedes';
import { firstValueFrom } from 'rxjs';
import type { MqttCarrier } from '../../lib/index.js';
import { emulator } from '../../transports/emulator/index.js';
import { nodeMqtt } from '../../transports/emulator/node/index.js';
import { door } from '../brokers/aedesBroker.js';
import { caCert, clientCert, clientKey } from './nodeCertificates.js';
import { until } from './nodeHarness.js';
import { NodeHost } from './nodeHost.js';
import { localServers } from './nodeModule.js';

const servers = localServers();
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
  servers.close();
});

const brokerOf = (): Aedes => {
  const broker = new Aedes();
  cleanups.push(() => new Promise<void>((resolve) => { broker.close(() => { resolve(); }); }));
  return broker;
};

const moduleBeside = async (tls?: Parameters<typeof nodeMqtt>[0]): Promise<NodeHost> => {
  const module = emulator({ mqtt: nodeMqtt({ hosts: { 'server.lab': '127.0.0.1' }, ...tls }) });
  const host = await NodeHost.at(module);
  cleanups.push(() => {
    module.reset();
    host.leave();
  });
  return host;
};

test.each<[MqttCarrier, number]>([['tcp', 1], ['tls', 2], ['ws', 6], ['wss', 7]])('a real broker over %s', async (carrier, scheme) => {
  const broker = brokerOf();
  const port = await servers.listening(door(broker, carrier));
  const host = await moduleBeside();
  await host.exec(`AT+MQTTUSERCFG=0,${scheme},"module","user","pass",0,0,"mqtt"`);
  expect(await host.exec(`AT+MQTTCONN=0,"server.lab",${port},0`)).toBe(`+MQTTCONNECTED:0,${scheme},"server.lab","${port}","mqtt",0\r\n\r\nOK\r\n`);
  expect(await host.exec('AT+MQTTSUB=0,"t/#",2')).toBe('\r\nOK\r\n');
  for (const qos of [0, 1, 2]) {
    const heard = await host.exec(`AT+MQTTPUB=0,"t/${qos}","own ${qos}",${qos},0`, /OK\r\n[^]*own \d\r\n$|own \d\r\n[^]*OK\r\n$/);
    expect(heard).toContain(`+MQTTSUBRECV:0,"t/${qos}",5,own ${qos}\r\n`);
  }
  broker.publish({ cmd: 'publish', qos: 0, dup: false, retain: false, topic: 't/x', payload: Buffer.from('\0\xff\r\n', 'latin1') }, () => undefined);
  expect(await host.hear(/t\/x",4,\0\xff\r\n\r\n/)).toContain('+MQTTSUBRECV:0,"t/x",4,\0\xff\r\n\r\n');
  expect(await host.exec('AT+MQTTUNSUB=0,"t/#"')).toBe('\r\nOK\r\n');
  expect(await host.exec('AT+MQTTCLEAN=0')).toBe('\r\nOK\r\n');
  await until(() => broker.connectedClients === 0);
}, 15_000);

test('raw bytes, several pieces of a long message, and the order of an own one', async () => {
  const broker = brokerOf();
  const port = await servers.listening(door(broker, 'tcp'));
  const host = await moduleBeside();
  await host.exec('AT+MQTTUSERCFG=0,1,"module","","",0,0,""');
  await host.exec(`AT+MQTTCONN=0,"server.lab",${port},0`);
  await host.exec('AT+MQTTSUB=0,"t/a",1');
  await host.exec('AT+MQTTPUBRAW=0,"t/a",3000,1,0', />$/);
  host.write('R'.repeat(3000));
  const heard = await host.hear(/\+MQTTPUB:OK\r\n[^]*962|962[^]*\+MQTTPUB:OK\r\n/);
  expect(heard.match(/"t\/a",\d+/g)).toEqual(['"t/a",1014', '"t/a",1024', '"t/a",962']);
});

test('the last will of a module that is reset reaches the others; a goodbye keeps it', async () => {
  const broker = brokerOf();
  const port = await servers.listening(door(broker, 'tcp'));
  const wills: string[] = [];
  broker.on('publish', ({ topic, payload }) => { if (topic === 'lwt') wills.push(payload.toString()); });
  const module = emulator({ mqtt: nodeMqtt({ hosts: { 'server.lab': '127.0.0.1' } }) });
  const connect = async (): Promise<NodeHost> => {
    const host = await NodeHost.at(module);
    await host.exec('AT+MQTTUSERCFG=0,1,"module","","",0,0,""');
    await host.exec('AT+MQTTCONNCFG=0,60,0,"lwt","bye",1,0');
    expect(await host.exec(`AT+MQTTCONN=0,"server.lab",${port},0`)).toContain('OK');
    return host;
  };
  const host = await connect();
  await host.exec('AT+MQTTCLEAN=0');
  await until(() => broker.connectedClients === 0);
  expect(wills).toEqual([]);
  host.leave();
  const again = await connect();
  module.reset();
  await until(() => wills.length > 0);
  expect(wills).toEqual(['bye']);
  again.leave();
}, 15_000);

test('certificates: schemes 3 to 5 check, show, and do both', async () => {
  const broker = brokerOf();
  const port = await servers.listening(door(broker, 'tls', true));
  const files = { ca: { 0: caCert }, pki: { 0: { cert: clientCert, key: clientKey } } };
  const states: string[] = [];
  for (const scheme of [2, 4, 5]) {
    const host = await moduleBeside({ tls: files });
    await host.exec(`AT+MQTTUSERCFG=0,${scheme},"module${scheme}","","",0,0,""`);
    host.heard = '';
    host.write(`AT+MQTTCONN=0,"server.lab",${port},0\r\n`);
    states.push((await host.hear(/\+MQTT(DIS)?CONNECTED/)).slice(0, 18));
  }
  expect(states).toEqual(['+MQTTDISCONNECTED:', '+MQTTCONNECTED:0,4', '+MQTTCONNECTED:0,5']);
  const open = await servers.listening(door(brokerOf(), 'tls'));
  const strict = await moduleBeside();
  await strict.exec('AT+MQTTUSERCFG=0,3,"module","","",0,0,""');
  strict.write(`AT+MQTTCONN=0,"server.lab",${open},0\r\n`);
  // No CA is flashed: nothing can be checked.
  expect(await strict.hear(/\+MQTT(DIS)?CONNECTED/)).toContain('+MQTTDISCONNECTED:0');
}, 20_000);

test('a refused connection, a refused login and a missing package', async () => {
  const broker = brokerOf();
  broker.authenticate = (_client, username, password, done) => { done(null, username === 'user' && password?.toString('latin1') === 'p\xff'); };
  const port = await servers.listening(door(broker, 'tcp'));
  const options = {
    host: '127.0.0.1', port, carrier: 'tcp', path: '', clientId: 'c', username: 'user', password: Uint8Array.from([0x70, 0xff]), keepAlive: 60, clean: true,
  } as const;
  await expect(firstValueFrom(nodeMqtt().connect(options))).resolves.toMatchObject({ kind: 'connected' });
  await expect(firstValueFrom(nodeMqtt().connect({ ...options, password: new Uint8Array(1) }))).rejects.toMatchObject({ name: 'NetworkError' });
  await expect(firstValueFrom(nodeMqtt().connect({ ...options, port: 1 }))).rejects.toMatchObject({ name: 'NetworkError', failure: 'refused' });
  await expect(firstValueFrom(nodeMqtt({ load: () => ({}) }).connect(options))).rejects.toThrow(/npm install mqtt/);
});
