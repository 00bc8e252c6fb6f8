import type { Command } from '../../command/index.js';
import * as basic from '../../commands/basic.js';
import { basicRows } from '../shared/basicRows.js';

/** `v4`: what version 4 keeps of document 000 chapter 2. */
export const basicV4: readonly Command[] = [
  basic.commandList,
  basic.systemMessages,
  basic.rollbackQuery,
  ...basicRows,
];
