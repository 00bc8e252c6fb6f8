import { createServer, type AddressInfo, type Socket } from 'node:net';
import Aedes from 'aedes';
import { delayWhen, filter, mergeMap, take, toArray, firstValueFrom, merge, ignoreElements, concat, defer, timer } from 'rxjs';
import { commands, mqtt, openModule, station } from '../../lib/index.js';
import { emulator } from '../../transports/emulator/index.js';
import { nodeMqtt } from '../../transports/emulator/node/index.js';
import { until } from '../emulator/nodeHarness.js';

test('a real broker over TCP: own messages of every QoS, bytes, long ones in one piece, a goodbye', async () => {
  const broker = new Aedes();
  const wills: string[] = [];
  broker.on('publish', ({ topic }) => void (topic === 'lwt' && wills.push(topic)));
  const sockets = new Set<Socket>();
  const server = createServer(broker.handle);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const payloads = [Uint8Array.of(), Uint8Array.of(0, 0xff, 0x0d, 0x0a, 0x3e), Uint8Array.from('plain, "text"', (letter) => letter.charCodeAt(0)), new Uint8Array(3000).fill(0x52)];
  const module = emulator({ mqtt: nodeMqtt({ hosts: { 'server.lab': '127.0.0.1' } }) });
  try {
    const heard = await firstValueFrom(
      openModule(module).pipe(
        mergeMap((at) => station(at, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => [at]))),
        mergeMap((at) =>
          mqtt(at, { host: 'server.lab', port, clientId: 'module', username: 'u', password: 'p', fragments: 'join', will: { topic: 'lwt', message: 'gone' } }).pipe(
            mergeMap((session) =>
              merge(
                session.topic('t/#', { qos: 2 }),
                concat(...payloads.map((payload, index) => defer(() => session.publish(`t/${String(index)}`, payload, { qos: (index % 3) as 0 | 1 | 2 })))).pipe(ignoreElements()),
              ),
            ),
            take(payloads.length),
            toArray(),
            // Behind AT+MQTTCLEAN, which needs the module.
            delayWhen(() => timer(0).pipe(mergeMap(() => at.exec(commands.basic.probe)))),
          ),
        ),
      ),
    );
    expect(heard.map(({ topic }) => topic).sort()).toEqual(['t/0', 't/1', 't/2', 't/3']);
    for (const { topic, payload } of heard) expect([topic, Buffer.compare(Buffer.from(payload), Buffer.from(payloads[Number(topic.slice(2))] ?? []))]).toEqual([topic, 0]);
    await until(() => broker.connectedClients === 0);
    expect(wills).toEqual([]);
  } finally {
    module.reset();
    sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}, 15_000);
