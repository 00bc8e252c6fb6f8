import { bluFi, bluFiSend } from '../ble/bluFi.js';
import { central } from '../ble/central.js';
import { hid } from '../ble/hid.js';
import { peripheral } from '../ble/peripheral.js';
import { security } from '../ble/security.js';
import { spp } from '../ble/spp.js';

/** Bluetooth Low Energy: central, peripheral and how they pair, serial passthrough, input devices, provisioning. One role at a time; each says what it does on subscribe. */
export const ble = { central, peripheral, security, spp, hid, bluFi, bluFiSend };
