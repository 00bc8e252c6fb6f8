import { map, type Observable, type SchedulerLike, tap } from 'rxjs';
import { emulator, type Emulator, type EmulatorConfig } from 'rx-esp-at/emulator';
import { isAtError, type AtError } from '../../operators/atError.js';
import type { Field } from '../../lib/codec/field.js';
import { presentFields } from '../../lib/codec/fields.js';
import type { AtEvent, Command } from '../../lib/command/index.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { type AtModule, type ModuleConfig, openModule } from '../../lib/index.js';
import type { Connection, Transport } from '../../lib/transport.js';
import { inMemoryNetwork, type InMemoryNetwork, type InMemoryNetworkConfig } from '../../transports/emulator/network/index.js';
import { SteppedScheduler } from './steppedScheduler.js';

/** The dialects whose every entry is enumerated, and the release that answers for each. */
export const releases = { v2: '2.1.0', v4: '4.1.0' } as const;
export type Base = keyof typeof releases;
export type Params = Readonly<Record<string, unknown>>;

/** What surrounds the module of a case. */
export interface Setup {
  /** Or what makes it, where brokers and servers need the clock. */
  readonly emulator?: EmulatorConfig | ((scheduler: SchedulerLike) => EmulatorConfig);
  readonly network?: Omit<InMemoryNetworkConfig, 'scheduler'>;
  readonly module?: Omit<ModuleConfig, 'scheduler'>;
  /** What a former host wrote before the SDK opened the port. */
  readonly former?: readonly string[];
}

/** How a command went: what it emitted, then how it ended. */
export interface Outcome {
  readonly values: readonly unknown[];
  readonly error?: AtError;
}

export const wireBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const wireText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** The longest a command may take in virtual time, in ms. */
const patience = 200_000;

/** An emulated module opened by the SDK, in virtual time, with a second way to the wire that knows nothing of the SDK. */
export class Rig {
  readonly scheduler = new SteppedScheduler();
  readonly network: InMemoryNetwork;
  readonly emulator: Emulator;
  readonly module: AtModule;
  /** Everything the module said by itself, as the SDK reads it. */
  readonly events: AtEvent[] = [];
  private connection: Connection | undefined;
  private heard = '';

  constructor(base: Base, { emulator: around, network, module, former }: Setup = {}) {
    this.network = inMemoryNetwork({ ...network, scheduler: this.scheduler });
    this.emulator = emulator({ firmware: releases[base], network: this.network, ...(typeof around === 'function' ? around(this.scheduler) : around), scheduler: this.scheduler });
    if (former !== undefined) this.precede(former);
    const { values, error } = this.take(openModule(this.tapped(), { multiple: false, ...module, scheduler: this.scheduler }), false);
    if (error !== undefined) throw error;
    this.module = values[0] as AtModule;
    this.module.events.subscribe((event) => this.events.push(event));
  }

  /** Executes a command of the SDK to its end. */
  exec(command: Command, params: Params = {}, data?: Uint8Array): Outcome {
    return this.take(this.module.exec(command as Command<Params, unknown>, params, data === undefined ? {} : { data }), true);
  }

  /** Writes a line beside the SDK and gives what came back, echo and outer line ends taken off. */
  wire(line: string, ms = 400): string {
    return this.bytes(`${line}\r\n`, ms);
  }

  /** Writes bytes beside the SDK. */
  bytes(text: string, ms = 400): string {
    this.heard = '';
    this.connection?.write(wireBytes(text)).subscribe();
    this.scheduler.advance(ms);
    return this.heard.replace(text, '').replace(/^(\r\n)+|(\r\n)+$/g, '');
  }

  /** What came since the last write beside the SDK, as it stood on the wire. */
  get printed(): string {
    return this.heard;
  }

  /** Lets virtual time pass. */
  wait(ms: number): void {
    this.scheduler.advance(ms);
  }

  /** Subscribes to anything and collects what it emits, without waiting. */
  watch<T>(source: Observable<T>): readonly T[] {
    const seen: T[] = [];
    source.subscribe((value) => seen.push(value));
    return seen;
  }

  private precede(lines: readonly string[]): void {
    const port = this.tapped().open().subscribe();
    for (const line of lines) this.wire(line, 1500);
    port.unsubscribe();
  }

  private take(source: Observable<unknown>, toEnd: boolean): Outcome {
    const values: unknown[] = [];
    let done = false;
    let error: unknown;
    source.subscribe({
      next: (value) => {
        values.push(value);
        if (!toEnd) done = true;
      },
      error: (cause: unknown) => {
        error = cause;
        done = true;
      },
      complete: () => (done = true),
    });
    const end = this.scheduler.frame + patience;
    for (let step = 1; !done; step = Math.min(step + 1, 100)) {
      if (this.scheduler.frame >= end) throw new Error(`no end after ${String(patience)} ms`);
      this.scheduler.advance(step);
    }
    if (error === undefined) return { values };
    if (!isAtError(error)) throw error;
    return { values, error };
  }

  private tapped(): Transport {
    const watched = (connection: Connection): Connection => {
      this.connection = connection;
      const { hold, drained, control } = connection;
      return {
        incoming: connection.incoming.pipe(tap((bytes) => (this.heard += wireText(bytes)))),
        write: (bytes) => connection.write(bytes),
        ...(hold === undefined ? {} : { hold }),
        ...(drained === undefined ? {} : { drained }),
        ...(control === undefined ? {} : { control }),
      };
    };
    return { open: () => this.emulator.open().pipe(map(watched)) };
  }
}

/** One case of an entry. */
export interface Case extends Setup {
  /** The only dialect it is for. */
  readonly for?: Base;
  /** Runs before there is a module. */
  readonly fresh?: () => void;
  /** Lines that another host writes first: nothing of the SDK encodes them. */
  readonly given?: readonly string[];
  /** What happens around the module before the command. */
  readonly before?: (rig: Rig) => void;
  readonly params?: Params;
  /** Payload, one character per byte. */
  readonly data?: string;
  /** The value of a `single` command; of a `stream` every one. Left out: `undefined`, or nothing. */
  readonly expect?: unknown;
  /** The documented error instead, by `toMatchObject`. */
  readonly refused?: object;
  /** What another host then reads: query lines and their answers without `OK`. */
  readonly tells?: Readonly<Record<string, string>>;
  readonly after?: (rig: Rig) => void;
  /** The ends of parameters, or of these, are tried on this case; where no case says so, on the first. */
  readonly edges?: true | readonly string[];
}

/** What a limit of a parameter comes to where the first case's other parameters do not fit it. */
export interface Limit {
  readonly for?: Base;
  /** Other parameters it needs beside those of the first case; `undefined` leaves one out. */
  readonly with?: Params;
  /** Why the module refuses it although the declaration takes it. */
  readonly refused?: string;
  /** Why it cannot be tried here. */
  readonly untried?: string;
}

/** An entry of a dialect: its cases, the first of them the ground on which every limit is tried. */
export interface Entry {
  readonly cases: readonly Case[];
  /** By `parameter=value`; texts by `parameter#length`. */
  readonly limits?: Readonly<Record<string, Limit>>;
}

export type Table = Readonly<Record<string, Entry>>;

/** The same case joined to the default access point. */
export const joining = ['AT+CWMODE=1', 'AT+CWJAP="Espressif",""'] as const;

export const casesOf = (entry: Entry, base: Base): readonly Case[] => entry.cases.filter((row) => row.for === undefined || row.for === base);

/** A module that stands where a case begins. */
export const stand = (row: Case, base: Base): Rig => {
  row.fresh?.();
  const rig = new Rig(base, row);
  for (const line of row.given ?? []) {
    const answer = rig.wire(line);
    if (!/(?:^|\n)OK(?:\r\n|$)/.test(answer)) throw new Error(`${line}: ${answer}`);
  }
  row.before?.(rig);
  return rig;
};

const told = (answer: string): string => answer.replace(/(?:\r\n)+/g, '\n');

/** Runs a case and checks it. */
export const check = (declared: Command, row: Case, base: Base): void => {
  const rig = stand(row, base);
  const { values, error } = rig.exec(declared, row.params, row.data === undefined ? undefined : wireBytes(row.data));
  if (row.refused !== undefined) expect(error).toMatchObject(row.refused);
  else {
    expect(error).toBeUndefined();
    expect(values).toEqual(declared.result === 'single' ? [row.expect] : (row.expect ?? []));
  }
  for (const [line, answer] of Object.entries(row.tells ?? {})) expect([line, told(rig.wire(line))]).toEqual([line, answer === '' ? 'OK' : `${answer}\nOK`]);
  row.after?.(rig);
};

/** A value of a parameter at one of its ends, or beyond it. */
interface Edge {
  readonly label: string;
  readonly value: unknown;
}

const edgesOf = (name: string, field: Field<unknown>): { readonly within: readonly Edge[]; readonly beyond: readonly Edge[] } => {
  const { type, min, max, maxBytes, values } = field.facts;
  const edge = (value: unknown): Edge => ({ label: `${name}=${String(value)}`, value });
  const long = (value: string): Edge => ({ label: `${name}#${String(value.length)}`, value });
  const sort = (edges: readonly Edge[]): { within: Edge[]; beyond: Edge[] } => ({
    within: edges.filter(({ value }) => field.codec.is(value)),
    beyond: edges.filter(({ value }) => !field.codec.is(value)),
  });
  if (field.constant !== undefined || field.rest === true) return { within: [], beyond: [] };
  if (values !== undefined) return sort([...Object.keys(values).map(edge), edge('none of them')]);
  if (type === 'flag') return sort([edge(false), edge(true), edge('1')]);
  if (type === 'integer' && typeof min === 'number' && typeof max === 'number' && !field.codec.is('1')) {
    return sort([...new Set([min, max, min - 1, max + 1, min + 0.5, Number.NaN])].map(edge));
  }
  if (type === 'integer') return sort(['0', String(max), String((max ?? 0) + 1)].map(edge));
  if (type === 'hex') return sort(['', '0f'.repeat((maxBytes ?? 0) / 2), '0f'.repeat((maxBytes ?? 0) / 2 + 1), '0'].map(long));
  if (type === 'mac') return sort([edge('02:00:00:00:00:fe'), edge('02:00:00:00:00'), edge('02:00:00:00:00:0g')]);
  if (type === 'address') return sort([edge('10.9.8.7'), edge('nowhere')]);
  const shortest = Array.from({ length: 17 }, (_, length) => 'x'.repeat(length)).find((value) => field.codec.is(value)) ?? '';
  const ends = [shortest, ...(shortest === '' ? [] : [shortest.slice(1)]), ...(maxBytes === undefined ? [] : ['x'.repeat(maxBytes), 'x'.repeat(maxBytes + 1)])];
  return sort([...[...new Set(ends)].map(long), edge('a\rb')]);
};

const withParams = (row: Case, limit: Limit | undefined, name: string, value: unknown): Params =>
  Object.fromEntries(Object.entries({ ...row.params, ...limit?.with, [name]: value }).filter(([, given]) => given !== undefined));

const payloadOf = (declared: Command, params: Params): Uint8Array | undefined =>
  declared.length === undefined ? undefined : new Uint8Array(Number(params[declared.length])).fill(0x78);

const tried = ({ edges }: Case, name: string): boolean => edges === undefined || edges === true || edges.includes(name);

const groundsOf = (entry: Entry, base: Base): readonly Case[] => {
  const rows = casesOf(entry, base).filter(({ refused }) => refused === undefined);
  const marked = rows.filter(({ edges }) => edges !== undefined);
  return marked.length > 0 ? marked : rows.slice(0, 1);
};

/** Every end of every parameter is taken by the module, or refused for a reason that is listed. */
export const checkLimits = (declared: Command, entry: Entry, base: Base): void => {
  const limits = Object.fromEntries(Object.entries(entry.limits ?? {}).filter(([, limit]) => limit.for === undefined || limit.for === base));
  const used = new Set<string>();
  for (const row of groundsOf(entry, base)) {
    const { settings } = stand(row, base).module;
    for (const [name, field] of presentFields(declared.params, settings)) {
      for (const { label, value } of tried(row, name) ? edgesOf(name, field).within : []) {
        const limit = limits[label];
        used.add(label);
        if (limit?.untried !== undefined) continue;
        const params = withParams(row, limit, name, value);
        const { error } = stand(row, base).exec(declared, params, payloadOf(declared, params));
        const ended = error === undefined ? 'accepted' : error.code === 'line-limit' ? 'over the line limit' : 'refused';
        const wanted = limit?.refused === undefined ? 'accepted' : 'refused';
        // Some limits of the documents do not fit into a line: then none of it is sent.
        expect([base, label, ended]).toEqual([base, label, ended === 'over the line limit' ? ended : wanted]);
      }
    }
  }
  expect([base, declared.name, Object.keys(limits).filter((label) => !used.has(label))]).toEqual([base, declared.name, []]);
};

/** One step beyond any end is a `usage` error, and no byte is sent. */
export const checkRefusals = (declared: Command, entry: Entry, base: Base): void => {
  for (const row of groundsOf(entry, base)) {
    const rig = stand(row, base);
    const before = rig.emulator.traffic.toModule;
    for (const [name, field] of presentFields(declared.params, rig.module.settings)) {
      for (const { label, value } of edgesOf(name, field).beyond) {
        const { error } = rig.exec(declared, withParams(row, undefined, name, value), payloadOf(declared, row.params ?? {}));
        expect([label, error?.kind, error?.code, error?.details['parameter']]).toEqual([label, 'usage', 'parameter', name]);
      }
    }
    expect(rig.emulator.traffic.toModule).toBe(before);
  }
};

/** The tests of a group's entries, for each dialect that has them. */
export const enumerate = (table: Table): void => {
  for (const base of ['v2', 'v4'] as const) {
    describe(`dialect ${base}`, () => {
      for (const [key, entry] of Object.entries(table)) {
        const declared = dialects[base].commands.get(key);
        const rows = casesOf(entry, base);
        if (declared === undefined || rows.length === 0) continue;
        test(`${key}: ${String(rows.length)} cases`, () => {
          for (const row of rows) check(declared, row, base);
        });
        if (presentFields(declared.params, { cipmux: true, cipdinfo: false, scanMask: 0 }).length === 0) continue;
        test(`${key}: both ends of every parameter`, () => checkLimits(declared, entry, base));
        test(`${key}: nothing beyond them is sent`, () => checkRefusals(declared, entry, base));
      }
    });
  }
};
