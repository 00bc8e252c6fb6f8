import type { AttributePlace, BleLink, BlePeer, SecurityParameters, Service } from './peer.js';

/** How a side without an AT+BLESECPARAM pairs. */
export const plainSecurity: SecurityParameters = { auth: 1, capability: 3, keySize: 16, initiatorKeys: 3, responderKeys: 3, option: 0 };

/** A side of a connection whose host hears nothing of the connection itself, and that pairs with nobody. */
export abstract class QuietPeer implements BlePeer {
  readonly security = plainSecurity;
  readonly staticKey = undefined;

  abstract connected(link: BleLink): void;
  abstract disconnected(link: BleLink): void;
  abstract whenRoom(run: () => void): void;
  abstract services(): readonly Service[];
  abstract read(link: BleLink, place: AttributePlace): string | undefined;
  abstract write(link: BleLink, place: AttributePlace, value: string): boolean;
  abstract told(link: BleLink, place: AttributePlace, value: string): void;

  mtuChanged(): void {
    // Nobody is told.
  }

  parametersChanged(): void {
    // Nobody is told.
  }

  pairing(): void {
    // Requests find no answer.
  }
}
