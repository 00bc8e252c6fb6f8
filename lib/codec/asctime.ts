import * as t from 'io-ts';
import { field, type Field } from './field.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const shape = /^\w{3} (\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/;

const iso = (text: string): string | undefined => {
  const [, month = '', day = '', time = '', year = ''] = shape.exec(text) ?? [];
  const index = months.indexOf(month);
  return index < 0 ? undefined : `${year}-${String(index + 1).padStart(2, '0')}-${day.padStart(2, '0')}T${time}`;
};

/** A time as the C library prints it, read as `2021-09-02T18:57:03`: local to the zone that is set, so without one. */
export const asctime: Field<string, false> = field(
  new t.Type<string, string, string>(
    'time',
    (value): value is string => typeof value === 'string',
    (wire, context) => {
      const found = iso(wire);
      return found === undefined ? t.failure(wire, context, 'expected a time such as Thu Sep  2 18:57:03 2021') : t.success(found);
    },
    (value) => value,
  ),
  { pattern: '.*', facts: { type: 'string' } },
);
