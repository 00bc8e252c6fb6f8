import type { AdvertisingFields } from './advertising.js';

/** AT+BLESCANPARAM: times in units of 0.625 ms. */
export interface ScanSettings { readonly type: number; readonly ownAddress: number; readonly filter: number; readonly interval: number; readonly window: number }

/** AT+BLEADVPARAM: times in units of 0.625 ms. */
export interface AdvertisingSettings {
  readonly min: number; readonly max: number; readonly type: number; readonly ownAddress: number; readonly channels: number; readonly filter: number;
  readonly peerType: number; readonly peer: string;
}

/** What a module advertises: bytes as given, as hex digits, or fields. */
export type AdvertisingContent = { readonly raw: string } | AdvertisingFields;

/** Settings of Bluetooth LE that AT+SYSSTORE=1 keeps; bonds are kept always. */
export interface BleSettings {
  bleName: string; bleScan: ScanSettings; bleAdvertising: AdvertisingSettings; bleContent: AdvertisingContent | undefined; bleResponse: string;
  /** Addresses of bonded peers. */
  bleBonds: readonly string[];
}

/** What they are in a new module. */
export const factoryBle = (): BleSettings => ({
  bleName: 'BLE_AT',
  bleScan: { type: 1, ownAddress: 0, filter: 0, interval: 80, window: 48 },
  bleAdvertising: { min: 32, max: 64, type: 0, ownAddress: 0, channels: 7, filter: 0, peerType: 0, peer: '00:00:00:00:00:00' },
  bleContent: undefined,
  bleResponse: '',
  bleBonds: [],
});
