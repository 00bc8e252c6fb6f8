import { enterpriseReasons, httpReasons, mqttReasons } from './errorReasons.js';

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
  /** 1 is AT. */
  readonly category: number;
  readonly subcategory: string;
  /** Parameter index, needed and given counts, or the handler's own code, by subcategory. */
  readonly extension: number;
  /** Which parameter is wrong, counted from 0. */
  readonly parameter?: number;
  /** How many parameters the command needs, and how many came (2.0 only). */
  readonly needed?: number;
  readonly given?: number;
  /** The handler's code by name: `MQTT_NULL_LINK`, `EAP_CONN_FAILED`, `HTTP 404 Not Found`. */
  readonly reason?: string;
}

const handlerReason = (extension: number): string | undefined => {
  if (extension >= 0x6000 && extension < 0x7000) {
    const name = mqttReasons[extension - 0x6001];
    return name === undefined ? undefined : `MQTT_${name}`;
  }
  if (extension >= 0x7000 && extension < 0x8000) {
    const status = extension - 0x7000;
    // 4.1 gives the bare base when no connection came about.
    return status === 0 ? 'HTTP no connection' : `HTTP ${String(status)} ${httpReasons[status] ?? ''}`.trim();
  }
  const name = enterpriseReasons[extension - 0x8001];
  return name === undefined ? undefined : `EAP_${name}`;
};

const details = (sub: number, extension: number): Pick<ErrorCode, 'parameter' | 'needed' | 'given' | 'reason'> => {
  switch (sub) {
    case 0x04:
    case 0x05:
    case 0x08:
      return { parameter: extension };
    case 0x06:
      return { needed: extension >> 8, given: extension & 0xff };
    case 0x07:
      // The wire counts these from 1 (recorded: AT+CWMODE=9 is 0x01070001), against the document.
      return extension === 0 ? {} : { parameter: extension - 1 };
    case 0x0a: {
      const reason = handlerReason(extension);
      return reason === undefined ? {} : { reason };
    }
    default:
      return {};
  }
};

/** Decodes `0x01090000`. */
export const errorCode = (code: string): ErrorCode => {
  const value = Number.parseInt(code, 16);
  const sub = (value >>> 16) & 0xff;
  const extension = value & 0xffff;
  return { code, category: value >>> 24, subcategory: subcategories[sub] ?? `0x${sub.toString(16)}`, extension, ...details(sub, extension) };
};
