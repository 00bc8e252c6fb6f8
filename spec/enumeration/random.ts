import * as fc from 'fast-check';
import { presentFields } from '../../lib/codec/fields.js';
import { bootSettings, type Command, commandKey } from '../../lib/command/command.js';
import type { Dialect } from '../../lib/dialects/dialect.js';
import type { Params } from '../support/enumeration.js';
import { valuesOf } from '../support/paramValues.js';

/** Parameters within the limits of a dialect's own declaration, every one of them given. */
export const limitsOf = (dialect: Dialect, key: Command): fc.Arbitrary<Params> => {
  const declared = dialect.commands.get(commandKey(key));
  if (declared === undefined) throw new Error(`${dialect.name} has no ${commandKey(key)}`);
  return fc.tuple(...presentFields(declared.params, bootSettings).map(([name, field]) => valuesOf(field).map((value) => [name, value] as const))).map((entries) => Object.fromEntries(entries));
};
