import { constant, enumeration, fields, int, line, optional, secret, text, texts, countedTexts, uint } from '../codec/index.js';
import { chunks, command, many, mapped, maybe, one, query, setting } from '../command/index.js';

const contentTypes = enumeration({ form: 0, json: 1, multipart: 2, xml: 3 });
const transports = enumeration({ unknown: 0, tcp: 1, tls: 2 });
const url = text({ max: 253 });
/** Headers may hold tokens. */
const headers = optional(secret(texts(10, { min: 1 })));
const counted = optional(secret(countedTexts(10, { min: 1 })));
const buffers = { send: optional(int(0, 10_240)), receive: optional(int(0, 10_240)), timeout: optional(int(0, 180_000)) };
const idle = 60_000;
const waiting = ({ timeout }: { readonly timeout?: number | undefined }): number => Math.max(idle, (timeout ?? 0) + 10_000);
const body = <const W extends string>(word: W) => line(word, fields({ length: uint }), { counted: 'length' });

const target = {
  contentType: contentTypes,
  url: optional(url),
  host: optional(text({ max: 128 })),
  path: optional(text({ max: 253 })),
  transport: optional(transports),
};
const answered = {
  name: 'AT+HTTPCLIENT',
  form: 'set',
  response: chunks(body('+HTTPCLIENT:')),
  result: 'stream',
  phase: 'counted',
  timeout: idle,
  source: 'document 000 §10.1',
} as const;

/**
 * Document 000 §10.1, whose syntax line omits the content type. Emits `{ length, payload }` for each chunk of the body, for `head` each header line.
 * `url`, or `host` and `path`. `headers` since 2.4, right behind `transport` (recorded on 4.1); `url` '' means AT+HTTPURLCFG. A status of 400 and above
 * is an ERROR with code 0x010a7000 + status after the body.
 */
export const request = command({
  ...answered,
  params: fields({ method: enumeration({ head: 1, get: 2, delete: 5 }), ...target, headers }),
  doc: 'Sends an HTTP request without data.',
});

/** Document 000 §10.1. As `request`, with `data` in the line. */
export const requestWithData = command({
  ...answered,
  kind: 'data',
  params: fields({ method: enumeration({ post: 3, put: 4 }), ...target, data: optional(text()), headers }),
  doc: 'Sends an HTTP request with data.',
});

/** The line of a response header or body chunk of 2.1 to 2.3: a header has a blank behind the comma that its length does not count. */
export const blankedBody = line('+HTTPCLIENT:', fields({ length: uint }), { counted: 'length', blank: true });

const source = 'FORMATS at_httpCmd; PROTOCOL section 7';

/** Not in the documents; since 2.1; later releases take sizes of buffers and `timeout` (ms) too. Emits the size in bytes that the server announces. */
export const size = command({
  name: 'AT+HTTPGETSIZE',
  form: 'set',
  params: fields({ url, ...buffers }),
  response: mapped(one(line('+HTTPGETSIZE:', fields({ size: uint }))), (found) => found.size),
  repeatable: true,
  timeout: waiting,
  doc: 'Size of a resource in bytes.',
  source,
});

/** Not in the documents; since 2.4. Emits `{ length, payload }` for each chunk; buffer sizes in bytes, `timeout` in ms. */
export const get = command({
  name: 'AT+HTTPCGET',
  form: 'set',
  params: fields({ url, ...buffers }),
  response: chunks(body('+HTTPCGET:')),
  result: 'stream',
  phase: 'counted',
  repeatable: true,
  timeout: waiting,
  doc: 'Gets a resource.',
  source,
});

const sending = {
  form: 'set',
  params: fields({ url, length: int(1, 0x7fffffff), headers: counted }),
  result: 'stream',
  phase: 'prompt',
  length: 'length',
  terminals: { success: ['SEND OK'], failure: ['SEND FAIL', 'ERROR'] },
  timeout: idle,
  source,
} as const;

/** Not in the documents; since 2.2. Takes `data` of `length` bytes, emits `{ length, payload }` for each chunk of the answer, ends with SEND OK. */
export const post = command({ name: 'AT+HTTPCPOST', ...sending, response: chunks(body('+HTTPCPOST:')), doc: 'Posts data.' });

/** Not in the documents; since 3.0. As `post`. */
export const put = command({ name: 'AT+HTTPCPUT', ...sending, response: chunks(body('+HTTPCPUT:')), doc: 'Puts data.' });

/** Not in the documents; since 2.4. Takes a URL of 8 to 8192 bytes as `data`: what commands with an empty `url` ask for. Ends with SET OK. */
export const longUrl = command({
  name: 'AT+HTTPURLCFG',
  form: 'set',
  params: fields({ length: int(8, 8192) }),
  phase: 'prompt',
  length: 'length',
  terminals: { success: ['SET OK'], failure: ['ERROR'] },
  timeout: 10_000,
  doc: 'Sets a URL of any length.',
  source,
});

/** Not in the documents; since 2.4. */
export const longUrlClear = setting('AT+HTTPURLCFG', fields({ length: constant('0') }), { kind: 'clear', doc: 'Clears the long URL.', source });

/** Not in the documents; since 2.4. `undefined` while none is set; `payload` is the URL. */
export const longUrlQuery = query('AT+HTTPURLCFG', maybe(body('+HTTPURLCFG:')), { doc: 'The long URL.', source });

/** Not in the documents; since 3.2. Takes one header `Name: value` as `data`; each adds one. */
export const header = command({
  name: 'AT+HTTPCHEAD',
  form: 'set',
  params: fields({ length: int(1, 0x7fff) }),
  phase: 'prompt',
  length: 'length',
  timeout: 10_000,
  doc: 'Adds a request header.',
  source,
});

/** Not in the documents; since 3.2. */
export const headersClear = setting('AT+HTTPCHEAD', fields({ length: constant('0') }), { kind: 'clear', doc: 'Clears the request headers.', source });

/** Not in the documents; since 3.2. Emits the headers that are set. */
export const headersQuery = query('AT+HTTPCHEAD', many(line('+HTTPCHEAD:', fields({ index: uint, header: text() }))), { doc: 'The request headers.', source });
