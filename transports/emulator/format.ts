/** Inside the emulator a string holds one character per byte (latin1), as the wire does; JavaScript strings of the configuration are turned by `utf8`. */

/** The bytes of a string of byte-characters. */
export const bytesOf = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index) & 0xff;
  return bytes;
};

/** A string of byte-characters of the bytes. */
export const textOf = (bytes: Uint8Array): string => {
  let text = '';
  for (let index = 0; index < bytes.length; index += 4096) text += String.fromCharCode(...bytes.subarray(index, index + 4096));
  return text;
};

/** UTF-8 of a JavaScript string, one character per byte. */
export const utf8 = (text: string): string => {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) out += character;
    else if (code < 0x800) out += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) out += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else out += String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return out;
};

/** `%0<width>x`. */
export const hex = (value: number, width: number): string => (value >>> 0).toString(16).padStart(width, '0');

/** Six lower-case pairs with colons, or undefined: the form of every MAC parameter. */
export const macOf = (text: string): string | undefined =>
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? text.toLowerCase() : undefined;

/** The address when the text is a dotted IPv4 address. */
export const ipOf = (text: string): string | undefined => {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1).map(Number);
  return parts.every((part) => part <= 255) ? parts.join('.') : undefined;
};

/** True for text that can be an IPv6 address. */
export const isIp6 = (text: string): boolean => /^[0-9a-f:.]+$/i.test(text) && text.split(':').length > 2;

/** Joins chunks into one array. */
export const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  let total = 0;
  for (const part of parts) total += part.length;
  const whole = new Uint8Array(total);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};
