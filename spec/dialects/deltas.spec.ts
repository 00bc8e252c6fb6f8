import { AtError } from '../../operators/atError.js';
import { bootSettings, commandKey, type Command } from '../../lib/command/command.js';
import { encodeCommand } from '../../lib/command/encodeCommand.js';
import { commands } from '../../lib/commands/index.js';
import { anyDialect } from '../../lib/dialects/anyDialect.js';
import { derive, type Dialect, type DialectName } from '../../lib/dialects/dialect.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { headsOf, lineOfHead } from '../../lib/exchange/heads.js';

const shape = { ...bootSettings, cipmux: true };
const entry = (name: DialectName, key: Command): Command => {
  const found = dialects[name].commands.get(commandKey(key));
  if (found === undefined) throw new Error(`${name} lacks ${commandKey(key)}`);
  return found;
};
const line = (name: DialectName, key: Command, params: Readonly<Record<string, unknown>>): string => {
  const encoded = encodeCommand(entry(name, key), params, shape);
  return encoded instanceof AtError ? encoded.message : encoded.line;
};
const { wifi, tcpip, mqtt, http, ble } = commands;

test('a header of AT+HTTPCLIENT stands behind an uncounted blank up to 2.3', () => {
  const found = Object.keys(dialects).map((name) => [name, headsOf(dialects[name as DialectName], shape).filter(({ prefix }) => prefix === '+HTTPCLIENT:').map(({ blank }) => blank === true)]);
  expect(Object.fromEntries(found)).toMatchObject({ v2: [true], 'v2.4': [true], v3: [false], v4: [false] });
});

test('a join has a switch up to 2.1 and an interval since, at the same place', () => {
  expect(line('v2', wifi.join, { ssid: 'n', password: 'p', reconnect: true })).toBe('AT+CWJAP="n","p",,,1');
  expect(line('v4', wifi.join, { ssid: 'n', password: 'p', interval: 60, timeout: 30, pmf: 1 })).toBe('AT+CWJAP="n","p",,,60,,,30,1');
  expect(line('v2', wifi.join, { ssid: 'n', password: 'p', interval: 60 })).toBe('AT+CWJAP has no parameter interval');
  expect(line('v4', wifi.join, { ssid: 'n', password: 'p', reconnect: true })).toBe('AT+CWJAP has no parameter reconnect');
  expect(line('v1', wifi.join, { ssid: 'n', password: 'p', bssid: '02:00:00:00:00:01' })).toBe('AT+CWJAP="n","p","02:00:00:00:00:01"');
});

test('limits are those of the release', () => {
  expect(line('v2', tcpip.send, { link: 0, length: 2049 })).toContain('integer 1 to 2048');
  expect(line('v4', tcpip.send, { link: 0, length: 8192 })).toBe('AT+CIPSEND=0,8192');
  expect(line('v2', mqtt.publishRaw, { link: 0, topic: 't', length: 1025, qos: 0, retain: false })).toContain('integer 1 to 1024');
  expect(line('v2', ble.disconnect, { connection: 1 })).toContain('integer 0 to 0');
  expect(line('v4', ble.disconnect, { connection: 2 })).toBe('AT+BLEDISCONN=2');
  expect(line('v2', wifi.softAp, { ssid: 'a', password: '', channel: 1, encryption: 'open', maxStations: 11 })).toContain('integer 1 to 10');
  expect(line('v2', tcpip.connect, { link: 0, type: 'TCPv6', host: 'h', port: 1 })).toContain('one of "TCP", "SSL"');
});

test.each(Object.values(dialects).filter(({ name }) => name !== 'v1'))('$name switches passive receive by a command it has', (dialect) => {
  const { command, params } = dialect.capabilities.passiveReceive.enable(3);
  const declared = dialect.commands.get(commandKey(command)) as Command;
  const encoded = encodeCommand(declared, params, shape);
  expect(encoded).toMatchObject({ line: dialect.name === 'v4' || dialect.name === 'v5' ? 'AT+CIPRECVTYPE=3,1' : 'AT+CIPRECVMODE=1' });
});

test('v1 has no passive receive: what asks for it is not there', () => {
  expect(dialects.v1.commands.has(commandKey(dialects.v1.capabilities.passiveReceive.enable(0).command))).toBe(false);
});

test('capabilities are what the tables say', () => {
  for (const dialect of Object.values(dialects)) {
    const { sendLimit, bulkSend, ipv6, socketOptions, mqtt: limits, bleConnections } = dialect.capabilities;
    const has = (key: Command): boolean => dialect.commands.has(commandKey(key));
    expect([dialect.name, bulkSend, ipv6, socketOptions]).toEqual([dialect.name, has(tcpip.sendLong), has(tcpip.ipv6), has(tcpip.socketOptions)]);
    expect([dialect.name, entry(dialect.name, tcpip.send).params.spec['length']?.facts.max]).toEqual([dialect.name, sendLimit]);
    if (has(mqtt.publishRaw)) {
      const { topic, length } = entry(dialect.name, mqtt.publishRaw).params.spec;
      expect([topic?.facts.maxBytes, length?.facts.max, has(mqtt.longClientId)]).toEqual([limits.topicLimit, limits.payloadLimit, limits.longCredentials]);
    }
    const connections = has(ble.disconnect) ? (entry(dialect.name, ble.disconnect).params.spec['connection']?.facts.max ?? 0) + 1 : 0;
    expect([dialect.name, bleConnections]).toEqual([dialect.name, connections]);
  }
});

const prefixes = (dialect: Dialect): readonly string[] => headsOf(dialect, shape).map(({ prefix }) => prefix);

test('heads are those of the release: NONOS has its own, unknown firmware every one', () => {
  expect(prefixes(dialects.nonos)).toContain('+CIPRECVDATA,');
  expect(prefixes(dialects.nonos)).not.toContain('+MQTTSUBRECV:');
  expect(prefixes(dialects.v4)).not.toContain('+CIPRECVDATA,');
  expect(prefixes(anyDialect)).toEqual(expect.arrayContaining([...prefixes(dialects.v4), '+CIPRECVDATA,']));
  const blank = (dialect: Dialect): unknown => headsOf(dialect, shape).find(({ prefix }) => prefix === '+HTTPCLIENT:')?.blank;
  expect([blank(dialects.v2), blank(dialects.v4), blank(anyDialect)]).toEqual([true, undefined, true]);
  for (const dialect of Object.values(dialects)) for (const prefix of prefixes(dialect)) expect(lineOfHead(dialect, prefix)?.line.prefix).toBe(prefix);
});

test('a head is a known line of its command, so that its payload finds the way there', () => {
  for (const dialect of Object.values(dialects)) {
    for (const declared of dialect.commands.values()) {
      for (const each of declared.response.lines) {
        if (each.options.counted !== undefined) expect(lineOfHead(dialect, each.prefix)?.line).toBe(each);
      }
    }
  }
});

test('a derived dialect drops by name, by key and by the beginning of a name', () => {
  const less = derive(dialects.v4, { name: 'v4', drop: ['AT+CIPSTATE', 'AT+CWJAP execute', 'AT+MQTT*'] });
  const names = [...less.commands.values()].map(({ name, form }) => `${name} ${form}`);
  expect(names).not.toContain('AT+CIPSTATE query');
  expect(names).not.toContain('AT+CWJAP execute');
  expect(names).toContain('AT+CWJAP set');
  expect(names.filter((name) => name.startsWith('AT+MQTT'))).toEqual([]);
  expect(dialects.v4.commands.has(commandKey(http.request))).toBe(true);
});
