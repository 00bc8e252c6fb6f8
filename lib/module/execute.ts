import { Observable, type Subscriber } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import type { AllOptional, Command } from '../command/command.js';
import { commandKey } from '../command/command.js';
import { encodeCommand } from '../command/encodeCommand.js';
import type { Exchange } from '../exchange/exchange.js';
import type { Outcome, Request } from '../exchange/request.js';
import { outcomeError } from './outcomeError.js';

/** What goes with one command. */
export interface ExecOptions {
  /** The payload of a prompt command; its length must be the announced one. */
  readonly data?: Uint8Array | ByteSource;
  /** Commands of one lane keep their order, lanes are served in turn. Default `user`. */
  readonly lane?: string;
  /** Called when the command is written: from now on unsubscribing does not take it back. */
  readonly written?: () => void;
}

/** What a command without parameters takes; of one whose declaration is not known, anything. */
type Given<P> = unknown extends P ? P : keyof P extends never ? Readonly<Record<string, never>> : P;

/** Arguments after the command: parameters may be left out where every one may. */
export type ExecArguments<P> = AllOptional<P> extends true ? [params?: Given<P>, options?: ExecOptions] : [params: P, options?: ExecOptions];

/** What `module.exec` is: a typed key, its parameters, and the typed answer. */
export type Exec = <P, A>(command: Command<P, A>, ...args: ExecArguments<P>) => Observable<A>;

const usage = (code: string, message: string, command: string): AtError => new AtError({ kind: 'usage', code, message, details: { command } });

const unsupported = (exchange: Exchange, key: Command, parameter?: string): AtError => {
  const { name } = exchange.dialect;
  const what = parameter === undefined ? `${key.name} (${key.form})` : `parameter ${parameter} of ${key.name}`;
  return new AtError({
    kind: 'unsupported',
    code: parameter === undefined ? 'command' : 'parameter',
    message: `dialect ${name} has no ${what}`,
    details: { command: key.name, dialect: name, ...(parameter === undefined ? {} : { parameter }) },
  });
};

const has = (command: Command, parameter: string): boolean => Object.keys(command.params.spec).includes(parameter);

const learnSecrets = (exchange: Exchange, declared: Command, params: Readonly<Record<string, unknown>>): void => {
  for (const [name, field] of Object.entries(declared.params.spec)) {
    if (!field.secret) continue;
    for (const value of [params[name]].flat()) if (typeof value === 'string') exchange.redactor.learn(value);
  }
};

/** A request for the wire, or the error that is found before a byte is sent. */
export const requestFor = (exchange: Exchange, key: Command, params: Readonly<Record<string, unknown>>, options: ExecOptions & { internal?: boolean; strict?: boolean }): Request | AtError => {
  const declared = exchange.dialect.commands.get(commandKey(key));
  if (declared === undefined) return unsupported(exchange, key);
  const lacking = Object.keys(params).find((name) => params[name] !== undefined && has(key, name) && !has(declared, name));
  if (lacking !== undefined) return unsupported(exchange, key, lacking);
  const settings = options.internal === true ? exchange.settings : exchange.expected;
  const encoded = encodeCommand(declared, params, settings);
  if (encoded instanceof AtError) return encoded;
  const { data, lane = 'user', internal, strict } = options;
  // It is no line: CR LF behind it would make it data of the peer.
  if (declared.form === 'escape') return usage('escape', `${declared.name} is written by leaving what it leaves`, declared.name);
  const prompts = declared.length !== undefined;
  if (prompts && data === undefined) return usage('data', `${declared.name} needs data`, declared.name);
  if (!prompts && data !== undefined) return usage('data', `${declared.name} takes no data`, declared.name);
  if (data instanceof Uint8Array && data.length !== params[declared.length ?? '']) {
    return usage('length', `${declared.name}: ${String(data.length)} bytes of data, ${String(params[declared.length ?? ''])} announced`, declared.name);
  }
  learnSecrets(exchange, declared, params);
  const renew = (): Request | AtError => requestFor(exchange, key, params, options);
  return { declared, params, encoded, lane, settings, renew, ...(data === undefined ? {} : { data }), ...(internal === true ? { internal } : {}), ...(strict === true ? { strict } : {}) };
};

const conclude = (request: Request, outcome: Outcome, subscriber: Subscriber<unknown>): void => {
  const error = outcomeError(request, outcome);
  if (error !== undefined) return subscriber.error(error);
  if (request.declared.result === 'single' && request.declared.phase !== 'passthrough') {
    const value = request.declared.response.collect(outcome.items, outcome.free);
    if (value instanceof AtError) return subscriber.error(value);
    subscriber.next(value);
  }
  subscriber.complete();
};

interface Sender {
  sent: boolean;
}

/** Lets a command that does harm when repeated be written once; whoever did not get that far, or knows that nothing was executed, may try again. */
const once = (attempt: (sender: Sender) => Observable<unknown>, command: string): Observable<unknown> => {
  let holder: Sender | undefined;
  return new Observable((subscriber) => {
    if (holder !== undefined) return subscriber.error(usage('resubscribed', `${command} is not repeatable and was already sent by another subscription`, command));
    const sender: Sender = { sent: false };
    holder = sender;
    const free = (): void => {
      if (holder === sender) holder = undefined;
    };
    subscriber.add(() => {
      if (!sender.sent) free();
    });
    return attempt(sender).subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => {
        if (!sender.sent || (isAtError(error) && error.retry === 'safe')) free();
        subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    });
  });
};

/** The Observable behind `module.exec`. */
export const execute = (exchange: Exchange, key: Command, params: Readonly<Record<string, unknown>>, options: ExecOptions & { internal?: boolean; strict?: boolean } = {}): Observable<unknown> => {
  const attempt = (sender: Sender): Observable<unknown> =>
    new Observable<unknown>((subscriber) => {
      const request = requestFor(exchange, key, { ...params }, options);
      if (request instanceof AtError) return subscriber.error(request);
      let written: Request = request;
      return exchange.run(request).subscribe({
        next: (reply) => {
          if (reply.kind === 'sent') {
            sender.sent = true;
            options.written?.();
            written = reply.request;
          } else if (reply.kind === 'raw') subscriber.next(reply.line);
          else if (reply.kind === 'end') conclude(written, reply.outcome, subscriber);
          else if (written.declared.result === 'stream') {
            const { value, payload } = reply.item;
            subscriber.next(payload === undefined ? value : { ...value, payload });
          }
        },
        error: (error: unknown) => subscriber.error(error),
      });
    });
  return key.repeatable ? attempt({ sent: false }) : once(attempt, key.name);
};
