import type { Fields, Spec, Values } from '../codec/fields.js';
import type { Line } from '../codec/line.js';
import type { Response } from './response.js';

/** The four forms of an AT command, and the bare `+++`. */
export type Form = 'test' | 'query' | 'set' | 'execute' | 'escape';

/**
 * What a command's exchange looks like.
 * `plain` lines, then OK or ERROR · `counted` a payload among them, proved by OK · `prompt` OK, `>`, exactly the announced bytes, a terminal ·
 * `prompt-stream` the same with progress lines, left by `+++` · `passthrough` OK, `>`, then a raw stream.
 */
export type Phase = 'plain' | 'counted' | 'prompt' | 'prompt-stream' | 'passthrough';

/** The settings of the module that the SDK and `decode` follow, because lines change with them. */
export interface ModuleSettings {
  readonly echo: boolean;
  readonly cipmux: boolean;
  readonly cipdinfo: boolean;
  readonly cipmode: boolean;
  readonly passive: boolean;
  readonly sysmsg: number;
  readonly syslog: boolean;
  readonly scanMask: number;
  /** AT+CIPSERVER=1. */
  readonly server: boolean;
  /** AT+MQTTUSERCFG, until AT+MQTTCLEAN. */
  readonly mqtt: boolean;
}

/** The settings of a module that has just booted (recorded on 2.0.0.0 and 4.1: echo on, everything else off). */
export const bootSettings: ModuleSettings = {
  echo: true,
  cipmux: false,
  cipdinfo: false,
  cipmode: false,
  passive: false,
  sysmsg: 0,
  syslog: false,
  scanMask: 0x7ff,
  server: false,
  mqtt: false,
};

/** What a declaration says; `command` fills in the rest. */
export interface CommandInit<P extends Spec, A, R extends 'single' | 'stream'> {
  /** As in the documents, `AT` included: `AT+CIPSEND`, `ATE`. */
  readonly name: string;
  readonly form: Form;
  /** Tells declarations apart that share name and form but not their parameters (CIPSTART for TCP and for UDP). */
  readonly kind?: string;
  readonly params: Fields<P>;
  readonly response: Response<A>;
  /** `single` emits the answer's value once, at the terminal; `stream` emits each line's value as it comes. */
  readonly result: R;
  readonly phase: Phase;
  /** Which parameter announces the payload's length; the data itself is given beside the parameters. */
  readonly length?: keyof P & string;
  /** An escape sequence that ends the payload before its length is reached (`\\0` of AT+CIPSENDEX). */
  readonly endsWith?: string;
  /** Lines that end the command well or badly, where they are not OK and ERROR. */
  readonly terminals?: { readonly success: readonly string[]; readonly failure: readonly string[] };
  /** Lines that say why it fails; the ERROR follows. */
  readonly reasons?: readonly Line[];
  /** Silence after which the answer is given up, in ms; may depend on the parameters. */
  readonly timeout: number | ((params: Values<P>) => number);
  /** Sending it twice does no harm: it may be retried, and shared by subscribers. */
  readonly repeatable: boolean;
  /** The module restarts after it: `ready` follows. */
  readonly restarts?: boolean;
  /** When it begins to, in ms after its OK; at once unless given. */
  readonly restartsIn?: (params: Values<P>) => number;
  /** Settings that hold once it has succeeded. */
  readonly effect?: (params: Values<P>) => Partial<ModuleSettings>;
  readonly esp32Only?: boolean;
  /** Names of events that follow from it and that the documents describe elsewhere; the catalogue adds those of the same section. */
  readonly events?: readonly string[];
  readonly doc: string;
  /** Where it is written: `document 000 §4.24; document 002 AT+CIPRECVDATA`. */
  readonly source: string;
}

/** A command, declared once: a typed key whose entry in the dialect encodes, frames, decodes and documents it. */
export interface Command<P = unknown, A = unknown, R extends 'single' | 'stream' = 'single' | 'stream'> extends Omit<CommandInit<Spec, unknown, R>, 'timeout' | 'effect'> {
  readonly timeout: (params: Readonly<Record<string, unknown>>) => number;
  readonly effect?: (params: Readonly<Record<string, unknown>>) => Partial<ModuleSettings>;
  /** Never present: carries the parameters' type. */
  readonly parameters?: P;
  /** Never present: carries the type of what it emits. */
  readonly emits?: A;
}

type Emitted<A, R> = R extends 'stream' ? (A extends readonly (infer I)[] ? I : A) : A;
type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];
type Defaults = 'result' | 'phase' | 'repeatable' | 'params' | 'response' | 'timeout';

/** Parameters of a command as a user gives them; a command without any takes none. */
export type Parameters<C> = C extends Command<infer P, unknown> ? P : never;
/** What a command emits. */
export type Emits<C> = C extends Command<unknown, infer A> ? A : never;
/** True for parameters that may all be left out. */
export type AllOptional<P> = Exclude<keyof P, Optional<P>> extends never ? true : false;

/** Silence after which a plain answer is given up, in ms. */
export const plainTimeout = 3000;

/** Declares a command. Left out: no parameters, no response lines, `single`, `plain`, 3 s, not repeatable. */
export const command = <const P extends Spec = Record<never, never>, A = undefined, const R extends 'single' | 'stream' = 'single'>(
  init: Omit<CommandInit<P, A, R>, Defaults> & Partial<Pick<CommandInit<P, A, R>, Defaults>>,
): Command<Values<P>, Emitted<A, R>, R> => {
  const { timeout = plainTimeout } = init;
  const none = { lines: [], collect: () => undefined, shape: 'none' } as const;
  return {
    params: { spec: {} },
    response: none,
    result: 'single' as R,
    phase: 'plain',
    repeatable: false,
    ...init,
    timeout: typeof timeout === 'number' ? () => timeout : (timeout as (params: Readonly<Record<string, unknown>>) => number),
  } as Command<Values<P>, Emitted<A, R>, R>;
};

/** The same command as another dialect has it: under the same name and form, with other fields, lines or limits. Types stay those of the key. */
export const variant = <C extends Command>(key: C, change: Partial<Pick<Command, 'params' | 'response' | 'phase' | 'timeout' | 'terminals' | 'reasons' | 'effect' | 'doc' | 'source'>>): C => ({ ...key, ...change });

/** The key of a command in tables: name and form, and the kind where they are shared. */
export const commandKey = ({ name, form, kind }: Pick<Command, 'name' | 'form' | 'kind'>): string =>
  kind === undefined ? `${name} ${form}` : `${name} ${form} ${kind}`;
