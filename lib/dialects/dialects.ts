import type { Dialect, DialectName } from './dialect.js';
import { v2 } from './v2.js';
import { v4 } from './v4.js';

/** Every dialect, by name. A name without an own table is read as its nearest base. */
export const dialects: Readonly<Record<DialectName, Dialect>> = { v1: v2, v2, 'v2.4': v4, v3: v4, v4, v5: v4, nonos: v2 };
