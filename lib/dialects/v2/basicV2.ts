import { int } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as basic from '../../commands/basic.js';
import { limited } from '../limited.js';
import { basicRows } from '../shared/basicRows.js';

/** `v2`: document 000 chapter 2. */
export const basicV2: readonly Command[] = [
  limited(basic.systemMessages, { mask: int(0, 3) }),
  ...basicRows,
];
