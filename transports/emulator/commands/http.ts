import { of } from 'rxjs';
import { error, ok, text, type Outcome } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { headerOf } from '../applications/httpClient.js';
import { bytesOf, textOf } from '../format.js';
import type { HttpHeader, HttpRequest } from '../network/httpClient.js';
import { collect } from '../tcpip/collect.js';
import { counted, demand } from './shared.js';
import { passOn } from './httpUpload.js';
import { addressed, codeOf, ended, fetched, headed, httpRefused, sized } from './httpShared.js';

const methods = ['HEAD', 'GET', 'POST', 'PUT', 'DELETE'] as const;
const contentTypes = ['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data', 'text/xml'] as const;
/** How long a server may be silent where the command does not say, in milliseconds. */
const patience = 5000;

/** AT+HTTPCLIENT: one request whose body, if it has one, stands in the line. */
const client: Handler = (call) => {
  const { args, device } = call;
  const old = device.profile.release < 22;
  counted(call, 2, old ? 7 : 32);
  const method = methods[args.int(0) - 1];
  const contentType = contentTypes[args.int(1)];
  // Empty between others they are left out; the first one that is not there at all names itself.
  const part = (index: number): string => (index < args.count ? args.maybeText(index, '') : args.text(index));
  const [url, host, path] = [part(2), part(3), part(4)];
  const transport = args.int(5);
  if (method === undefined || contentType === undefined || transport < (old ? 0 : 1) || transport > 2) return httpRefused();
  // The data of a PUT came later than that of a POST.
  const carries = method === 'POST' || (method === 'PUT' && !old);
  const body = carries ? args.maybeText(6, '') : '';
  const headers = Array.from({ length: Math.max(0, args.count - (carries ? 7 : 6)) }, (_, index) => args.text(index + (carries ? 7 : 6)));
  const request: HttpRequest = {
    method,
    url: addressed(call, url, host === '' ? '' : `${transport === 2 ? 'https' : 'http'}://${host}${path.startsWith('/') ? '' : '/'}${path}`),
    headers: headed(call, headers, [['Content-Type', contentType]]),
    ...(carries ? { body: bytesOf(body) } : {}),
  };
  return ended(fetched(call, request, 2048, patience), (status) => (status < 400 ? ok() : error(codeOf(status))), error(codeOf(0)));
};

/** `[,<tx>][,<rx>][,<timeout>]`. */
const readBuffers = ({ args }: Call): { readonly rx: number; readonly timeout: number } => {
  args.maybeInt(1, 2048, { min: 0, max: 10_240 });
  return { rx: args.maybeInt(2, 2048, { min: 0, max: 10_240 }) || 2048, timeout: args.maybeInt(3, patience, { min: 0, max: 180_000 }) || patience };
};

const get: Handler = (call) => {
  counted(call, 1, 4);
  const url = addressed(call, call.args.text(0), '');
  const { rx, timeout } = readBuffers(call);
  return ended(fetched(call, { method: 'GET', url, headers: headed(call, [], []) }, rx, timeout), (status) => (status < 400 ? ok() : error(codeOf(status))), error(codeOf(0)));
};

const getSize: Handler = (call) => {
  counted(call, 1, call.device.profile.release < 30 ? 1 : 4);
  const url = addressed(call, call.args.text(0), '');
  const { timeout } = readBuffers(call);
  const done = (size: number): Outcome => {
    // A missing page has a size too (4.1): no status is an error here.
    call.print(`${call.name}:${size}\r\n`);
    return ok();
  };
  return ended(sized(call, { method: 'HEAD', url, headers: headed(call, [], []) }, timeout), done, error(codeOf(0)));
};

/** AT+HTTPCPOST and AT+HTTPCPUT: the body comes after the prompt, and goes on to the server as it comes. */
const send = (method: 'POST' | 'PUT'): Handler => (call) => {
  const { args, device } = call;
  counted(call, 2, 32);
  const url = addressed(call, args.text(0), '');
  const length = args.int(1, { min: 1, max: 0x7fffffff });
  const count = args.maybeInt(2, 0, { min: 0, max: 29 });
  demand(args.count === (args.has(2) ? 3 + count : 2), call);
  const lines = Array.from({ length: count }, (_, index) => args.text(3 + index));
  const headers = headed(call, lines, [['Content-Type', contentTypes[0]]]);
  const sent = (good: boolean): Outcome => text(good ? '\r\nSEND OK\r\n' : '\r\nSEND FAIL\r\n');
  const phase = passOn(device, length, patience, sent(false), (body, held) =>
    ended(fetched(call, { method, url, headers, body }, 2048, patience, held), (status) => sent(status < 400), sent(false)),
  );
  return { kind: 'prompt', ...phase };
};

const setUrl: Handler = (call) => {
  const { device } = call;
  counted(call, 1, 1);
  const length = call.args.int(0, { min: 0, max: 8192 });
  if (length === 0) {
    device.applications.http.url = '';
    return ok();
  }
  demand(length >= 8, call);
  const phase = collect(device, length, (bytes) => {
    device.applications.http.url = textOf(bytes);
    return of(text('\r\nSET OK\r\n'));
  });
  return { kind: 'prompt', ...phase };
};

const setHeader: Handler = (call) => {
  const { http } = call.device.applications;
  counted(call, 1, 1);
  const length = call.args.int(0, { min: 0, max: 4096 });
  if (length === 0) {
    http.headers = [];
    return ok();
  }
  const phase = collect(call.device, length, (bytes) => {
    const line = textOf(bytes);
    const header: HttpHeader | undefined = headerOf(line);
    if (header === undefined) return of(error());
    http.headers = [...http.headers, line];
    return of(ok());
  });
  return { kind: 'prompt', ...phase };
};

export const http: readonly Row[] = [
  { name: '+HTTPCLIENT', group: 'http', set: client },
  { name: '+HTTPGETSIZE', group: 'http', since: 21, set: getSize },
  {
    name: '+HTTPURLCFG', group: 'http', since: 24,
    query: ({ device, name, print }) => {
      const { url } = device.applications.http;
      if (url !== '') print(`${name}:${url.length},${url}`);
      return ok();
    },
    set: setUrl,
  },
  {
    name: '+HTTPCHEAD', group: 'http', since: 32,
    query: ({ device, name, print }) => {
      device.applications.http.headers.forEach((line, index) => print(`${name}:${index},"${line}"\r\n`));
      return ok();
    },
    set: setHeader,
  },
  { name: '+HTTPCGET', group: 'http', since: 24, set: get },
  { name: '+HTTPCPOST', group: 'http', since: 22, set: send('POST') },
  { name: '+HTTPCPUT', group: 'http', since: 30, set: send('PUT') },
  {
    name: '+HTTPCFG', group: 'http', since: 41,
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, 3);
      const authMode = args.int(0, { min: 0, max: 3 }) as 0 | 1 | 2 | 3;
      device.applications.http.tls = {
        authMode, pkiNumber: args.maybeInt(1, 0, { min: 0, max: 1 }), caNumber: args.maybeInt(2, 0, { min: 0, max: 1 }),
      };
      return ok();
    },
  },
];
