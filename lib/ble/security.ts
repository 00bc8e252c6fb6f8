import { defer, ignoreElements, type Observable, takeUntil } from 'rxjs';
import { forgetPeer } from '../bluetooth/forgetPeer.js';
import type { PairingOptions } from '../bluetooth/pairingConversation.js';
import type { Secret } from '../codec/index.js';
import type { Emits, Parameters } from '../command/index.js';
import * as ble from '../commands/ble.js';
import { inForce } from '../features/inForce.js';
import { restarted } from '../features/restarted.js';
import type { AtModule } from '../module/atModule.js';
import { pairings, type PairingStep } from './pairing.js';

/** How the module pairs: with whom in the middle, with what for people to see and type. */
export type BleSecurity = Parameters<typeof ble.security>;
/** As the module tells it; a number where the documents have no name for it. */
export type BleSecurityInForce = Emits<typeof ble.securityQuery>;
/** A peer that the module has keys of. */
export type BondedPeer = Emits<typeof ble.bonded>[number];

/**
 * Pairing and its keys, for central and peripheral alike; all of it needs a role in force. Cold; unsubscribing sends nothing more. Errors: `usage` and `unsupported`
 * before a byte is sent, `command` (rejected without a role; timeout), `decode`. Keys are `Secret`s and show nowhere. Document 000 §5.30 to §5.37.
 */
export const security = {
  /** AT+BLESECPARAM: sets them where they are given; emits what is in force and completes. The module forgets them when it restarts. */
  parameters: (module: AtModule, wanted?: BleSecurity): Observable<BleSecurityInForce> =>
    inForce(
      () => module.exec(ble.securityQuery),
      wanted === undefined ? undefined : () => module.exec(ble.security, wanted),
    ),
  /**
   * AT+BLESETKEY: one passkey, 1 to 6 digits, for every pairing in which the module shows one; emits the one in force, `undefined` for none, and completes. The
   * module forgets it when it restarts.
   */
  staticKey: (module: AtModule, key?: string): Observable<Secret | undefined> =>
    inForce(
      () => module.exec(ble.staticKeyQuery),
      key === undefined ? undefined : () => module.exec(ble.staticKey, { key }),
    ),
  /** AT+BLEENCDEV: emits the peers once and completes. They outlive a restart. */
  bonded: (module: AtModule): Observable<readonly BondedPeer[]> => defer(() => module.exec(ble.bonded)),
  /** AT+BLEENCCLEAR of one peer, by its address; emits nothing and completes, also where it is not bonded. */
  forget: (module: AtModule, address: string): Observable<never> =>
    forgetPeer(
      () => module.exec(ble.bonded),
      (index) => module.exec(ble.forget, { index }),
      address,
    ),
  /** AT+BLEENCCLEAR of all; emits nothing and completes. */
  forgetAll: (module: AtModule): Observable<never> => defer(() => module.exec(ble.forgetAll)).pipe(ignoreElements()),
  /**
   * Every step of every pairing, whoever began it, told apart by `connection`. Hot; sends nothing by itself: answer with the `reply` of a step. A conversation ends
   * with a `result`, after `patience` or with its connection too; once that is gone, a `reply` errors `link`/`lost`. Errors `module`/`reset` when the module restarts; completes
   * with the module.
   */
  pairings: (module: AtModule, options: PairingOptions = {}): Observable<PairingStep> =>
    pairings(module, (source) => source.pipe(takeUntil(restarted(module, 'the pairing'))), undefined, options),
} as const;
