import { variant, type Command } from '../../command/index.js';
import * as wifi from '../../commands/wifi.js';

/** A join as NONOS refuses it: `+CWJAP:3`, a blank line, then FAIL, which no later firmware says. */
export const failing = <C extends Command>(join: C): C =>
  variant(join, {
    terminals: { success: ['OK'], failure: ['ERROR', 'FAIL'] },
    reasons: [wifi.joinFailure, { ...wifi.joinFailure, prefix: '+CWJAP_CUR:' }, { ...wifi.joinFailure, prefix: '+CWJAP_DEF:' }],
  });
