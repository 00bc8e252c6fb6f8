import { bluFi, bluFiSend } from '../ble/bluFi.js';
import { central } from '../ble/central.js';
import { hid } from '../ble/hid.js';
import { peripheral } from '../ble/peripheral.js';
import { security } from '../ble/security.js';
import { spp } from '../ble/spp.js';

/** Bluetooth Low Energy: central, peripheral and how they pair, serial passthrough, input devices, provisioning. One role at a time. */
export const ble = {
  /** Scans and connects. Cold: AT+BLEINIT=1, once for all who use it; emits a `Central`, again after a restart. Unsubscribing disconnects. */
  central,
  /** Serves the flashed services. Cold: AT+BLEINIT=2, the services; emits a `Peripheral`, another after a restart. Unsubscribing gives the role back. */
  peripheral,
  /** Pairing and its keys, for central and peripheral alike; all of it needs a role in force. */
  security: {
    /** AT+BLESECPARAM. Cold: sets them where they are given; emits what is in force and completes. The module forgets them when it restarts. */
    parameters: security.parameters,
    /** AT+BLESETKEY. Cold: sets the passkey that the module shows, 1 to 6 digits; emits the one in force, a `Secret`, and completes. */
    staticKey: security.staticKey,
    /** AT+BLEENCDEV. Cold: emits the peers that the module has keys of and completes. */
    bonded: security.bonded,
    /** AT+BLEENCCLEAR of one peer, by its address. Cold: emits nothing and completes, also where it is not bonded. */
    forget: security.forget,
    /** AT+BLEENCCLEAR of all. Cold: emits nothing and completes. */
    forgetAll: security.forgetAll,
    /** Every step of every pairing. Hot, sends nothing by itself: answer with the `reply` of a step. Errors `module`/`reset` when the module restarts. */
    pairings: security.pairings,
  } as const,
  /** Bytes over a BLE connection as they are. Cold: AT+BLESPPCFG, AT+BLESPP; emits one raw `Duplex`, others wait. Unsubscribing leaves it by `+++`. */
  spp,
  /** Keyboard, mouse and consumer keys. Cold: AT+BLEHIDINIT=1; emits a `Hid`, anew after a restart. Unsubscribing sends AT+BLEHIDINIT=0. */
  hid,
  /** Has a phone tell the module its access point. Cold: AT+BLUFI=1; emits each stage, never completes. Unsubscribing sends AT+BLUFI=0. */
  bluFi,
  /** Sends 1 to 600 bytes to the phone. Cold: AT+BLUFISEND (3.0 and later); completes when the phone has them. */
  bluFiSend,
};
