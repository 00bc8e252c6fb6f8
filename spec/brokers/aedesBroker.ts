import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import Aedes from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { MqttCarrier } from '../../lib/index.js';
import { caCert, serverCert, serverKey } from '../emulator/nodeCertificates.js';
import { localServers } from '../emulator/nodeModule.js';
import type { StartBroker } from './broker.js';

const overWebSocket = (server: Server, broker: Aedes): Server => {
  new WebSocketServer({ server: server as never }).on('connection', (socket) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => undefined);
    broker.handle(stream);
  });
  return server;
};

/** A door of a broker; with `mutual` it opens to certificates of the laboratory only. */
export const door = (broker: Aedes, carrier: MqttCarrier, mutual = false): Server => {
  const secret = { key: serverKey, cert: serverCert, ca: caCert, requestCert: mutual, rejectUnauthorized: mutual };
  switch (carrier) {
    case 'tcp': return createServer(broker.handle);
    case 'tls': return createTlsServer(secret, broker.handle as never);
    case 'ws': return overWebSocket(createHttpServer(), broker);
    case 'wss': return overWebSocket(createHttpsServer(secret), broker);
  }
};

/** Aedes in this process. */
export const aedesBroker: StartBroker = async ({ carrier = 'tcp', login, mutual }) => {
  const servers = localServers();
  let broker: Aedes;
  const start = async (port?: number, plain?: number) => {
    broker = new Aedes();
    broker.authenticate = (_client, username, password, done) =>
      done(null, login === undefined || username === 'witness' || (username === login.username && password?.toString() === login.password));
    return { port: await servers.listening(door(broker, carrier, mutual), port), plain: await servers.listening(door(broker, 'tcp'), plain) };
  };
  const { port, plain } = await start();
  const stop = async (): Promise<void> => {
    servers.close();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  };
  return {
    port,
    plain,
    stop,
    end: stop,
    start: async () => void (await start(port, plain)),
  };
};
