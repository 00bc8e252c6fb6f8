/**
 * Strings of users are Unicode, wire text holds one character per byte. UTF-8 lies between, with one addition: an SSID may be any
 * bytes, and what is no UTF-8 must come back unchanged, so such a byte b is the lone surrogate U+DC00 + b in the user's string.
 */

const continuation = (wire: string, at: number): number => {
  const code = wire.charCodeAt(at);
  return code >= 0x80 && code < 0xc0 ? code & 0x3f : -1;
};

const sequence = (wire: string, at: number): { point: number; length: number } | undefined => {
  const first = wire.charCodeAt(at);
  if (first < 0x80) return { point: first, length: 1 };
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (length === 0) return undefined;
  let point = first & (0xff >> (length + 1));
  for (let offset = 1; offset < length; offset += 1) {
    const bits = continuation(wire, at + offset);
    if (bits < 0) return undefined;
    point = (point << 6) | bits;
  }
  const shortest = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const valid = point >= shortest && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000);
  return valid ? { point, length } : undefined;
};

/** Wire text to the user's string. */
export const fromWire = (wire: string): string => {
  let text = '';
  for (let at = 0; at < wire.length; ) {
    const found = sequence(wire, at);
    text += found === undefined ? String.fromCharCode(0xdc00 + wire.charCodeAt(at)) : String.fromCodePoint(found.point);
    at += found?.length ?? 1;
  }
  return text;
};

const escapedByte = (point: number): boolean => point >= 0xdc80 && point <= 0xdcff;

const utf8 = (point: number): string => {
  if (point < 0x80) return String.fromCharCode(point);
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), tail(0));
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (point >> 18), tail(12), tail(6), tail(0));
};

/** The user's string to wire text; a lone surrogate that stands for no byte becomes U+FFFD. */
export const toWire = (text: string): string => {
  let wire = '';
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0xfffd;
    if (escapedByte(point)) wire += String.fromCharCode(point - 0xdc00);
    else wire += utf8(point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
  }
  return wire;
};
