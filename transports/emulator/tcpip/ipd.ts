import type { Board } from '../board.js';
import { textOf } from '../format.js';
import type { Received } from './receiveBuffer.js';

/** A link's id as lines begin with it, where there may be several. */
export const linkPrefix = (board: Board, id: number): string => (board.get('mux') === 1 ? `${id},` : '');

/** `+IPD` with its data, as the active mode prints it. */
export const dataLine = (board: Board, id: number, { bytes, remote }: Received): string => {
  const { senderQuoted, packetTail } = board.profile.style;
  const quote = senderQuoted ? '"' : '';
  const from = board.get('remoteInfo') === 1 ? `,${quote}${remote.address}${quote},${remote.port}` : '';
  return `\r\n+IPD,${linkPrefix(board, id)}${bytes.length}${from}:${textOf(bytes)}${packetTail}`;
};

/** `+IPD` of the passive mode: how much waits. */
export const announcement = (board: Board, id: number, length: number): string => `\r\n+IPD,${linkPrefix(board, id)}${length}\r\n`;
