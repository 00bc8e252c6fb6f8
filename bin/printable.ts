const names: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\x1b': '\\e' };

/** Control characters, marks that turn the direction of text round, and lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const escape = (character: string): string => {
  const named = names[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  // The SDK keeps bytes that are no UTF-8 as U+DC80 to U+DCFF.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};

/** Text of others (an SSID, a payload) without the power to move a terminal's cursor or change its colours. */
export const printable = (text: string): string => text.replace(unprintable, escape);

/** The same for bytes: UTF-8 where they are, escapes where they are not. */
export const printableBytes = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return text.includes('\ufffd') ? printable(Buffer.from(bytes).toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))) : printable(text);
};
