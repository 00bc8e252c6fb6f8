import * as t from 'io-ts';
import { field, type Field } from './field.js';
import { fromWire, toWire } from './wireText.js';

/** CR, LF and NUL never reach the wire from a parameter. */
const forbidden = /[\r\n\0]/;

const unquote = (text: string): string => (/^".*"$/s.test(text) ? text.slice(1, -1) : text);
const quote = (wire: string): string => `"${wire.replace(/[\\",]/g, '\\$&')}"`;

/** Limits of a string in bytes. */
export interface TextLimits {
  readonly min?: number;
  /** Bytes of UTF-8, before escaping. */
  readonly max?: number;
}

const describe = ({ min = 0, max }: TextLimits): string =>
  `text${max === undefined ? '' : ` of ${min > 0 ? `${String(min)} to` : 'at most'} ${String(max)} bytes`} without CR, LF and NUL`;

const within = (value: unknown, { min = 0, max }: TextLimits): value is string => {
  if (typeof value !== 'string' || forbidden.test(value)) return false;
  const length = toWire(value).length;
  return length >= min && (max === undefined || length <= max);
};

/**
 * A quoted string. Commands escape backslash, comma and quote; answers escape nothing, so a line is read from both ends towards
 * its strings. Bytes that are no UTF-8 come as lone surrogates U+DC80 to U+DCFF and go back as these bytes.
 */
export const text = (limits: TextLimits = {}): Field<string, false> => {
  const codec = new t.Type<string, string, string>(
    describe(limits),
    (value): value is string => within(value, limits),
    (wire) => t.success(fromWire(unquote(wire))),
    (value) => quote(toWire(value)),
  );
  return field(codec, { pattern: '".*"', opaque: true, facts: { type: 'string', ...(limits.max === undefined ? {} : { maxBytes: limits.max }) } });
};

/** A string of an answer that stands there without quotes, to the end of its line (`+CWHOSTNAME:`). */
export const bareText: Field<string, false> = { ...text(), pattern: '.*' };

/** The same, taken as it stands: where every release prints without quotes, those that are there belong to the string. */
export const plainText: Field<string, false> = field(
  new t.Type<string, string, string>(
    describe({}),
    (value): value is string => within(value, {}),
    (wire) => t.success(fromWire(wire)),
    (value) => toWire(value),
  ),
  { pattern: '.*', opaque: true, facts: { type: 'string' } },
);

// Whether a MAC or an address is quoted changed from release to release (FORMATS: BLE MACs, CIPDOMAIN): both are read.
const shaped = (name: string, valid: RegExp, pattern: string, type: 'address' | 'mac'): Field<string, false> => {
  const codec = new t.Type<string, string, string>(
    name,
    (value): value is string => typeof value === 'string' && valid.test(value),
    (wire, context) => {
      const inner = unquote(wire);
      return valid.test(inner) ? t.success(type === 'mac' ? inner.toLowerCase() : inner) : t.failure(wire, context, `expected ${name}`);
    },
    (value) => quote(value),
  );
  return field(codec, { pattern, facts: { type } });
};

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';

/** An IPv4 address in dotted form. */
export const ipv4 = shaped('IPv4 address', new RegExp(`^${octet}(?:\\.${octet}){3}$`), '"?\\d+\\.[\\d.]+"?', 'address');

/** An IPv4 or IPv6 address. */
export const address = shaped('IP address', /^(?=.*[.:])[0-9a-fA-F.:]{2,45}(?:%\w+)?$/, '"?[0-9a-fA-F]*[.:][0-9a-fA-F.:%\\w]*"?', 'address');

/** A MAC address, six octets with colons; read in lower case. */
export const mac = shaped('MAC address', /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/, '"?[0-9a-fA-F:]{17}"?', 'mac');

/** A string out of a closed list. */
export const keyword = <const V extends readonly string[]>(...values: V): Field<V[number], false> => {
  const name = `one of ${values.map((value) => `"${value}"`).join(', ')}`;
  const is = (value: unknown): value is V[number] => typeof value === 'string' && values.includes(value);
  const codec = new t.Type<V[number], string, string>(
    name,
    is,
    (wire, context) => {
      const inner = unquote(wire);
      return is(inner) ? t.success(inner) : t.failure(wire, context, `expected ${name}`);
    },
    (value) => quote(value),
  );
  return field(codec, { pattern: '"?[\\w/]+"?', facts: { type: 'string', values: Object.fromEntries(values.map((v) => [v, v])) } });
};
