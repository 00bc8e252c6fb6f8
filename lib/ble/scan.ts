import { concat, defer, EMPTY, filter, finalize, ignoreElements, map, NEVER, type Observable, takeUntil, throwError, timer } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { addressFault } from '../bluetooth/addressFault.js';
import { hexBytes } from '../codec/hexBytes.js';
import { ofEvent, type AtEvent, type Parameters } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import { restarted } from '../features/restarted.js';
import type { AtModule } from '../module/atModule.js';
import { type AdvertisingData, advertisingData } from './advertisingData.js';
import type { Belongings } from './belongings.js';
import { clientState } from './clientState.js';
import { sameUuid } from './uuid.js';

type ScanParameters = Parameters<typeof ble.scanParameters>;

/** Kind of a Bluetooth LE address; `rpa` are private addresses that a bonded peer resolves. */
export type BleAddressType = NonNullable<Parameters<typeof ble.connect>['type']>;

/** An advert with its scan response, as it was heard once. */
export interface Advert {
  /** Lower case, with colons. */
  readonly address: string;
  /** For `connect`; `undefined` where the firmware tells a kind that the documents do not name. */
  readonly addressType: BleAddressType | undefined;
  /** dBm. */
  readonly rssi: number;
  /** What both say. */
  readonly data: AdvertisingData;
  /** The bytes. */
  readonly advert: Uint8Array;
  /** Empty for a passive scan. */
  readonly response: Uint8Array;
}

/** What is scanned for, and how. */
export interface BleScanOptions {
  /** ms, counted from the module's OK. Default: until unsubscribed. */
  readonly duration?: number;
  /** Only this device; the module filters. */
  readonly address?: string;
  /** Only devices of this name. */
  readonly name?: string;
  /** Only devices that advertise this service. */
  readonly service?: string;
  /** Only adverts at least this strong, in dBm. */
  readonly rssi?: number;
  /** AT+BLESCANPARAM, which the module keeps; left out: sent with the defaults beside, or not at all. */
  readonly parameters?: {
    /** Ask for scan responses. Default true. */
    readonly active?: boolean;
    /** ms from one window to the next, 2.5 to 10240. Default 100. */
    readonly interval?: number;
    /** ms of listening in each interval, 2.5 to 10240. Default 50. */
    readonly window?: number;
    /** The module's own address. Default `public`. */
    readonly ownAddress?: ScanParameters['ownAddress'];
    /** Whose adverts are taken. Default `all`. */
    readonly accept?: ScanParameters['filter'];
  };
}

const addressTypes: readonly BleAddressType[] = ['public', 'random', 'rpa-public', 'rpa-random'];
/** Of interval and window, in ms. */
const unit = 0.625;

const advertOf = ({ fields: { address, rssi, advert: digits, response: more, type } }: AtEvent<{ address: string; rssi: number; advert: string; response: string; type: number }>): Advert => {
  const [advert, response] = [hexBytes(digits), hexBytes(more)];
  return { address: address.toLowerCase(), addressType: addressTypes[type], rssi, data: advertisingData(advert, response), advert, response };
};

const fits = ({ address, name, service, rssi }: BleScanOptions, found: Advert): boolean =>
  (address === undefined || found.address === address.toLowerCase()) &&
  (name === undefined || found.data.name === name) &&
  (service === undefined || found.data.services.some((uuid) => sameUuid(uuid, service))) &&
  (rssi === undefined || found.rssi >= rssi);

const usage = (code: string, message: string): AtError => new AtError({ kind: 'usage', code, message });

const faultOf = ({ duration, address, parameters: { interval = 100, window = 50 } = {} }: BleScanOptions): AtError | undefined => {
  if (window > interval) return usage('window', 'the window is no longer than the interval');
  return (address === undefined ? undefined : addressFault(address)) ?? checkNumber('duration', duration, 1);
};

const configure = (module: AtModule, { parameters }: BleScanOptions): Observable<unknown> => {
  if (parameters === undefined) return EMPTY;
  const { active = true, interval = 100, window = 50, ownAddress = 'public', accept = 'all' } = parameters;
  return module.exec(ble.scanParameters, { type: active ? 'active' : 'passive', ownAddress, filter: accept, interval: Math.round(interval / unit), window: Math.round(window / unit) });
};

/** One scan at a time. The end is this package's: before 3.2 the firmware does not tell, and later ones may tell twice. */
export const scan = (module: AtModule, belongings: Belongings, options: BleScanOptions): Observable<Advert> =>
  defer(() => {
    const state = clientState(module);
    const fault = state.scanning ? usage('second-scan', 'a scan is on already') : faultOf(options);
    if (fault !== undefined) return throwError(() => fault);
    state.scanning = true;
    const { duration, address } = options;
    const stop = belongings.add(() => module.exec(ble.scanStop));
    let begun = false;
    const begin = defer(() => {
      begun = true;
      const wish = address === undefined ? {} : { seconds: 0, filter: 'mac' as const, value: address };
      return module.exec(ble.scan, wish);
    });
    const over = concat(begin.pipe(ignoreElements()), duration === undefined || duration === Infinity ? NEVER : timer(duration, module.scheduler));
    const heard = module.events.pipe(
      ofEvent(events.bleScan),
      map(advertOf),
      filter((advert) => fits(options, advert)),
      takeUntil(over),
    );
    return concat(configure(module, options).pipe(ignoreElements()), heard).pipe(
      takeUntil(restarted(module, 'the scan')),
      finalize(() => {
        state.scanning = false;
        if (begun) stop.leave();
        else stop.forget();
      }),
    );
  });
