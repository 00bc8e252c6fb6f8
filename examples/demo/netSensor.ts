import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Observable } from 'rxjs';
import { eol, lineOf, Tally } from './reading.js';
import type { Sensor, Station } from './sensor.js';

const bits = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** The address of this machine in the module's subnet. */
export const localAddress = ({ address, netmask = '255.255.255.0' }: Station): string | undefined => {
  if (address === undefined) return undefined;
  const mask = bits(netmask);
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, address: own }) => family === 'IPv4' && (bits(own) & mask) === (bits(address) & mask))?.address;
};

/** Writes line after line, each as soon as the kernel takes it. */
const pour = (socket: Socket, total: number, tally: Tally, waited: (ms: number) => void): void => {
  const next = (): void => {
    while (tally.count < total) {
      const line = lineOf(tally.count);
      tally.add(line);
      if (socket.write(line + eol)) continue;
      const since = performance.now();
      socket.once('drain', () => {
        waited(performance.now() - since);
        next();
      });
      return;
    }
    socket.end();
  };
  next();
};

/** The same sensor as a server of this machine, for a real module; it serves one connection. Cold: subscribing listens, unsubscribing closes. */
export const netSensor = (total: number, station: Station, host: string | undefined): Observable<Sensor> =>
  new Observable<Sensor>((subscriber) => {
    const own = host ?? localAddress(station);
    if (own === undefined) {
      return subscriber.error(new Error(`this computer has no address in the subnet of the module (${station.address ?? 'no address'}); name one with --host`));
    }
    const tally = new Tally();
    const sockets = new Set<Socket>();
    let heldBack = 0;
    let heldBackFor = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      if (sockets.size > 1) return void socket.destroy();
      // A kernel buffers megabytes; at least Node shall not buffer more on top.
      pour(socket, total, tally, (ms) => {
        heldBack += 1;
        heldBackFor += ms;
      });
    });
    server.on('error', (error) => subscriber.error(error));
    server.listen(0, '0.0.0.0', () => {
      const at = server.address();
      if (at === null || typeof at === 'string') return;
      const facts = (): ReturnType<Sensor['facts']> => ({ readings: tally.count, checksum: tally.checksum, bytes: tally.bytes, heldBack, heldBackFor });
      subscriber.next({ host: own, port: at.port, facts });
    });
    return () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
  });
