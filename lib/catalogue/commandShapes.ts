import type { Field } from '../codec/field.js';
import { omissible } from '../codec/fields.js';
import type { Line } from '../codec/line.js';
import { bootSettings, type Command } from '../command/command.js';
import { encodeCommand } from '../command/encodeCommand.js';
import { declaredIn } from '../commands/declared.js';
import { commands } from '../commands/index.js';
import type { DialectName } from '../dialects/dialect.js';
import { dialects } from '../dialects/dialects.js';
import type { CatalogueForm } from './entry.js';
import { AtError } from '../../operators/atError.js';

/** One declaration as it looks on the line: what the reference shows beside the facts of `catalogue()`. */
export interface CommandShape {
  /** `basic`, `wifi`, `tcpip`, `ble`, `ethernet`, `bt`, `mqtt`, `http`. */
  readonly group: string;
  /** The property of `commands.<group>` that declares it. */
  readonly key: string;
  readonly name: string;
  readonly form: CatalogueForm;
  readonly kind?: string;
  readonly doc: string;
  readonly source: string;
  readonly dialects: readonly DialectName[];
  /** A line that the module takes, with AT+CIPMUX=1. */
  readonly example: string;
  /** Lines of the answer before its end: `+CIPMUX:<enable>`. */
  readonly answers: readonly string[];
  /** Lines that end it. */
  readonly ends: readonly string[];
  /** What follows the line: nothing more, a payload from or to the module, or a raw stream. */
  readonly phase: Command['phase'];
}

const template = ({ prefix, fields, options }: Line): string => {
  const names = Object.entries(fields.spec).map(([name, field]) => ({ name, loose: field.optional }));
  const body = names.map(({ name, loose }, index) => `${loose ? '[' : ''}${index === 0 ? '' : ','}<${name}>${loose ? ']' : ''}`).join('');
  const lead = options.lead === undefined ? '' : Object.keys(options.lead.spec).map((name) => `[<${name}>,]`).join('');
  return `${lead}${prefix}${body}${options.close ?? ''}${options.counted === undefined ? '' : `${options.end ?? ','}<data>`}`;
};

const samples: readonly unknown[] = ['192.168.4.1', '24:0a:c4:09:34:23', '1122', true, false, '123456', ['text'], { key: 'value' }, 'text'];

const sample = (name: string, field: Field<unknown>): unknown => {
  const { min = 0, max = 0, values = {} } = field.facts;
  const own = [name === 'length' ? Math.min(Math.max(min, 4), max) : min, Object.keys(values)[0], name, 'text '.repeat(4).trim().slice(0, 16)];
  return [...own, ...samples].find((value) => field.codec.is(value));
};

const exampleOf = (declared: Command): string => {
  const given = Object.entries(declared.params.spec).filter(([, field]) => field.constant === undefined && !omissible(field));
  const encoded = encodeCommand(declared, Object.fromEntries(given.map(([name, field]) => [name, sample(name, field)])), { ...bootSettings, cipmux: true });
  return encoded instanceof AtError ? declared.name : encoded.line;
};

const inDialect = (key: Command, name: DialectName): Command | undefined => [...dialects[name].commands.values()].find((entry) => entry.name === key.name && entry.form === key.form && entry.kind === key.kind);

/** The newest base table shows what a line looks like; what it lacks, the first that has it. */
const shown: readonly DialectName[] = ['v4', 'v2', 'v5', 'v3', 'v2.4', 'v1', 'nonos'];

/** Every declaration, in the order of `commands`. Pure, as `catalogue()`. */
export const commandShapes = (): readonly CommandShape[] =>
  Object.entries(commands).flatMap(([group, exported]) =>
    Object.entries(exported as Readonly<Record<string, unknown>>).flatMap(([property, value]) =>
      declaredIn({ [property]: value }).map((key): CommandShape => {
        const owners = (Object.keys(dialects) as readonly DialectName[]).filter((name) => inDialect(key, name) !== undefined);
        const declared = shown.map((name) => inDialect(key, name)).find((entry) => entry !== undefined) ?? key;
        const { name, form, kind, doc, source, phase, terminals } = declared;
        const answers = declared.response.free === true && declared.response.shape === 'free' ? ['<text>'] : declared.response.lines.map(template);
        return {
          group,
          key: property,
          name,
          form: form === 'escape' ? 'special' : form,
          ...(kind === undefined ? {} : { kind }),
          doc,
          source,
          dialects: owners,
          example: exampleOf(declared),
          answers: [...answers, ...(declared.reasons ?? []).map(template)],
          ends: form === 'escape' ? [] : terminals === undefined ? ['OK', 'ERROR'] : [...terminals.success, ...terminals.failure],
          phase,
        };
      }),
    ),
  );
