import { filter } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { type ConnectionLife, connectionLife } from '../bluetooth/connectionLife.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { foundConnections } from './foundConnections.js';

/** A connection, from being open to its end. */
export type PeerLife = ConnectionLife;

export const lostPeer = (connection: number, address: string): AtError =>
  new AtError({ kind: 'link', code: 'lost', message: `the connection to ${address} is gone`, retry: 'safe', details: { connection, address } });

export const leftPeer = (connection: number, address: string): AtError =>
  new AtError({ kind: 'link', code: 'closed', message: `the connection to ${address} was left`, details: { connection, address } });

/** Watches an open connection; `ended` is told once, after everything that is guarded. */
export const peerLife = (module: AtModule, connection: number, address: string, ended: (error: unknown) => void): PeerLife =>
  connectionLife(module, {
    address,
    isGone: ({ name, fields }) => name === events.bleDisconnected.name && fields['connection'] === connection,
    lost: () => lostPeer(connection, address),
    // During a raw stream the module says nothing of it.
    missed: foundConnections(module).pipe(filter((open) => !open.some((found) => found.connection === connection))),
    ended,
  });
