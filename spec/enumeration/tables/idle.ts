import type { Table } from '../../support/enumeration.js';

/** What queries answer while nothing was ever set up: recorded on 2.0. */
export const idleTable: Table = {
  'AT+BLEINIT query': { cases: [{ expect: { role: 'off' } }] },
  'AT+BLENAME query': { cases: [{ expect: '' }] },
};
