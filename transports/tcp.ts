import { connect, type Socket } from 'node:net';
import { asyncScheduler, Observable, type SchedulerAction, type SchedulerLike } from 'rxjs';
import { AtError, type Connection, type Retry, type Transport } from '../lib/transport.js';
import { inlet } from './line/inlet.js';
import { failedWrite, lostLine } from './line/lineError.js';
import { writer } from './line/writer.js';

/** Milliseconds between two looks whether a held connection is still there, and of quiet before TCP asks the peer. */
const PROBE_MS = 500;
const KEEPALIVE_MS = 10_000;

/** Where the module's line is served. */
export interface TcpConfig {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Milliseconds until a connection must stand. Default 10000. */
  readonly connectTimeout?: number;
  /** Send small writes at once. Default true: commands are small and wait for their answer. */
  readonly noDelay?: boolean;
  /** The clock of the timeout and of the watch over a held line. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

type Reason = 'refused' | 'unknown-host' | 'timeout' | 'unreachable' | 'other';

const reasons: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};

const retries: Readonly<Record<Reason, Retry>> = { refused: 'safe', 'unknown-host': 'safe', timeout: 'safe', unreachable: 'safe', other: 'never' };

const notOpened = (path: string, reason: Reason, cause?: unknown): AtError =>
  new AtError({
    kind: 'transport',
    code: 'open',
    message: `cannot connect to ${path}: ${cause instanceof Error ? cause.message : reason}`,
    retry: retries[reason],
    cause,
    details: { path, reason },
  });

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** A connected socket as a connection, and its end. */
const socketLine = (socket: Socket, path: string, scheduler: SchedulerLike): { readonly connection: Connection; close(): void } => {
  let gone: AtError | undefined;
  const lose = (cause?: unknown) => {
    gone ??= lostLine(path, cause);
    gate.fail(gone);
  };
  const gate = inlet((flowing) => (flowing ? socket.resume() : socket.pause()));
  // The buffer of a socket's chunk belongs to whoever receives it: a view is enough.
  socket.on('data', (chunk: Buffer) => gate.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)));
  socket.on('end', () => {
    gone ??= lostLine(path);
    gate.complete();
  });
  socket.on('error', lose);
  socket.on('close', () => {
    watch.unsubscribe();
    if (!gone) lose();
  });
  // A paused socket is not polled, so that a reset stays unseen; a write of nothing is refused then, and puts no byte on the wire.
  const watch = scheduler.schedule(function (this: SchedulerAction<void>) {
    if (socket.isPaused() && socket.writableLength === 0 && !socket.writableEnded) socket.write(new Uint8Array(0));
    this.schedule(undefined, PROBE_MS);
  }, PROBE_MS);

  const connection: Connection = {
    incoming: gate.incoming,
    hold: gate.hold,
    write: writer((bytes, done) => {
      if (gone || !socket.writable) {
        done(gone ?? lostLine(path));
        return;
      }
      socket.write(bytes, (cause) => done(cause ? failedWrite(path, cause) : undefined));
    }),
  };
  const close = () => {
    gone ??= lostLine(path);
    watch.unsubscribe();
    socket.destroy();
    gate.complete();
  };
  return { connection, close };
};

/**
 * A line served as a raw TCP stream: ser2net in raw mode, an ESP's transparent bridge, the emulator's TCP port. No Telnet negotiation.
 *
 * `open()` is cold: subscribing connects and emits one connection, then stays silent; unsubscribing closes the socket at once, also while it is
 * still connecting. The peer's orderly end completes `incoming`, and writes error `lost` from then on; there are no half-open lines.
 *
 * Errors, all of kind `transport`: `open` with `details.reason` `refused`, `unknown-host`, `timeout`, `unreachable` or `other` (on `open()`);
 * `lost` on `incoming` when the connection breaks, within 500 ms of the reset also while held; `write` when it broke under a write.
 */
export const tcp = (config: TcpConfig): Transport => {
  const { host, port, connectTimeout = 10_000, noDelay = true, scheduler = asyncScheduler } = config;
  const path = `${host}:${port}`;
  return {
    open: () =>
      new Observable<Connection>((subscriber) => {
        if (!Number.isInteger(port) || port < 1 || port > 65_535) {
          subscriber.error(new AtError({ kind: 'usage', code: 'parameter', message: `port ${port} is not 1 to 65535`, details: { port } }));
          return undefined;
        }
        const socket = connect({ host, port, noDelay, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
        // Nothing is read before somebody listens.
        socket.pause();
        const late = scheduler.schedule(() => {
          subscriber.error(notOpened(path, 'timeout'));
        }, connectTimeout);
        let connected = false;
        const refused = (cause: unknown) => {
          if (!connected) subscriber.error(notOpened(path, reasons[codeOf(cause)] ?? 'other', cause));
        };
        // Stays for the life of the socket: an `error` event nobody hears would end the process.
        socket.on('error', refused);
        socket.once('connect', () => {
          connected = true;
          late.unsubscribe();
          const line = socketLine(socket, path, scheduler);
          subscriber.add(line.close);
          subscriber.next(line.connection);
        });
        return () => {
          late.unsubscribe();
          socket.destroy();
        };
      }),
  };
};
