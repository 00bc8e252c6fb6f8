import { map, of, type Observable } from 'rxjs';
import type { Board } from '../board.js';
import type { Bluetooth } from './bluetooth.js';
import type { BleLink, BlePeer } from './peer.js';

/** Values that wait for the air, or for the room of the other side's line, behind the OK of their commands; more, and the OK waits. */
const queued = 8;

/** Sends what the ATT protocol does not answer, a notification or a write command: emits once, at once while few are on their way; whether there was a connection. */
export const unanswered = (board: Board, bluetooth: Bluetooth, link: BleLink, bytes: number, at: (peer: BlePeer) => void): Observable<boolean> => {
  const { flying } = bluetooth;
  const count = (change: number): number => {
    const now = (flying.get(link) ?? 0) + change;
    flying.set(link, now);
    return now;
  };
  const carried = link.ask(bluetooth, bytes, 0, (peer) => {
    at(peer);
    return true;
  }).pipe(map((arrived) => {
    count(-1);
    return arrived === true;
  }));
  const { open } = link;
  if (count(1) > queued || !open) return carried;
  board.follow(carried, () => undefined);
  return of(true);
};
