import { AtError } from '../../operators/atError.js';
import type { Shape } from '../codec/field.js';
import { encodeFields, maskedTexts } from '../codec/fields.js';
import type { Command } from './command.js';

/** The longest command line the firmware takes, CR LF included (recorded on 2.0 to 4.2; longer ones are swallowed with one ERROR). */
export const lineLimit = 256;

/** A command line and what may be shown of it: secrets are `*` of the same length. */
export interface EncodedCommand {
  readonly line: string;
  readonly shown: string;
}

const compose = ({ name, form }: Command, texts: string): string => {
  if (form === 'query') return `${name}?`;
  if (form === 'test') return `${name}=?`;
  return form === 'set' ? `${name}=${texts}` : `${name}${texts}`;
};

/** The command's line as wire text without CR LF, or the `usage` error that keeps it from being sent. */
export const encodeCommand = (declared: Command, params: Readonly<Record<string, unknown>>, shape: Shape): EncodedCommand | AtError => {
  const known = Object.keys(declared.params.spec);
  const unknown = Object.keys(params).find((name) => params[name] !== undefined && !known.includes(name));
  if (unknown !== undefined) {
    return new AtError({ kind: 'usage', code: 'parameter', message: `${declared.name} has no parameter ${unknown}`, details: { command: declared.name, parameter: unknown } });
  }
  const texts = encodeFields(declared.name, declared.params, params, shape);
  if (texts instanceof AtError) return texts;
  const line = compose(declared, texts.join(','));
  if (line.length + 2 <= lineLimit) return { line, shown: compose(declared, maskedTexts(declared.params, texts, shape).join(',')) };
  return new AtError({
    kind: 'usage',
    code: 'line-limit',
    message: `${declared.name}: the line is ${String(line.length + 2)} bytes long, the module takes ${String(lineLimit)}`,
    details: { command: declared.name, length: line.length + 2, limit: lineLimit },
  });
};
