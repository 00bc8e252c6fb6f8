import { AtError } from '../../operators/atError.js';
import { decodeLatin1, encodeUtf8 } from '../../operators/utf8.js';
import { fromWire } from '../codec/wireText.js';
import { type Command, commandKey } from '../command/command.js';
import { encodeCommand, lineLimit } from '../command/encodeCommand.js';
import * as http from '../commands/http.js';
import type { AtModule } from '../module/atModule.js';
import type { ExecOptions } from '../module/execute.js';
import { checkRequest } from './checkRequest.js';
import type { HttpBody, HttpRequest } from './httpTypes.js';

/** One command of a request. */
export interface HttpCall {
  readonly command: Command;
  readonly params: Readonly<Record<string, unknown>>;
  readonly data?: NonNullable<ExecOptions['data']>;
}

/** How a request is made of commands. */
export interface HttpPlan {
  /** Goes through AT+HTTPURLCFG before; the command itself names none then. */
  readonly longUrl?: Uint8Array;
  /** Go through AT+HTTPCHEAD before. */
  readonly stored: readonly Uint8Array[];
  /** The address for AT+HTTPGETSIZE, where it is asked. */
  readonly size?: string;
  readonly call: HttpCall;
}

/** Where address and headers stand: in the command's line, or set before it. */
interface Place {
  readonly url: boolean;
  readonly headers: boolean;
}

/** The least setting up first. */
const places: readonly Place[] = [
  { url: true, headers: true },
  { url: true, headers: false },
  { url: false, headers: true },
  { url: false, headers: false },
];

const mediaTypes = { form: 'application/x-www-form-urlencoded', json: 'application/json', multipart: 'multipart/form-data', xml: 'text/xml' } as const;

const unsupported = (message: string): AtError => new AtError({ kind: 'unsupported', code: 'parameter', message });
const tooLong = ({ dialect }: AtModule, length: number): AtError =>
  new AtError({
    kind: 'usage',
    code: 'line-limit',
    message: `dialect ${dialect.name} sends this body in a line of ${String(lineLimit)} bytes, which ${String(length)} bytes do not fit`,
    details: { length, limit: lineLimit },
  });
const declaredOf = ({ dialect }: AtModule, command: Command): Command | undefined => dialect.commands.get(commandKey(command));
const has = (module: AtModule, command: Command): boolean => declaredOf(module, command) !== undefined;
/** Before AT 2.2 there are no headers, and the data of a PUT came with them. */
const takesHeaders = (module: AtModule): boolean => 'headers' in (declaredOf(module, http.requestWithData)?.params.spec ?? {});

const fits = (module: AtModule, { command, params }: HttpCall): boolean => {
  const declared = declaredOf(module, command);
  return declared !== undefined && !(encodeCommand(declared, params, module.settings) instanceof AtError);
};

const headersOf = ({ headers = {} }: HttpRequest): readonly string[] => Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
const given = (headers: readonly string[]): { readonly headers?: readonly string[] } => (headers.length === 0 ? {} : { headers });

const bytesOf = (body: HttpBody | undefined): Exclude<HttpBody, string> | undefined => {
  if (typeof body === 'string') return encodeUtf8(body);
  return body?.length === 0 ? new Uint8Array(0) : body;
};

/** AT+HTTPCLIENT: it alone tells the status. The body is part of the line, which takes no CR, LF and NUL. */
const inLine = (request: HttpRequest, place: Place, body: Uint8Array | undefined): HttpCall => {
  const { method, url, contentType = 'form' } = request;
  const transport = /^https/i.test(url) ? ('tls' as const) : ('tcp' as const);
  const params = { method, contentType, url: place.url ? url : '', transport, ...given(place.headers ? headersOf(request) : []) };
  if (method !== 'post' && method !== 'put') return { command: http.request, params };
  return { command: http.requestWithData, params: { ...params, data: body === undefined ? '' : fromWire(decodeLatin1(body)) } };
};

/** AT+HTTPCPOST, AT+HTTPCPUT: the body behind a prompt. */
const prompted = (request: HttpRequest, place: Place, body: Exclude<HttpBody, string>): HttpCall => {
  const { method, url, contentType = 'form', headers = {} } = request;
  const own = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const typed = contentType === 'form' || own ? [] : [`Content-Type: ${mediaTypes[contentType]}`];
  const lines = [...typed, ...(place.headers ? headersOf(request) : [])];
  const params = { url: place.url ? url : '', length: body.length, ...given(lines) };
  return { command: method === 'put' ? http.put : http.post, params, data: body instanceof Uint8Array ? body : body.source };
};

/** What a dialect has to offer for a request, or why it cannot be made. What no line holds is left to the command itself to refuse. */
export const httpPlan = (module: AtModule, request: HttpRequest): HttpPlan | AtError => {
  const wrong = checkRequest(request);
  if (wrong !== undefined) return wrong;
  const { method, url, progress = false } = request;
  const body = bytesOf(request.body);
  const headers = headersOf(request);
  const storing = headers.length > 0 && has(module, http.header);
  const sizing = progress && method === 'get' && has(module, http.size) && (headers.length === 0 || storing);
  if (headers.length > 0 && !storing && !takesHeaders(module)) return unsupported(`dialect ${module.dialect.name} has no request headers`);
  if (method === 'put' && body !== undefined && body.length > 0 && !takesHeaders(module)) return unsupported(`dialect ${module.dialect.name} sends no data with PUT`);

  const prompt = method === 'put' ? http.put : http.post;
  const long = body !== undefined && body.length >= lineLimit;
  if (long && !has(module, prompt)) return tooLong(module, body.length);

  const encoded = encodeUtf8(url);
  const storable = encoded.length >= 8 && encoded.length <= 8192 && has(module, http.longUrl);
  const possible = places.filter((place) => (place.url || storable) && (place.headers ? !sizing || headers.length === 0 : storing));
  // A body longer than a line is not tried in one: it may be megabytes.
  const inLines = !long && (body === undefined || body instanceof Uint8Array) ? possible.map((place) => ({ place, call: inLine(request, place, body) })) : [];
  // Tried last: it tells no status.
  const streamed = body !== undefined && body.length > 0 ? possible.map((place) => ({ place, call: prompted(request, place, body) })) : [];
  const candidates = [...inLines, ...streamed];
  const chosen = candidates.find(({ call }) => fits(module, call)) ?? candidates[0];
  if (chosen === undefined) return unsupported(`dialect ${module.dialect.name} cannot make this request`);
  const { place, call } = chosen;
  return {
    ...(place.url ? {} : { longUrl: encoded }),
    stored: place.headers ? [] : headers.map(encodeUtf8),
    ...(sizing ? { size: place.url ? url : '' } : {}),
    call,
  };
};
