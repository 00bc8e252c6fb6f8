import { a2dp } from '../bt/a2dp.js';
import { discover } from '../bt/discover.js';
import { deviceClass, name, radio, visibility } from '../bt/radio.js';
import { security } from '../bt/security.js';
import { sppConnect } from '../bt/sppConnect.js';
import { sppListen } from '../bt/sppListen.js';

/** Classic Bluetooth: who is there, a serial line over the radio (SPP), audio (A2DP), and how the module pairs. Not in default builds of upstream since 2.2. */
export const bt = {
  /** Classic Bluetooth, on while it is subscribed to. Cold: AT+BTINIT=1, the settings; emits `on`, again after a restart. The last to leave switches it off. */
  radio,
  /** Finds discoverable devices. Cold: AT+BTSTARTDISC; emits each answer, completes with the inquiry, which unsubscribing leaves to its end. */
  discover,
  /** AT+BTNAME. Cold: sets the name where it is given; emits the one in force and completes. */
  name,
  /** AT+BTSCANMODE. Cold: sets it where it is given; emits the one in force and completes. Lasts as long as classic Bluetooth is on. */
  visibility,
  /** AT+BTCOD: what the module says it is. Cold: emits nothing and completes. Lasts as long as classic Bluetooth is on. */
  deviceClass,
  /** A serial line over the radio: one connection, as master or as slave. */
  spp: {
    /** To a slave. Cold: AT+BTSPPINIT=1, AT+BTSPPCONN; emits one `SppSocket`, completes when it is closed and read. Unsubscribing disconnects. */
    connect: sppConnect,
    /** From masters. Cold: AT+BTSPPINIT=2, the settings, AT+BTSPPSTART; emits an `SppSocket` for each, one at a time. Unsubscribing disconnects. */
    listen: sppListen,
  },
  /** Audio (A2DP): one connection, as source or as sink. */
  a2dp: {
    /** Plays an MP3 to headphones or loudspeakers. Cold: AT+BTA2DPINIT, the settings; emits the role, anew after a restart. Unsubscribing gives it back. */
    source: a2dp.source,
    /** Is played to. Cold: AT+BTA2DPINIT, the settings; emits the role, anew after a restart. Unsubscribing gives it back. */
    sink: a2dp.sink,
  } as const,
  /** Pairing and its keys. All but `pairings` switch classic Bluetooth on unless it is, and off again. */
  security: {
    /** AT+BTSECPARAM. Cold: sets them where they are given; emits what is in force and completes. They last as long as classic Bluetooth is on. */
    parameters: security.parameters,
    /** AT+BTENCDEV. Cold: emits the peers that the module has keys of and completes. */
    bonded: security.bonded,
    /** AT+BTENCCLEAR of one peer, by its address. Cold: emits nothing and completes, also where it is not bonded. */
    forget: security.forget,
    /** AT+BTENCCLEAR of all. Cold: emits nothing and completes. */
    forgetAll: security.forgetAll,
    /** Every step of every pairing. Hot, sends nothing by itself: answer with the `reply` of a step. Errors `module`/`reset` when the module restarts. */
    pairings: security.pairings,
  } as const,
};
