/** Subcategories of ERR CODE, bits 23 to 16 (document 000 §2.17). */
const subcategories: Readonly<Record<number, string>> = {
  0x00: 'OK',
  0x01: 'COMMON',
  0x02: 'NO_TERMINATOR',
  0x03: 'NO_AT',
  0x04: 'PARA_LENGTH',
  0x05: 'PARA_TYPE',
  0x06: 'PARA_NUM',
  0x07: 'PARA_INVALID',
  0x08: 'PARA_PARSE_FAIL',
  0x09: 'UNSUPPORT_CMD',
  0x0a: 'CMD_EXEC_FAIL',
  0x0b: 'CMD_PROCESSING',
  0x0c: 'CMD_OP_ERROR',
};

/** What the module gives as the reason of an ERROR while AT+SYSLOG=1. */
export interface ErrorCode {
  /** As on the wire: `0x01090000`. */
  readonly code: string;
  readonly category: number;
  readonly subcategory: string;
  /** Parameter index, needed and given counts, or the handler's own code, by subcategory. */
  readonly extension: number;
}

/** Decodes `0x01090000`. */
export const errorCode = (code: string): ErrorCode => {
  const value = Number.parseInt(code, 16);
  const sub = (value >>> 16) & 0xff;
  return { code, category: value >>> 24, subcategory: subcategories[sub] ?? `0x${sub.toString(16)}`, extension: value & 0xffff };
};
