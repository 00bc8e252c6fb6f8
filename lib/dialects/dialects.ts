import type { Dialect, DialectName } from './dialect.js';
import { nonos } from './nonos.js';
import { v1 } from './v1.js';
import { v2 } from './v2.js';
import { v24 } from './v24.js';
import { v3 } from './v3.js';
import { v4 } from './v4.js';
import { v5 } from './v5.js';

/** Every dialect, by name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = { v1, v2, 'v2.4': v24, v3, v4, v5, nonos };
