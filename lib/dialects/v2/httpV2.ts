import { chunks, type Command, variant } from '../../command/index.js';
import * as http from '../../commands/http.js';
import { without } from '../limited.js';

const blanked = { response: chunks(http.blankedBody) };

/** `v2`: document 000 chapter 10. AT+HTTPGETSIZE is in no document of it but in the firmware of 2.1; 2.0 refuses it. */
export const httpV2: readonly Command[] = [
  variant(without(http.request, 'headers'), blanked),
  variant(without(http.requestWithData, 'headers'), blanked),
  without(http.size, 'send', 'receive', 'timeout'),
];
