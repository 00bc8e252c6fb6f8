/** Bytes of hex digits, two each; of an odd number the last one is left out. The digits have been checked. */
export const hexBytes = (digits: string): Uint8Array => {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
};

/** Bytes as hex digits, upper case, as UUIDs are shown. */
export const bytesHex = (bytes: Uint8Array): string => {
  let digits = '';
  for (const byte of bytes) digits += (byte < 16 ? '0' : '') + byte.toString(16);
  return digits.toUpperCase();
};
