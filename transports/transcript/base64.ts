const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digits = new Map([...alphabet].map((letter, value) => [letter, value]));

/** Bytes as base64 text (RFC 4648 section 4, padded). Written here because embedded hosts have neither `btoa` nor `Buffer`. */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
    text += (left > 1 ? alphabet[(group >> 6) & 63]! : '=') + (left > 2 ? alphabet[group & 63]! : '=');
  }
  return text;
};

/** The bytes of a base64 text, padded or not; undefined where it is none. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  const bare = text.replace(/={1,2}$/, '');
  if (bare.length % 4 === 1 || (bare.length !== text.length && text.length % 4 !== 0)) return undefined;
  const bytes = new Uint8Array((bare.length * 3) >> 2);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of bare) {
    const value = digits.get(letter);
    if (value === undefined) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
};
