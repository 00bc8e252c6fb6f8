import { createServer, type Server, type Socket } from 'node:net';
import { asyncScheduler, type Observable } from 'rxjs';
import { AtError, type Transport } from '../../../lib/transport.js';
import { servedModule, type ServedModule } from './servedModule.js';

/** Where a served module listens. */
export interface ServeTcpOptions {
  /** Address to listen at. Default 127.0.0.1: only this machine reaches the module. */
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** Where a served module is found. */
export interface ServedTcp {
  readonly host: string;
  readonly port: number;
}

// Where the line cannot be held, a host that does not read loses bytes beyond this, as a UART without flow control would.
const backlog = 1 << 20;
// A host that comes right after another may be here before the other's end was noticed, in ms.
const succession = 100;

const connected = (module: ServedModule, socket: Socket): void => {
  module.attach({
    take: (bytes) => {
      if (socket.writableLength > backlog) return;
      if (!socket.write(bytes)) module.hold(true);
    },
  });
  socket.setNoDelay(true);
  socket.on('drain', () => {
    module.hold(false);
  });
  socket.on('data', (data: Buffer) => {
    socket.pause();
    module.give(new Uint8Array(data.buffer, data.byteOffset, data.length), () => socket.resume());
  });
  // A reset of the host is followed by `close`, which is what counts.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    module.detach();
  });
};

const listen = (module: ServedModule, { host = '127.0.0.1', port }: ServeTcpOptions, emit: (at: ServedTcp) => void, fail: (error: unknown) => void): (() => void) => {
  let client: Socket | undefined;
  let closed = false;
  const take = (socket: Socket): void => {
    client = socket;
    connected(module, socket);
  };
  const admit = (socket: Socket): void => {
    if (!module.attached) return take(socket);
    // A reset instead of a text: the client expects AT answers and would read it as one.
    const refuse = (): void => void socket.resetAndDestroy();
    const patience = asyncScheduler.schedule(refuse, succession);
    socket.on('error', () => undefined);
    client?.once('close', () => {
      patience.unsubscribe();
      if (closed || module.attached || socket.destroyed) refuse();
      else take(socket);
    });
  };
  const server: Server = createServer(admit);
  server.on('error', (cause) => {
    fail(new AtError({ kind: 'transport', code: 'open', message: `cannot listen at ${host} port ${String(port)}: ${cause.message}`, cause }));
  });
  server.listen(port, host, () => {
    const at = server.address();
    if (at !== null && typeof at === 'object') emit({ host: at.address, port: at.port });
  });
  return () => {
    closed = true;
    server.close();
    client?.destroy();
  };
};

/**
 * Serves a module on a TCP port, one host after another; a second host at the same time is reset, unless the first leaves in that moment. Cold: subscribing opens the
 * emulator, listens and emits the address once; the module runs on between hosts and keeps its state, what it says meanwhile is lost. A host
 * that does not read holds the module's output back. Errors `transport`/`open` where the port cannot be had, and with the module's line;
 * completes when that closes; unsubscribing disconnects the host, closes the port and the module.
 */
export const serveTcp = (emulator: Transport, options: ServeTcpOptions): Observable<ServedTcp> =>
  servedModule<ServedTcp>(emulator, (module, emit, fail) => listen(module, options, emit, fail));
