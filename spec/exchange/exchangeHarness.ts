import type { Observable } from 'rxjs';
import { address, arranged, bareText, concealed, enumeration, fields, flag, int, line, mac, multiple, optional, secret, showSender, text, uint, when } from '../../lib/codec/index.js';
import { endpoint } from '../../lib/codec/endpoint.js';
import { command, counted, event, free, many, mapped, maybe, one, type AtEvent, type Command } from '../../lib/command/index.js';
import type { Capabilities } from '../../lib/dialects/capabilities.js';
import { dialect } from '../../lib/dialects/dialect.js';
import { createExchange } from '../../lib/exchange/createExchange.js';
import type { Unanswered } from '../../lib/exchange/exchange.js';
import type { Diagnostic, TraceEntry } from '../../lib/exchange/request.js';
import { execute, type ExecOptions } from '../../lib/module/execute.js';
import { requalify } from '../../lib/module/recovery.js';
import { scriptedLine, type ScriptedLine, type ScriptedLineConfig } from '../support/scriptedLine.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';

const about = { doc: 'for specifications', source: 'none' };
const cipmux = multiple;

/** Declarations of every kind, so that the exchange is judged without the tables of the SDK. */
export const at = command({ name: 'AT', form: 'execute', repeatable: true, timeout: 1000, ...about });
export const echo = command({ name: 'ATE', form: 'execute', params: fields({ enable: flag }), repeatable: true, effect: ({ enable }) => ({ echo: enable }), ...about });
export const act = command({ name: 'AT+ACT', form: 'set', params: fields({ value: int(0, 9) }), timeout: 3000, ...about });
export const mux = command({ name: 'AT+CIPMUX', form: 'set', params: fields({ enable: flag }), repeatable: true, effect: ({ enable }) => ({ cipmux: enable }), ...about });
export const muxQuery = command({ name: 'AT+CIPMUX', form: 'query', response: one(line('+CIPMUX:', fields({ enable: flag }))), repeatable: true, ...about });
export const modeQuery = command({ name: 'AT+CWMODE', form: 'query', response: one(line('+CWMODE:', fields({ mode: uint }))), repeatable: true, ...about });
export const version = command({ name: 'AT+GMR', form: 'execute', response: free, repeatable: true, ...about });
export const scan = command({ name: 'AT+CWLAP', form: 'execute', response: many(line('+CWLAP:(', fields({ ecn: uint, ssid: text(), rssi: int(-200, 0), bssid: mac, channel: uint }), { close: ')' })), result: 'stream', repeatable: true, timeout: 5000, ...about });
export const join = command({
  name: 'AT+CWJAP', form: 'set', params: fields({ ssid: text({ max: 32 }), password: secret(text({ max: 64 })) }), timeout: 20_000,
  reasons: [line('+CWJAP:', fields({ reason: enumeration({ timeout: 1, password: 2, 'not-found': 3, refused: 4 }) }))], ...about,
});
export const softAp = command({ name: 'AT+CWSAP', form: 'query', response: one(line('+CWSAP:', fields({ ssid: text(), password: concealed(text()), channel: int(1, 14) }))), repeatable: true, ...about });
export const close = command({ name: 'AT+CIPCLOSE', form: 'set', params: fields({ link: when(cipmux, int(0, 5)) }), ...about });
export const send = command({
  name: 'AT+CIPSEND', form: 'set', params: fields({ link: when(cipmux, int(0, 4)), length: int(1, 8192) }), phase: 'prompt', length: 'length', timeout: 5000,
  response: mapped(maybe(line('Recv ', fields({ received: uint }), { close: ' bytes' })), (found) => found?.received),
  terminals: { success: ['SEND OK'], failure: ['SEND FAIL', 'SEND Canceled', 'ERROR'] }, ...about,
});
export const sendLong = command({
  name: 'AT+CIPSENDL', form: 'set', params: fields({ length: int(1, 0x7fffffff) }), phase: 'prompt-stream', length: 'length', result: 'stream', timeout: 5000,
  response: many(line('+CIPSENDL:', fields({ sent: uint, received: uint }))),
  terminals: { success: ['SEND OK'], failure: ['SEND FAIL', 'SEND CANCELLED', 'ERROR'] }, ...about,
});
export const publish = command({
  name: 'AT+MQTTPUBRAW', form: 'set', params: fields({ topic: text(), length: int(0, 1024) }), phase: 'prompt', length: 'length',
  terminals: { success: ['+MQTTPUB:OK'], failure: ['+MQTTPUB:FAIL', 'ERROR'] }, ...about,
});
export const pull = command({
  name: 'AT+CIPRECVDATA', form: 'set', params: fields({ length: int(1, 0x7fffffff) }), phase: 'counted', timeout: 5000,
  response: counted(
    arranged(line('+CIPRECVDATA:', fields({ length: uint, address: when(showSender, address), port: when(showSender, uint) }), { counted: 'length', proof: true }), (found) => ({
      length: found.length,
      ...endpoint(found.address, found.port),
    })),
  ),
  ...about,
});
export const transparent = command({ name: 'AT+CIPSEND', form: 'execute', phase: 'passthrough', timeout: 3000, ...about });
export const transferMode = command({ name: 'AT+CIPMODE', form: 'set', params: fields({ passthrough: flag }), repeatable: true, effect: ({ passthrough }) => ({ cipmode: passthrough }), ...about });
export const restart = command({ name: 'AT+RST', form: 'execute', restarts: true, ...about });
/** Not in the dialect. */
export const absent = command({ name: 'AT+ABSENT', form: 'query', ...about });

const link = fields({ link: optional(int(0, 4)) });
const events = [
  event({ line: line('ready', fields({})), ...about }),
  event({ line: line('busy p...', fields({})), ...about }),
  event({ line: line('WIFI GOT IP', fields({})), ...about }),
  event({ line: line('CONNECT', fields({}), { lead: link }), ...about }),
  event({ line: line('CLOSED', fields({}), { lead: link }), ...about }),
  event({ line: line('password:', fields({ password: concealed(bareText) })), ...about }),
  event({
    name: '+IPD',
    line: line('+IPD,', fields({ link: optional(int(0, 4)), length: uint, address: optional(address), port: optional(uint) }), {
      counted: 'length', end: ':', anyLayout: [{ fields: 1, length: 0 }, { fields: 2, length: 1 }, { fields: 3, length: 0 }, { fields: 4, length: 1 }],
    }),
    ...about,
  }),
];

export const testDialect = dialect({
  name: 'v4',
  commands: [at, echo, act, mux, muxQuery, modeQuery, version, scan, join, softAp, close, send, sendLong, publish, pull, transparent, transferMode, restart],
  events,
  capabilities: {} as Capabilities,
});

/** What became of one subscription. */
export interface Result {
  readonly values: unknown[];
  error: unknown;
  completed: boolean;
  /** Virtual time of the end. */
  at: number | undefined;
  stop(): void;
}

export interface Bench {
  readonly scheduler: SteppedScheduler;
  readonly line: ScriptedLine;
  readonly exchange: ReturnType<typeof createExchange>;
  readonly events: AtEvent[];
  readonly diagnostics: Diagnostic[];
  readonly trace: TraceEntry[];
  readonly silences: Unanswered[];
  restarts: number;
  ended: unknown;
  exec(command: Command, params?: Readonly<Record<string, unknown>>, options?: ExecOptions & { internal?: boolean; strict?: boolean }): Result;
  watch(source: Observable<unknown>): Result;
  readonly timers: number;
}

/** An exchange over a scripted line in virtual time, resumed. */
export const bench = (config: Partial<ScriptedLineConfig> = {}): Bench => {
  const scheduler = new SteppedScheduler();
  const line = scriptedLine({ scheduler, ...config });
  const exchange = createExchange({ connection: line.connection, dialect: testDialect, scheduler });
  const watch = (source: Observable<unknown>): Result => {
    const result: Result = { values: [], error: undefined, completed: false, at: undefined, stop: () => subscription.unsubscribe() };
    const subscription = source.subscribe({
      next: (value) => result.values.push(value),
      error: (error: unknown) => Object.assign(result, { error, at: scheduler.frame }),
      complete: () => Object.assign(result, { completed: true, at: scheduler.frame }),
    });
    return result;
  };
  const built: Bench = {
    scheduler,
    line,
    exchange,
    events: [],
    diagnostics: [],
    trace: [],
    silences: [],
    restarts: 0,
    ended: undefined,
    exec: (key, params = {}, options = {}) => watch(execute(exchange, key, params, options)),
    watch,
    get timers() {
      return scheduler.actions.length;
    },
  };
  exchange.events.subscribe((value) => built.events.push(value));
  exchange.diagnostics.subscribe((value) => built.diagnostics.push(value));
  exchange.trace.subscribe((value) => built.trace.push(value));
  exchange.silences.subscribe((value) => built.silences.push(value));
  exchange.restarts.subscribe(() => (built.restarts += 1));
  exchange.ended.subscribe({ error: (error: unknown) => (built.ended = error), complete: () => (built.ended = 'completed') });
  exchange.resume();
  return built;
};

/** As the session does it: the line is proved, then commands go on. */
export const proving = (config: Partial<ScriptedLineConfig> = {}): Bench => {
  const all = bench(config);
  all.exchange.silences.subscribe((dead) => {
    all.exchange.pause();
    requalify(all.exchange, all.scheduler, dead).subscribe({ error: () => undefined, complete: () => all.exchange.resume() });
  });
  return all;
};

export const ok = '\r\nOK\r\n';
