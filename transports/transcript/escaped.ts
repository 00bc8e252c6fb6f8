const names: Readonly<Record<number, string>> = { 0x0a: '\\n', 0x0d: '\\r', 0x09: '\\t', 0x5c: '\\\\' };

const escapedByte = (byte: number): string =>
  names[byte] ?? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`);

/** Bytes as one line of ASCII for people: CR, LF, TAB and backslash by their letters, other bytes that do not print as `\x1b`. */
export const escaped = (bytes: Uint8Array): string => Array.from(bytes, escapedByte).join('');
