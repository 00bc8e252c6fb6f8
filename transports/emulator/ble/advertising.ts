import { bytesOf, hex } from '../format.js';

/** What AT+BLEADVDATAEX puts together. */
export interface AdvertisingFields { readonly name: string; readonly uuid: string; readonly manufacturer: string; readonly power: number }

/** An advert holds so many bytes. */
const room = 31;

/** Hex digits, lower case, of byte-characters. */
export const hexOf = (text: string): string => Array.from(bytesOf(text), (byte) => hex(byte, 2)).join('');

const structure = (type: number, digits: string): string => hex(digits.length / 2 + 1, 2) + hex(type, 2) + digits;

const reversed = (digits: string): string => (digits.match(/../g) ?? []).reverse().join('');

/** The advert of AT+BLEADVDATAEX as hex digits: flags, then what fits; a name that does not is cut. */
export const composeAdvert = ({ name, uuid, manufacturer, power }: AdvertisingFields): string => {
  const parts = [structure(0x01, '06')];
  const left = (): number => room - parts.join('').length / 2;
  const add = (type: number, digits: string): void => {
    if (digits.length > 0 && digits.length / 2 + 2 <= left()) parts.push(structure(type, digits));
  };
  if (power === 1) add(0x0a, '03');
  add({ 2: 0x03, 4: 0x05 }[uuid.length / 2] ?? 0x07, reversed(uuid.toLowerCase()));
  add(0xff, manufacturer.toLowerCase());
  const digits = hexOf(name);
  if (digits.length / 2 + 2 <= left()) add(0x09, digits);
  else add(0x08, digits.slice(0, Math.max(0, left() - 2) * 2));
  return parts.join('');
};

/** The values of the structures of these types in an advert, as hex digits. */
export const findInAdvert = (advert: string, types: readonly number[]): readonly string[] => {
  const found: string[] = [];
  for (let at = 0; at + 4 <= advert.length; ) {
    const length = parseInt(advert.slice(at, at + 2), 16);
    if (length === 0) break;
    if (types.includes(parseInt(advert.slice(at + 2, at + 4), 16))) found.push(advert.slice(at + 4, at + 2 + length * 2));
    at += 2 + length * 2;
  }
  return found;
};

/** Whether an advert with its scan response has a service UUID. */
export const hasUuid = (advert: string, uuid: string): boolean => {
  const wanted = reversed(uuid.toLowerCase());
  return findInAdvert(advert, [0x02, 0x03, 0x04, 0x05, 0x06, 0x07]).some((list) => {
    for (let at = 0; at + wanted.length <= list.length; at += wanted.length) if (list.slice(at, at + wanted.length) === wanted) return true;
    return false;
  });
};
