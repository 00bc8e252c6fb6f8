import type { Board } from '../board.js';
import { linkPrefix } from './ipd.js';
import type { Link } from './link.js';

/** `CONNECT`, or `+LINK_CONN` where AT+SYSMSG asks for it. */
export const sayConnect = (board: Board, { id, type, server, channel }: Link): void => {
  const { address, port } = channel.remote;
  if (board.profile.style.linkConn && (board.get('sysmsg') & 2) !== 0) {
    board.print(`+LINK_CONN:0,${id},"${type}",${server ? 1 : 0},"${address}",${port},${channel.localPort}\r\n`);
  } else board.print(`${linkPrefix(board, id)}CONNECT\r\n`);
};

/** `CLOSED`, once. */
export const sayClosed = (board: Board, { id, spoken }: Link): void => {
  if (!spoken) board.print(`${linkPrefix(board, id)}CLOSED\r\n`);
};

/** The number stands for any cause: ECONNRESET of lwIP, as for a refused connection. */
export const sayErrorNumber = (board: Board): void => {
  if (board.profile.style.errorNumbers && board.get('syslog') === 1) board.print('+ERRNO:0x68\r\n');
};

/** A connection could not be had. */
export const sayRefused = (board: Board, id: number): void => {
  if (board.profile.style.connectFail && board.get('mux') === 1) board.print(`${id},CONNECT FAIL\r\n`);
  sayErrorNumber(board);
};
