import { ignoreElements, type Observable } from 'rxjs';
import { forgetPeer } from '../bluetooth/forgetPeer.js';
import type { PairingOptions } from '../bluetooth/pairingConversation.js';
import type { Emits } from '../command/index.js';
import * as commands from '../commands/bt.js';
import { inForce } from '../features/inForce.js';
import type { AtModule } from '../module/atModule.js';
import { whileOn } from './btRole.js';
import { type BtPairingStep, pairings } from './pairing.js';
import { type BtSecurity, type BtSecurityInForce, securityOf } from './securityParameters.js';

/** A peer that the module has keys of. */
export type BtBondedPeer = Emits<typeof commands.bonded>[number];

/**
 * Pairing of classic Bluetooth and its keys. Cold; each switches Bluetooth on unless it is, and off again. Unsubscribing sends nothing more. Errors: `usage` and `unsupported` before a
 * byte is sent, `command` (rejected, timeout), `decode`. PINs and passkeys are `Secret`s and show nowhere. Document 000 §8.15 to §8.20.
 */
export const security = {
  /** AT+BTSECPARAM: sets them where they are given; emits what is in force and completes. They last as long as classic Bluetooth is on: whoever sets them holds `radio` or a profile. */
  parameters: (module: AtModule, wanted?: BtSecurity): Observable<BtSecurityInForce> =>
    whileOn(module, () =>
      inForce(
        () => module.exec(commands.securityQuery),
        wanted === undefined ? undefined : () => module.exec(commands.security, securityOf(wanted)),
      ),
    ),
  /** AT+BTENCDEV: emits the peers once and completes. They outlive a restart. */
  bonded: (module: AtModule): Observable<readonly BtBondedPeer[]> => whileOn(module, () => module.exec(commands.bonded)),
  /** AT+BTENCCLEAR of one peer, by its address; emits nothing and completes, also where it is not bonded. */
  forget: (module: AtModule, address: string): Observable<never> =>
    whileOn(module, () =>
      forgetPeer(
        () => module.exec(commands.bonded),
        (index) => module.exec(commands.forget, { index }),
        address,
      ),
    ),
  /** AT+BTENCCLEAR of all; emits nothing and completes. */
  forgetAll: (module: AtModule): Observable<never> => whileOn(module, () => module.exec(commands.forgetAll)).pipe(ignoreElements()),
  /**
   * Every step of every pairing, whoever began it. Hot; sends nothing by itself and does not switch Bluetooth on: answer with the `reply` of a step. A conversation ends with a `result`,
   * which is the outcome of the connection it was for; the side that was called hears nothing of one that failed, and gets its `result` after `patience`. Once the module asks
   * something else, a `reply` to what it asked before errors `link`/`lost`. Errors `module`/`reset` when the module restarts; completes with the module.
   */
  pairings: (module: AtModule, options: PairingOptions = {}): Observable<BtPairingStep> => pairings(module, options),
} as const;
