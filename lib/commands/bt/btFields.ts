import { int } from '../../codec/index.js';

/** Only connection 0 exists. */
export const connection = int(0, 0);
