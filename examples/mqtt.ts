/**
 * The module's own MQTT client, as document 000 §9.14 to §9.16 use it: over TCP, over TLS with the broker's certificate verified, over secure WebSocket.
 * `usage` says how it is called.
 */
import { readFileSync } from 'node:fs';
import { concat, defer, ignoreElements, map, merge, mergeMap, type Observable, take } from 'rxjs';
import { type AtModule, mqtt, type MqttConfig, sntp } from 'rx-esp-at';
import { emulator, inMemoryBroker } from 'rx-esp-at/emulator';
import { nodeMqtt, nodeNetwork } from 'rx-esp-at/emulator/node';
import { addresses } from './addresses.js';
import { moduleOr, online } from './online.js';
import { play } from './play.js';

const account = { clientId: 'ESP32', username: 'espressif', password: '1234567890', reconnect: false } as const;
const clock = { servers: ['ntp1.aliyun.com'], timezone: 8 } as const;

const usage = `Usage: node dist/cjs/examples/mqtt.js [mqtt://HOST[:PORT]] [mqtts://HOST[:PORT]] [wss://HOST[:PORT]/PATH]

Subscribes to "topic" and publishes to it at each of the brokers, as client ${account.clientId}, user ${account.username}, password ${account.password}.
Without an address an emulated module does so with a broker in this process.

  ESP_AT_CA                    file of the authority that an emulated module trusts for mqtts:; a real one has it in its flash
  ESP_AT_PORT                  serial port of a real module, such as /dev/ttyUSB0
  ESP_AT_SSID ESP_AT_PASSWORD  access point that the real module shall join`;

/** §9.14. */
export const overTcp = (host: string, port = 1883): MqttConfig => ({ ...account, host, port });

/** §9.15. The broker's certificate is worth nothing by a clock that is wrong: `clock` sets it before. */
export const overTls = (host: string, port = 8883): MqttConfig => ({ ...account, host, port, carrier: 'tls', verify: 'server', clock, will: { topic: 'lwtt', message: 'lwtm' } });

/** §9.16. */
export const overWss = (host: string, port = 443, path = 'wss'): MqttConfig => ({ ...account, host, port, carrier: 'wss', path });

/** Subscribes, publishes, emits what comes back, and says goodbye. */
export const echo = (module: AtModule, config: MqttConfig): Observable<string> =>
  mqtt(module, config).pipe(
    mergeMap((session) => merge(session.topic('topic', { qos: 1 }), session.publish('topic', 'test', { qos: 1 }))),
    take(1),
    map(({ topic, text }) => `${config.carrier ?? 'tcp'}: ${topic} ${text()}`),
  );

/** The example that an address stands for. */
export const example = (module: AtModule, { protocol, hostname, port, pathname }: URL): Observable<string> => {
  const given = port === '' ? undefined : Number(port);
  if (protocol === 'mqtt:') return echo(module, overTcp(hostname, given));
  if (protocol === 'mqtts:') return echo(module, overTls(hostname, given));
  const set = sntp(module, { servers: clock.servers, zone: clock.timezone }).pipe(ignoreElements());
  return concat(set, defer(() => echo(module, overWss(hostname, given, pathname.slice(1)))));
};

if (require.main === module) {
  play({
    usage,
    read: addresses('mqtt:', 'mqtts:', 'wss:'),
    lines: (given, stop) => {
      const asked = given.length > 0 ? given : ['mqtt://broker.lab', 'mqtts://broker.lab', 'wss://broker.lab/wss'].map((text) => new URL(text));
      const authority = process.env['ESP_AT_CA'];
      const brokers = given.length === 0 ? inMemoryBroker() : nodeMqtt(authority === undefined ? {} : { tls: { ca: { 0: readFileSync(authority, 'utf8') } } });
      const board = moduleOr(() => emulator({ network: nodeNetwork(), mqtt: brokers }));
      return online(board, (opened) => concat(...asked.map((address) => example(opened, address))), stop);
    },
  });
}
