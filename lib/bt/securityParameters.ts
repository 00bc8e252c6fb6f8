import type { Emits, Parameters } from '../command/index.js';
import type * as commands from '../commands/bt.js';

type Wire = Parameters<typeof commands.security>;

/** How the module pairs. */
export interface BtSecurity {
  /** What people at the module can do. */
  readonly capability: Wire['capability'];
  /** A PIN for whoever asks, 1 to 16 bytes; without it each is asked for. Of peers without Secure Simple Pairing. */
  readonly pin?: string;
}

/** As the module tells it; a number where the documents have no name for it. */
export type BtSecurityInForce = Emits<typeof commands.securityQuery>;

/** As the wire has it. */
export const securityOf = ({ capability, pin }: BtSecurity): Wire => (pin === undefined ? { capability, pinType: 'variable' } : { capability, pinType: 'fixed', pin });
