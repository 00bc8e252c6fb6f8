import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { filter, lastValueFrom, mergeMap, take } from 'rxjs';
import { type AtModule, type ModuleConfig, openModule, station } from '../../lib/index.js';
import type { Transport } from '../../lib/transport.js';
import { type Emulator, emulator, type EmulatorConfig } from '../../transports/emulator/index.js';
import { servePty } from '../../transports/emulator/node/index.js';
import { serialport } from '../../transports/serialport.js';
import { opened } from './nodeHarness.js';

/** An emulated module in real time that the SDK has opened and joined. */
export interface NodeModule {
  readonly board: Emulator;
  readonly at: AtModule;
  /** Lines that were sent to it. */
  readonly sent: readonly string[];
  close(): Promise<void>;
}

const joinedOver = async (board: Emulator, line: Transport, config: ModuleConfig): Promise<NodeModule> => {
  const sent: string[] = [];
  const trace = { next: ({ dir, text }: { readonly dir: string; readonly text: string }) => void (dir === 'tx' && sent.push(text)) };
  const joined = openModule(line, { ...config, trace }).pipe(
    mergeMap((at) => station(at, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => [at]))),
  );
  const { value: at, subscription } = await opened(joined);
  return {
    board, at, sent,
    close: async () => {
      await lastValueFrom(at.close(), { defaultValue: undefined });
      subscription.unsubscribe();
      // The module runs on without a host; a restart drops its links.
      board.reset();
    },
  };
};

/** Without a line: the emulator is the transport. */
export const nodeModule = (config: EmulatorConfig, module: ModuleConfig = {}): Promise<NodeModule> => {
  const board = emulator(config);
  return joinedOver(board, board, module);
};

/** Behind a real pty, which the serial transport opens. */
export const ptyModule = async (config: EmulatorConfig, module: ModuleConfig = {}): Promise<NodeModule> => {
  const board = emulator(config);
  const { value, subscription } = await opened(servePty(board));
  const open = await joinedOver(board, serialport({ path: value.pty }), module);
  return {
    ...open,
    close: async () => {
      await open.close();
      subscription.unsubscribe();
    },
  };
};

/** Starts servers at 127.0.0.1 and ends them with all their connections. */
export const localServers = () => {
  const servers = new Map<Server, Set<Socket>>();
  return {
    listening: async (server: Server, port = 0): Promise<number> => {
      const sockets = new Set<Socket>();
      servers.set(server, sockets);
      server.on('connection', (socket: Socket) => {
        sockets.add(socket.on('error', () => undefined));
        socket.on('close', () => sockets.delete(socket));
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    close: (): void => {
      for (const [server, sockets] of servers) {
        server.close();
        sockets.forEach((socket) => socket.destroy());
      }
      servers.clear();
    },
  };
};

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
