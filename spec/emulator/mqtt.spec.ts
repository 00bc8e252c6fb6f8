import { inMemoryBroker, type EmulatorConfig, type InMemoryBroker, type InMemoryBrokerConfig } from 'rx-esp-at/emulator';
import { Bench, bytesOf, ERROR, OK, textOf } from './bench.js';

const user = 'AT+MQTTUSERCFG=0,1,"cid","user","pass",0,0,""';

/** A module beside a broker in memory. */
const beside = (config: EmulatorConfig = {}, options: InMemoryBrokerConfig = {}): { readonly bench: Bench; readonly broker: InMemoryBroker } => {
  let broker!: InMemoryBroker;
  const bench = new Bench((scheduler) => {
    broker = inMemoryBroker({ scheduler, ...options });
    return { ...config, mqtt: broker };
  });
  bench.join();
  bench.command('AT+SYSLOG=1');
  return { bench, broker };
};

const connected = (reconnect = 0, config: EmulatorConfig = {}, setup: readonly string[] = []): ReturnType<typeof beside> => {
  const made = beside(config);
  for (const command of [user, ...setup]) expect(made.bench.command(command)).toBe(OK);
  expect(made.bench.command(`AT+MQTTCONN=0,"broker.lab",1883,${reconnect}`)).toBe(`+MQTTCONNECTED:0,1,"broker.lab","1883","",${reconnect}\r\n${OK}`);
  return made;
};

const code = (low: string): string => `ERR CODE:0x010a${low}\r\n${ERROR}`;

describe('MQTT: configuration', () => {
  test.each([
    ['AT+MQTTUSERCFG=1,1,"c","u","p",0,0,""', '6011'],
    ['AT+MQTTUSERCFG=0,11,"c","u","p",0,0,""', '6013'],
    ['AT+MQTTUSERCFG=0,1,"c","u","p",1,0,""', '601e'],
    ['AT+MQTTUSERCFG=0,1,"c","u","p",0,1,""', '6020'],
    [`AT+MQTTUSERCFG=0,1,"c","${'u'.repeat(65)}","p",0,0,""`, '6019'],
    [`AT+MQTTUSERCFG=0,1,"c","u","p",0,0,"${'p'.repeat(33)}"`, '6029'],
    ['AT+MQTTUSERCFG=0,1,"c","u","p",0,0,"",9', '6008'],
    ['AT+MQTTCONNCFG=0,60,0,"","",0,0', '6001'],
    ['AT+MQTTCLIENTID=0,"c"', '6001'],
    ['AT+MQTTCONN=0,"h",1,0', '6001'],
    ['AT+MQTTCLEAN=0', '6003'],
  ])('%s is refused with 0x010a%s', (command, low) => {
    expect(beside().bench.command(command)).toBe(code(low));
  });

  test('a missing parameter has the code of the parser and its own', () => {
    expect(beside().bench.command('AT+MQTTUSERCFG=0')).toBe(`ERR CODE:0x01080001\r\n${code('6012')}`);
  });

  test.each([
    ['AT+MQTTCONNCFG=0,7201,0,"","",0,0', '602d'],
    ['AT+MQTTCONNCFG=0,60,2,"","",0,0', '602f'],
    [`AT+MQTTCONNCFG=0,60,0,"${'t'.repeat(129)}","",0,0`, '6032'],
    ['AT+MQTTCONNCFG=0,60,0,"","",3,0', '6037'],
    ['AT+MQTTCONNCFG=0,60,0,"","",0,2', '6039'],
    ['AT+MQTTCONN=0,"",1883,0', '603b'],
    [`AT+MQTTCONN=0,"${'h'.repeat(129)}",1883,0`, '603c'],
    ['AT+MQTTCONN=0,"h",0,0', '603e'],
    ['AT+MQTTCONN=0,"h",1883,2', '6040'],
  ])('after AT+MQTTUSERCFG %s is refused with 0x010a%s', (command, low) => {
    const { bench } = beside();
    bench.command(user);
    expect(bench.command(command)).toBe(code(low));
  });

  test('single credentials are taken between the two configurations only', () => {
    const { bench } = beside();
    bench.command(user);
    expect(bench.command('AT+MQTTCLIENTID=0,"other"')).toBe(OK);
    expect(bench.command('AT+MQTTCONNCFG=0,0,0,"","",0,0')).toBe(OK);
    expect(bench.command('AT+MQTTCLIENTID=0,"third"')).toBe(code('6002'));
    expect(bench.command(user)).toBe(code('6002'));
    expect(bench.command('AT+MQTTCONN?')).toBe(`+MQTTCONN:0,2,1,"","","",0\r\n${OK}`);
  });

  test('2.1 shows its configuration, 4.1 has no such queries', () => {
    const { bench } = beside({ firmware: '2.1.0' });
    expect(bench.command('AT+MQTTUSERCFG?')).toBe(`+MQTTUSERCFG:0,0,"","","",0,0,""\r\n${OK}`);
    expect(bench.command('AT+MQTTCONNCFG?')).toBe(`+MQTTCONNCFG:0,0,0,"","",0,0\r\n${OK}`);
    bench.command(user);
    bench.command('AT+MQTTPASSWORD=0,"long"');
    bench.command('AT+MQTTCONNCFG=0,0,1,"lwt","bye",2,1');
    expect(bench.command('AT+MQTTUSERCFG?')).toBe(`+MQTTUSERCFG:0,1,"cid","user","long",0,0,""\r\n${OK}`);
    expect(bench.command('AT+MQTTPASSWORD?')).toBe(`+MQTTPASSWORD:0,"long"\r\n${OK}`);
    expect(bench.command('AT+MQTTCONNCFG?')).toBe(`+MQTTCONNCFG:0,120,1,"lwt","bye",2,1\r\n${OK}`);
    const modern = beside().bench;
    for (const name of ['USERCFG', 'CONNCFG', 'CLIENTID', 'USERNAME', 'PASSWORD']) expect(modern.command(`AT+MQTT${name}?`)).toBe(ERROR);
  });

  test('the long forms of 4.1 take their value after a prompt; 2.1 does not know them', () => {
    const seen: string[] = [];
    const { bench } = beside({}, { accept: ({ clientId, username, password }) => seen.push(clientId, username, textOf(password)) > 0 });
    bench.command(user);
    for (const [name, value] of [['CLIENTID', 'c'.repeat(300)], ['USERNAME', 'u'.repeat(300)], ['PASSWORD', '\0\xff']] as const) {
      expect(bench.command(`AT+MQTTLONG${name}=0,${value.length}`)).toBe(`${OK}\r\n>`);
      expect(bench.send(value)).toBe(OK);
    }
    bench.command('AT+MQTTCONN=0,"h",1883,0');
    expect(seen).toEqual(['c'.repeat(300), 'u'.repeat(300), '\0\xff']);
    expect(beside({ firmware: '2.1.0' }).bench.command('AT+MQTTLONGCLIENTID=0,3')).toBe(`ERR CODE:0x01090000\r\n${ERROR}`);
  });

  test('schemes become carrier and certificates', () => {
    const seen: unknown[] = [];
    for (let scheme = 1; scheme <= 10; scheme += 1) {
      const { bench } = beside({}, { accept: ({ carrier, tls, path }) => seen.push([carrier, tls?.authMode, path]) > 0 });
      bench.command(`AT+MQTTUSERCFG=0,${scheme},"c","","",0,0,"mqtt"`);
      expect(bench.command('AT+MQTTCONN=0,"h",1,0')).toContain(`+MQTTCONNECTED:0,${scheme},"h","1","mqtt",0\r\n`);
    }
    expect(seen).toEqual([
      ['tcp', undefined, 'mqtt'], ['tcp', 0, 'mqtt'], ['tcp', 2, 'mqtt'], ['tcp', 1, 'mqtt'], ['tcp', 3, 'mqtt'],
      ['websocket', undefined, 'mqtt'], ['websocket', 0, 'mqtt'], ['websocket', 2, 'mqtt'], ['websocket', 1, 'mqtt'], ['websocket', 3, 'mqtt'],
    ]);
  });
});

describe('MQTT: connection', () => {
  test('a refused connection says so at once and fails five seconds later; then only AT+MQTTCLEAN helps', () => {
    const { bench } = beside({}, { endpoints: ['elsewhere:1883'] });
    bench.command(user);
    expect(bench.command('AT+MQTTCONN=0,"h",1883,0', 4900)).toBe('+MQTTDISCONNECTED:0\r\n');
    expect(bench.wait(200)).toBe(ERROR);
    expect(bench.command('AT+MQTTCONN?')).toBe(`+MQTTCONN:0,3,1,"h","1883","",0\r\n${OK}`);
    expect(bench.command('AT+MQTTCONN=0,"h",1883,0')).toBe(code('6001'));
    expect(bench.command('AT+MQTTCLEAN=0')).toBe(OK);
    expect(bench.command('AT+MQTTCONN?')).toBe(`+MQTTCONN:0,0,0,"","","",0\r\n${OK}`);
  });

  test('without an address nobody is asked', () => {
    const broker = inMemoryBroker();
    const bench = new Bench({ mqtt: broker });
    bench.command('AT+CWMODE=1');
    bench.command(user);
    expect(bench.command('AT+MQTTCONN=0,"h",1883,0', 6000)).toBe(`+MQTTDISCONNECTED:0\r\n${ERROR}`);
    expect(broker.clients).toEqual([]);
  });

  test('a broker that never answers is given up when the time is up', () => {
    const { bench } = beside({}, { latency: 60_000 });
    bench.command(user);
    expect(bench.command('AT+MQTTCONN=0,"h",1883,0,3000', 2900)).toBe('');
    expect(bench.wait(200)).toBe(`+MQTTDISCONNECTED:0\r\n${ERROR}`);
  });

  test('with reconnect=1 a lost connection comes back by itself, subscriptions and all', () => {
    const { bench, broker } = connected(1);
    bench.command('AT+MQTTSUB=0,"a/+",1');
    broker.stop();
    expect(bench.wait(100)).toBe('+MQTTDISCONNECTED:0\r\n');
    expect(bench.command('AT+MQTTCONN?')).toBe(`+MQTTCONN:0,3,1,"broker.lab","1883","",1\r\n${OK}`);
    // Attempts in vain are silent.
    expect(bench.wait(25_000)).toBe('');
    broker.start();
    expect(bench.wait(10_000)).toBe('+MQTTCONNECTED:0,1,"broker.lab","1883","",1\r\n');
    broker.publish('a/b', 'hi');
    expect(bench.wait(100)).toBe('+MQTTSUBRECV:0,"a/b",2,hi\r\n');
  });

  test('with reconnect=0 it stays lost', () => {
    const { bench, broker } = connected();
    broker.cut();
    expect(bench.wait(60_000)).toBe('+MQTTDISCONNECTED:0\r\n');
    expect(bench.command('AT+MQTTPUB=0,"t","x",0,0')).toBe(code('6006'));
  });

  test('leaving the access point ends the connection, and the broker publishes the last will', () => {
    const { bench, broker } = connected(0, {}, ['AT+MQTTCONNCFG=0,60,0,"lwt/a","bye",1,1']);
    const heard: string[] = [];
    broker.messages.subscribe(({ topic, payload, qos, retain }) => heard.push(`${topic} ${textOf(payload)} ${qos} ${retain}`));
    expect(bench.command('AT+CWQAP')).toContain('+MQTTDISCONNECTED:0\r\n');
    expect(heard).toEqual(['lwt/a bye 1 true']);
  });

  test('AT+MQTTCLEAN says goodbye: no will, no line of its own', () => {
    const { bench, broker } = connected(0, {}, ['AT+MQTTCONNCFG=0,60,0,"lwt/a","bye",1,1']);
    const heard: string[] = [];
    broker.messages.subscribe(({ topic }) => heard.push(topic));
    expect(bench.command('AT+MQTTCLEAN=0')).toBe(OK);
    expect(bench.wait(1000)).toBe('');
    expect([heard, broker.clients]).toEqual([[], []]);
  });

  test('a restart cuts the line and forgets everything', () => {
    const { bench, broker } = connected(1, {}, ['AT+MQTTCONNCFG=0,60,0,"lwt/a","bye",0,0']);
    const heard: string[] = [];
    broker.messages.subscribe(({ topic }) => heard.push(topic));
    bench.command('AT+RST', 1000);
    expect([heard, broker.clients]).toEqual([['lwt/a'], []]);
    expect(bench.command('AT+MQTTCONN?')).toBe(`+MQTTCONN:0,0,0,"","","",0\r\n${OK}`);
  });

  test('a kept session delivers what came meanwhile, a clean one does not', () => {
    for (const [keep, expected] of [[1, '+MQTTSUBRECV:0,"t",5,later\r\n'], [0, '']] as const) {
      const { bench, broker } = connected(1, {}, [`AT+MQTTCONNCFG=0,60,${keep},"","",0,0`]);
      bench.command('AT+MQTTSUB=0,"t",1');
      broker.cut();
      bench.wait(100);
      broker.publish('t', 'later', { qos: 1 });
      expect(bench.wait(10_100)).toBe(`+MQTTCONNECTED:0,1,"broker.lab","1883","",1\r\n${expected}`);
    }
  });
});

describe('MQTT: messages', () => {
  test('an own message of QoS 0 comes after OK, of QoS 1 and 2 before it', () => {
    const { bench } = connected();
    bench.command('AT+MQTTSUB=0,"#",2');
    expect(bench.command('AT+MQTTPUB=0,"t","x",0,0')).toBe(`${OK}+MQTTSUBRECV:0,"t",1,x\r\n`);
    for (const qos of [1, 2]) expect(bench.command(`AT+MQTTPUB=0,"t","x",${qos},0`)).toBe(`+MQTTSUBRECV:0,"t",1,x\r\n${OK}`);
  });

  test('states 4, 6 and 5: connected, subscribed, nothing left', () => {
    const { bench } = connected();
    const state = (): string => bench.command('AT+MQTTSUB?');
    expect(state()).toBe(`+MQTTSUB:0,4,"",0\r\n${OK}`);
    bench.command('AT+MQTTSUB=0,"t",1');
    bench.command('AT+MQTTSUB=0,"t",2');
    expect(state()).toBe(`+MQTTSUB:0,6,"t",2\r\n${OK}`);
    bench.command('AT+MQTTUNSUB=0,"t"');
    expect(state()).toBe(`+MQTTSUB:0,5,"",0\r\n${OK}`);
  });

  test('long messages come in pieces of the client\'s buffer, the first less its header', () => {
    const { bench, broker } = connected();
    bench.command('AT+MQTTSUB=0,"t/a",1');
    const data = Array.from({ length: 3000 }, (_, index) => String.fromCharCode(index % 251)).join('');
    broker.publish('t/a', bytesOf(data), { qos: 1 });
    const cut = (from: number, length: number): string => `+MQTTSUBRECV:0,"t/a",${length},${data.slice(from, from + length)}\r\n`;
    expect(bench.wait(100)).toBe(cut(0, 1014) + cut(1014, 1024) + cut(2038, 962));
    // Without a packet identifier two bytes more fit, and one that just fits comes whole.
    broker.publish('t/a', bytesOf(data.slice(0, 1016)));
    expect(bench.wait(100)).toBe(cut(0, 1016));
  });

  test('AT+MQTTPUBRAW sends any bytes and ends with its own line', () => {
    const { bench, broker } = connected();
    const heard: string[] = [];
    broker.messages.subscribe(({ topic, payload, retain }) => heard.push(`${topic} ${textOf(payload)} ${retain}`));
    expect(bench.command('AT+MQTTPUBRAW=0,"t/ä",6,1,1')).toBe(`${OK}\r\n>`);
    expect(bench.send('A\r\n\0\xff>')).toBe('+MQTTPUB:OK\r\n');
    expect(heard).toEqual(['t/ä A\r\n\0\xff> true'.replace('ä', '\xe4')]);
    expect(bench.command('AT+MQTTPUBRAW=0,"t",0,0,0')).toBe(code('604c'));
    expect(bench.command('AT+MQTTPUBRAW=0,"t",200000,0,0')).toBe(code('6005'));
    bench.command('AT+MQTTPUBRAW=0,"t",2000,1,0');
    broker.stop();
    expect(bench.send('x'.repeat(2000))).toBe('+MQTTDISCONNECTED:0\r\n+MQTTPUB:FAIL\r\n');
  });

  test('limits of the releases: topics of 64 and 128 bytes, 1024 raw bytes on 2.1', () => {
    for (const [firmware, topic, raw] of [['2.1.0', 64, '604c'], ['4.1.0', 128, '']] as const) {
      const { bench } = connected(0, { firmware });
      expect(bench.command(`AT+MQTTPUB=0,"${'t'.repeat(topic)}","x",0,0`)).toBe(OK);
      expect(bench.command(`AT+MQTTSUB=0,"${'t'.repeat(topic + 1)}",0`)).toBe(code('6043'));
      expect(bench.command('AT+MQTTPUBRAW=0,"t",1025,0,0')).toBe(raw ? code(raw) : `${OK}\r\n>`);
    }
  });

  test.each([
    ['AT+MQTTPUB=0,"","x",0,0', '6042'], ['AT+MQTTPUB=0,"t","x",3,0', '6048'], ['AT+MQTTPUB=0,"t","x",0,2', '604a'],
    ['AT+MQTTSUB=0,"t",3', '6048'], ['AT+MQTTSUB=0,"",0', '6042'],
  ])('%s is refused with 0x010a%s', (command, low) => {
    expect(connected().bench.command(command)).toBe(code(low));
  });

  test('an eleventh topic finds no room, a known one does', () => {
    const { bench } = connected();
    for (let index = 0; index < 10; index += 1) expect(bench.command(`AT+MQTTSUB=0,"t${index}",0`)).toBe(OK);
    expect(bench.command('AT+MQTTSUB=0,"t10",0')).toBe(code('600d'));
    expect(bench.command('AT+MQTTSUB=0,"t3",1')).toBe(OK);
  });

  test('a publication that is not acknowledged in time fails', () => {
    const { bench, broker } = connected();
    broker.cut();
    bench.command('AT+MQTTCLEAN=0');
    const slow = beside({}, { latency: 2000 });
    slow.bench.command(user);
    expect(slow.bench.command('AT+MQTTCONN=0,"h",1883,0', 5000)).toContain(OK);
    expect(slow.bench.command('AT+MQTTPUB=0,"t","x",1,0,3000', 3100)).toBe(code('600c'));
  });
});
