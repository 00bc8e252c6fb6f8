import { defer, EMPTY, finalize, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { createActiveReceiver } from '../socket/activeReceiver.js';
import { followConnection } from '../socket/followConnection.js';
import type { LinkSocket } from '../socket/linkSocket.js';
import { createLiveness } from '../socket/liveness.js';
import { createSender } from '../socket/sender.js';
import type { Duplex } from '../socket/socket.js';
import { connection, disconnected } from './disconnected.js';

/** A serial line over the radio. */
export interface SppSocket extends Duplex {
  /** Of the other end; lower case, with colons. */
  readonly address: string;
}

/** How a serial line is carried. */
export interface SppLineConfig {
  /**
   * Nothing but the bytes of this connection goes over the module's line, until it is ended: AT+BTSPPSEND without parameters. Commands of others wait, and the loss of the connection is
   * found when it is left; a master that connects meanwhile goes on with the same stream. Default false: bytes are sent by AT+BTSPPSEND=0,<n> beside other commands.
   */
  readonly raw?: boolean;
  /** Most bytes held unread. From 1 on. Default 65536. */
  readonly queueLimit?: number;
  /**
   * What one byte too many does; nothing slows the other end's sender down but a module whose line stands still. `hold`, the default: the port is held until somebody reads, where it can be and no `send` of this
   * socket waits for its answer; nobody gets an answer from the module meanwhile, so who reads only after another command has been answered takes the other. `error`, and `hold` where it
   * cannot be: the socket fails with `link`/`overflow`. A raw one is held wherever its port can be.
   */
  readonly overflow?: 'hold' | 'error';
}

/** Longest slice in bytes: one frame of the radio is 990, and the module answers when the other end has taken all of it. */
const sliceLimit = 2048;

/** AT+BTSPPDISCONN, until the module says that it is done; nothing where there is no connection. Cold. */
export const disconnect = (module: AtModule, exec: AtModule['exec'] = module.exec): Observable<never> =>
  disconnected(module, defer(() => exec(commands.sppDisconnect, { connection })), events.sppDisconnected);

export interface SppSocketConfig extends SppLineConfig {
  readonly module: AtModule;
  readonly address: string;
  /** The stream ended: closed and read to its end. */
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
}

/** Follows an open connection: from now on what the module tells of SPP is this socket's. */
export const createSppSocket = ({ module, address, queueLimit = 65_536, overflow = 'hold', ended, failed }: SppSocketConfig): LinkSocket<SppSocket> => {
  const live = createLiveness(disconnect(module), { address });
  let sending = 0;
  let held = false;
  const hold = (on: boolean): boolean => {
    if (on === held) return on;
    // The answer that a send waits for would never come.
    if (on && (overflow === 'error' || sending > 0)) return false;
    const done = module.line.hold(on);
    held = on && done;
    return done;
  };
  const receiver = createActiveReceiver({ details: { address }, hold, ended, failed }, queueLimit);
  const { end, release } = followConnection({
    module,
    live,
    receiver,
    details: () => ({ address, unread: receiver.unread }),
    restarted: `the module restarted: the connection to ${address} is lost`,
    heard: ({ name, fields, payload }) => {
      if (name === events.sppData.name && payload !== undefined) receiver.adopt(payload);
      else if (name === events.sppDisconnected.name && fields['failed'] !== true) {
        live.over();
        receiver.closed();
      }
    },
  });
  const slice = (bytes: Uint8Array): Observable<unknown> =>
    defer(() => {
      sending += 1;
      hold(false);
      return live.guard(module.exec(commands.sppSend, { connection, length: bytes.length }, { data: bytes, lane: 'send:spp' })).pipe(finalize(() => (sending -= 1)));
    });
  const socket: SppSocket = {
    address,
    read: receiver.read,
    send: createSender({
      limit: () => sliceLimit,
      turn: () => EMPTY,
      slice,
      bulk: () => throwError(() => new AtError({ kind: 'unsupported', code: 'option', message: 'SPP has no bulk send' })),
    }),
    state: live.state,
    end: () => end,
  };
  return { socket, release: () => release };
};
