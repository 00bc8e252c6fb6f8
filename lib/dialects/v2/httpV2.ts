import type { Command } from '../../command/index.js';
import * as http from '../../commands/http.js';
import { blanked } from '../blanked.js';
import { without } from '../limited.js';

/** `v2`: document 000 chapter 10. AT+HTTPGETSIZE is in no document of it but in the firmware of 2.1; 2.0 refuses it. */
export const httpV2: readonly Command[] = [
  blanked(without(http.request, 'headers')),
  blanked(without(http.requestWithData, 'headers')),
  without(http.size, 'send', 'receive', 'timeout'),
];
