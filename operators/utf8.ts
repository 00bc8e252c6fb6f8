const REPLACEMENT = 0xfffd;
/** Code units per `String.fromCharCode` call: engines of embedded hosts limit the arguments of a call. */
const BATCH = 1024;

/** How many continuation bytes a lead byte announces and the range of the first one (which rules out overlong forms, surrogates and values past U+10FFFF). */
const leadOf = (byte: number): readonly [more: number, low: number, high: number] | undefined => {
  if (byte >= 0xc2 && byte <= 0xdf) return [1, 0x80, 0xbf];
  if (byte >= 0xe0 && byte <= 0xef) return [2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf];
  if (byte >= 0xf0 && byte <= 0xf4) return [3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf];
  return undefined;
};

/** One character at `at`: its code point and its length. An ill-formed sequence yields U+FFFD for its longest valid beginning, at least one byte. */
const decodeAt = (bytes: Uint8Array, at: number): readonly [code: number, length: number] => {
  const lead = bytes[at] as number;
  if (lead < 0x80) return [lead, 1];
  const expected = leadOf(lead);
  if (!expected) return [REPLACEMENT, 1];
  const [more, low, high] = expected;
  let code = lead & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return [REPLACEMENT, i];
    code = (code << 6) | (byte & 0x3f);
  }
  return [code, more + 1];
};

/** Joins code units in batches. */
const createText = (): { push(unit: number): void; text(): string } => {
  let text = '';
  let units: number[] = [];
  const flush = (): void => {
    text += String.fromCharCode(...units);
    units = [];
  };
  return {
    push(unit) {
      units.push(unit);
      if (units.length === BATCH) flush();
    },
    text() {
      flush();
      return text;
    },
  };
};

/** UTF-8 to text without a host's decoder. Never fails: invalid bytes become U+FFFD as in the WHATWG decoder; a byte order mark is kept. */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  const out = createText();
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = decodeAt(bytes, at);
    at += length;
    if (code < 0x10000) out.push(code);
    else {
      out.push(0xd800 + ((code - 0x10000) >> 10));
      out.push(0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
  return out.text();
};

/** One character per byte, U+0000 to U+00FF. */
export const decodeLatin1 = (bytes: Uint8Array): string => {
  const out = createText();
  for (const byte of bytes) out.push(byte);
  return out.text();
};

/** Text to UTF-8 without a host's encoder. Lone surrogates become U+FFFD. */
export const encodeUtf8 = (text: string): Uint8Array => {
  // Three bytes per code unit is the most there can be: a pair of surrogates needs four.
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    let code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = REPLACEMENT;
    if (code < 0x80) bytes[length++] = code;
    else {
      const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[length++] = ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more));
      for (let i = more - 1; i >= 0; i--) bytes[length++] = 0x80 | ((code >> (6 * i)) & 0x3f);
    }
  }
  return bytes.slice(0, length);
};
