import { chunks, type Command, variant } from '../../command/index.js';
import * as http from '../../commands/http.js';
import { without } from '../limited.js';

const blanked = { response: chunks(http.blankedBody) };

/** `v2`: document 000 chapter 10. */
export const httpV2: readonly Command[] = [
  variant(without(http.request, 'headers'), blanked),
  variant(without(http.requestWithData, 'headers'), blanked),
];
