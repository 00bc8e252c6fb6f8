const backslash = 0x5c;
const zero = 0x30;
/** Backslash and zero, as AT+CIPSENDEX takes them for the end. */
const terminator = [backslash, zero] as const;

/**
 * How many bytes one AT+CIPSENDEX of at most `limit` bytes on the line takes of the beginning, its terminator included. Where the firmware knows no escape (2.0), a
 * slice ends behind a backslash that a zero follows: the terminator keeps the two apart.
 */
export const cutText = (bytes: Uint8Array, limit: number, escapes: boolean): number => {
  let room = limit - terminator.length;
  let at = 0;
  for (const byte of bytes) {
    room -= escapes && byte === backslash ? 2 : 1;
    if (room < 0) break;
    at += 1;
    if (!escapes && byte === backslash && bytes[at] === zero) break;
  }
  return at;
};

/** Bytes as AT+CIPSENDEX takes them: backslashes doubled where the firmware undoes that, then the terminator. */
export const terminatedText = (bytes: Uint8Array, escapes: boolean): Uint8Array => {
  const line: number[] = [];
  for (const byte of bytes) {
    if (escapes && byte === backslash) line.push(backslash);
    line.push(byte);
  }
  line.push(...terminator);
  return Uint8Array.from(line);
};
