import { bluFi, bluFiSend } from '../ble/bluFi.js';
import { central } from '../ble/central.js';
import { hid } from '../ble/hid.js';
import { peripheral } from '../ble/peripheral.js';
import { security } from '../ble/security.js';
import { spp } from '../ble/spp.js';

/** Bluetooth Low Energy: the module as a central, and how it pairs. One role at a time, see `bleRole`. */
export const ble = { central, peripheral, security, spp, hid, bluFi, bluFiSend };
