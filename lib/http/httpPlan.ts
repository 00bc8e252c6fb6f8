import { AtError } from '../../operators/atError.js';
import { encodeUtf8, decodeLatin1 } from '../../operators/utf8.js';
import { fromWire } from '../codec/wireText.js';
import { type Command, commandKey } from '../command/command.js';
import { encodeCommand } from '../command/encodeCommand.js';
import * as http from '../commands/http.js';
import type { AtModule } from '../module/atModule.js';
import type { ExecOptions } from '../module/execute.js';
import type { HttpBody, HttpRequest } from './httpTypes.js';

/** One command of a request. */
export interface HttpCall {
  readonly command: Command;
  readonly params: Readonly<Record<string, unknown>>;
  readonly data?: NonNullable<ExecOptions['data']>;
}

/** How a request is made of commands. */
export interface HttpPlan {
  /** Goes through AT+HTTPURLCFG before; `request` names none then. */
  readonly longUrl?: Uint8Array;
  /** Go through AT+HTTPCHEAD before. */
  readonly stored: readonly Uint8Array[];
  /** Address of AT+HTTPGETSIZE, where it is asked. */
  readonly size?: string;
  readonly request: HttpCall;
}

const usage = (code: string, message: string): AtError => new AtError({ kind: 'usage', code, message });
const unsupported = (message: string): AtError => new AtError({ kind: 'unsupported', code: 'parameter', message });

const mediaTypes = { form: 'application/x-www-form-urlencoded', json: 'application/json', multipart: 'multipart/form-data', xml: 'text/xml' } as const;

const wrong = ({ url, headers = {}, method, body }: HttpRequest): AtError | undefined => {
  if (!/^https?:\/\/[^/?#\s]/i.test(url)) return usage('url', 'the URL must be absolute: http: or https:');
  if (/[\0-\x20\x7f]/.test(url)) return usage('url', 'the URL holds a blank or a control character');
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return usage('header', 'a header name holds characters that none may have');
    if (/[\r\n\0]/.test(value)) return usage('header', `header ${name} holds CR, LF or NUL`);
  }
  return body !== undefined && method !== 'post' && method !== 'put' ? usage('body', `${method} takes no body`) : undefined;
};

const declaredOf = ({ dialect }: AtModule, command: Command): Command | undefined => dialect.commands.get(commandKey(command));
const has = (module: AtModule, command: Command): boolean => declaredOf(module, command) !== undefined;
const takes = (module: AtModule, command: Command, parameter: string): boolean => parameter in (declaredOf(module, command)?.params.spec ?? {});

const fits = (module: AtModule, { command, params }: HttpCall): boolean => {
  const declared = declaredOf(module, command);
  return declared !== undefined && !(encodeCommand(declared, params, module.settings) instanceof AtError);
};

const lengthOf = (body: Exclude<HttpBody, string>): number => body.length;

interface Place {
  readonly url: string;
  readonly headers: readonly string[];
}

/** AT+HTTPCLIENT: tells the status, and holds a body of a line's length without CR, LF and NUL. */
const inLine = (module: AtModule, { method, contentType = 'form', url: { length: _, ...scheme }, body }: { method: HttpRequest['method']; contentType?: HttpRequest['contentType']; url: { length: number; tls: boolean }; body: Uint8Array | undefined }, { url, headers }: Place): HttpCall | undefined => {
  const common = { method, contentType, url, transport: scheme.tls ? 'tls' : 'tcp', ...(headers.length === 0 ? {} : { headers }) };
  if (method !== 'post' && method !== 'put') return { command: http.request, params: common };
  return { command: http.requestWithData, params: { ...common, data: body === undefined ? '' : fromWire(decodeLatin1(body)) } };
};
