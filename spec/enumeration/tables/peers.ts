import { map, tap } from 'rxjs';
import { echo } from 'rx-esp-at/emulator';
import type { Setup } from '../../support/enumeration.js';
import { wireText } from '../../support/enumeration.js';
import type { HostHandler } from '../../../transports/emulator/network/hostSocket.js';
import type { HostDatagramHandler } from '../../../transports/emulator/network/datagramExchange.js';

/** What the computers of the network got, by port. */
export const met: { port: number; from: number; text: string }[] = [];

const noted = (port: number): HostHandler => (socket) => {
  met.push({ port, from: socket.remote.port, text: '' });
  return socket.incoming.pipe(tap((bytes) => met.push({ port, from: socket.remote.port, text: wireText(bytes) })));
};
const notedDatagrams = (port: number): HostDatagramHandler => (socket) =>
  socket.incoming.pipe(map(({ bytes, remote }) => met.push({ port, from: remote.port, text: wireText(bytes) })));

const services = [0, 9, 443, 65535];

/** One computer, `peer.test`, that notes what it gets; its port 7 sends all back. */
export const peers: NonNullable<Setup['network']> = {
  hosts: {
    'peer.test': {
      address: '203.0.113.9',
      address6: '2001:db8::9',
      names: ['x', 'x'.repeat(64)],
      tcp: { 7: echo(), ...Object.fromEntries(services.filter((port) => port !== 443).map((port) => [port, noted(port)])) },
      tls: { 443: noted(443), 9443: echo() },
      udp: Object.fromEntries(services.map((port) => [port, notedDatagrams(port)])),
    },
    '203.0.113.66': { state: 'unreachable' },
  },
};

/** Everything that came over connections to a port, in one text. */
export const textAt = (port: number): string => met.filter((note) => note.port === port).map(({ text }) => text).join('');

export const forget = (): void => void met.splice(0);
