import { AtError, isAtError, type Retry } from '../../operators/atError.js';
import type { ErrorCode } from '../codec/errorCode.js';
import type { HttpMethod } from './httpTypes.js';

const base = 0x7000;
/** The server did not do it, and says that it may later. */
const later: readonly number[] = [408, 425, 429, 503];

/** The HTTP status in an `ERR CODE:0x010a7xxx`, 0 where no response came; `undefined` where no code tells. */
const statusIn = ({ details }: AtError): number | undefined => {
  const codes = (details['codes'] ?? []) as readonly ErrorCode[];
  const found = codes.find(({ subcategory, extension }) => subcategory === 'CMD_EXEC_FAIL' && extension >= base && extension < base + 0x1000);
  return found === undefined ? undefined : found.extension - base;
};

const retryOf = (method: HttpMethod, status: number, received: number): Retry => {
  if (status >= 400 && status < 500 && !later.includes(status)) return 'never';
  if (status === 0 && received > 0) return 'unknown';
  return method !== 'post' || later.includes(status) ? 'safe' : 'unknown';
};

/** What a failed command says about its HTTP exchange, where the module gives a code; any other error as it is. */
export const httpError = (cause: unknown, method: HttpMethod, received: number): unknown => {
  const status = isAtError(cause) ? statusIn(cause) : undefined;
  if (status === undefined) return cause;
  const retry = retryOf(method, status, received);
  return status === 0
    ? new AtError({ kind: 'link', code: 'no-response', message: 'no complete HTTP response', retry, cause, details: { method, received } })
    : new AtError({ kind: 'link', code: 'status', message: `the server answered ${String(status)}`, retry, cause, details: { method, status, received } });
};
