import { Exit, exitCode } from './exitCode.js';

/** A peer said nothing for `patience` ms. */
export const silence = (who: string, patience: number): Exit => new Exit(exitCode.silent, `${who} was silent for ${String(patience / 1000)} s`);
