import { ipOf, macOf } from './format.js';
import { errorCode, Refusal } from './refusal.js';

/** One parameter as it stands in the command line. `broken`: a quote that does not close, or text after it. */
export type Field =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bare'; readonly value: string }
  | { readonly kind: 'broken' };

/**
 * Cuts what stands after `=` into parameters. Inside quotes a backslash takes the next character as it is: `\n` is `n`. A comma without one
 * ends the parameter there too (2.3, device log: 0x01080002 for the message of an AT+MQTTPUB).
 */
export const scan = (source: string): readonly Field[] => {
  const fields: Field[] = [];
  let at = 0;
  for (;;) {
    if (source[at] === '"') {
      let value = '';
      let closed = false;
      for (at += 1; at < source.length; at += 1) {
        const character = source[at];
        if (character === '\\' && at + 1 < source.length) {
          at += 1;
          value += source[at];
        } else if (character === '"') {
          closed = true;
          at += 1;
          break;
        } else if (character === ',') break;
        else value += character;
      }
      const clean = closed && (at >= source.length || source[at] === ',');
      fields.push(clean ? { kind: 'text', value } : { kind: 'broken' });
      if (!clean) while (at < source.length && source[at] !== ',') at += 1;
    } else {
      const from = at;
      while (at < source.length && source[at] !== ',') at += 1;
      const value = source.slice(from, at);
      fields.push(value === '' ? { kind: 'empty' } : { kind: 'bare', value });
    }
    if (at >= source.length) return fields;
    at += 1;
  }
};

/** A number parameter: decimal, leading zeros allowed, or `0x`. */
const numberOf = (text: string): number | undefined => {
  const match = /^(-?)(?:0x([0-9a-f]+)|(\d+))$/i.exec(text);
  if (!match) return undefined;
  const value = match[2] === undefined ? parseInt(match[3] ?? '', 10) : parseInt(match[2], 16);
  return match[1] === '-' ? -value : value;
};

/** A limit on a number, or on the bytes of a string, and the code of breaking it (none: a plain ERROR). */
export interface Limit {
  readonly min?: number;
  readonly max?: number;
  readonly code?: number;
}

/** The parameters of one set command. Getters throw a `Refusal` as the firmware's parser does. */
export class Args {
  constructor(readonly fields: readonly Field[]) {}

  /** How many were given; a lone `=` gives one, empty. */
  get count(): number {
    return this.fields.length;
  }

  /** Whether an optional parameter was given: one in the middle may be left out with its comma kept, one at the end may not. */
  has(index: number): boolean {
    const field = this.fields[index];
    if (field?.kind === 'empty' && index > 0 && index === this.count - 1) throw new Refusal();
    return field !== undefined && field.kind !== 'empty';
  }

  /** Without the parameters that were left out at the end, where a command bears their commas. */
  get trimmed(): Args {
    let count = this.count;
    while (count > 1 && this.fields[count - 1]?.kind === 'empty') count -= 1;
    return new Args(this.fields.slice(0, count));
  }

  isText(index: number): boolean {
    return this.fields[index]?.kind === 'text';
  }

  int(index: number, limit: Limit = {}): number {
    const field = this.fields[index];
    if (field?.kind === 'empty') throw new Refusal();
    const value = field?.kind === 'bare' ? numberOf(field.value) : undefined;
    if (value === undefined) throw new Refusal(errorCode.parse(index));
    this.check(value, limit);
    return value;
  }

  /** The number, or `otherwise` where it was left out. */
  maybeInt<T>(index: number, otherwise: T, limit: Limit = {}): number | T {
    return this.has(index) ? this.int(index, limit) : otherwise;
  }

  text(index: number, limit: Limit = {}): string {
    const field = this.fields[index];
    if (field?.kind === 'empty') throw new Refusal();
    if (field?.kind !== 'text') throw new Refusal(errorCode.parse(index));
    this.check(field.value.length, limit);
    return field.value;
  }

  maybeText<T>(index: number, otherwise: T, limit: Limit = {}): string | T {
    return this.has(index) ? this.text(index, limit) : otherwise;
  }

  mac(index: number): string {
    const mac = macOf(this.text(index));
    if (mac === undefined) throw new Refusal();
    return mac;
  }

  ip(index: number): string {
    const ip = ipOf(this.text(index));
    if (ip === undefined) throw new Refusal();
    return ip;
  }

  maybeIp<T>(index: number, otherwise: T): string | T {
    return this.has(index) ? this.ip(index) : otherwise;
  }

  private check(value: number, { min, max, code }: Limit): void {
    if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
      throw code === undefined ? new Refusal() : new Refusal(code);
    }
  }
}
