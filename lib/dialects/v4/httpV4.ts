import { enumeration, optional } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as http from '../../commands/http.js';
import { limited } from '../limited.js';

const transport = optional(enumeration({ tcp: 1, tls: 2 }));

/** AT+HTTPCLIENT. */
export const requestsV4: readonly Command[] = [limited(http.request, { transport }), limited(http.requestWithData, { transport })];

/** `v4`: document 000 chapter 10, and the commands that came after it. */
export const httpV4: readonly Command[] = [
  ...requestsV4,
  http.size,
  http.get,
  http.post,
  http.put,
  http.longUrl,
  http.longUrlClear,
  http.longUrlQuery,
  http.header,
  http.headersClear,
  http.headersQuery,
];
