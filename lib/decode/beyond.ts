import { anyInt, bareText, fields, constant, hexInt, int, line, optional, text, uint } from '../codec/index.js';
import { chunks, command, group, many, type Command } from '../command/index.js';
import { derive, type Dialect } from '../dialects/dialect.js';

const about = { doc: 'Not sent by the SDK.', source: 'PROTOCOL section 7; FORMATS' } as const;
const length = int(1, 0x7fffffff);
const prompted = { form: 'set', phase: 'prompt', length: 'length', ...about } as const;
const sent = { success: ['SEND OK'], failure: ['SEND FAIL', 'ERROR'] };
const factory = { operation: constant('2'), namespace: text(), key: text() };

/** Commands that other hosts send and whose bytes no line can hold: payload behind a prompt, or counted in the answer. */
const commands: readonly Command[] = [
  // The read comes first: other forms of the command that nothing here fits end as it does.
  command({
    name: 'AT+SYSMFG',
    form: 'set',
    kind: 'read',
    phase: 'counted',
    params: fields({ operation: constant('1'), namespace: text(), key: optional(text()), offset: optional(uint), length: optional(uint) }),
    response: group({
      values: chunks(line('+SYSMFG:', fields({ namespace: text(), key: text(), type: uint, length: uint }), { counted: 'length' })),
      rows: many(line('+SYSMFG:', fields({ text: { ...bareText, opaque: false } }))),
    }),
    ...about,
  }),
  // Types 7 (string) and 8 (binary).
  ...['7', '8'].map((type) => command({ name: 'AT+SYSMFG', kind: `write ${type}`, params: fields({ ...factory, type: constant(type), length }), ...prompted })),
  command({ name: 'AT+WSHEAD', kind: 'clear', form: 'set', params: fields({ length: constant('0') }), ...about }),
  command({ name: 'AT+WSHEAD', params: fields({ length }), ...prompted }),
  command({ name: 'AT+WSSEND', params: fields({ link: anyInt, length, opcode: optional(hexInt), timeout: optional(uint) }), terminals: sent, ...prompted }),
  command({ name: 'AT+DRVI2CWRDATA', params: fields({ index: uint, address: hexInt, length }), ...prompted }),
  command({
    name: 'AT+DRVSPIWR',
    params: fields({ length, command: optional(hexInt), commandLength: optional(uint), address: optional(hexInt), addressLength: optional(uint) }),
    ...prompted,
  }),
];

const known = new WeakMap<Dialect, Dialect>();

/** A dialect with what a capture of another host may hold besides. */
export const beyond = (dialect: Dialect): Dialect => {
  let found = known.get(dialect);
  if (found === undefined) known.set(dialect, (found = derive(dialect, { name: dialect.name, add: commands })));
  return found;
};
