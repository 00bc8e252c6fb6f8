import { concat, concatMap, defer, EMPTY, ignoreElements, merge, Observable, of, throwError } from 'rxjs';
import { type AtError, isAtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { bytesHex } from '../codec/hexBytes.js';
import type { Parameters } from '../command/index.js';
import * as ble from '../commands/ble.js';
import type { AtModule } from '../module/atModule.js';
import { advertiseBytes, type AdvertiseFields } from './advertiseBytes.js';
import type { RoleTime } from './duringRole.js';

type Wire = Parameters<typeof ble.advertisingParameters>;

/** How adverts are sent. */
export interface AdvertiseParameters extends Partial<Pick<Wire, 'type' | 'channels' | 'filter' | 'peerType' | 'peer'>> {
  /** Least time between two adverts in ms, 20 to 10240, in steps of 0.625. Default 20. */
  readonly minInterval?: number;
  /** Most time, likewise. Default 40, or `minInterval` where that is more. */
  readonly maxInterval?: number;
}

/** An advert that the firmware puts together (AT+BLEADVDATAEX): flags, then what finds room; a name that does not is cut. */
export interface AdvertiseByModule {
  readonly byModule: {
    /** At most 29 bytes. */
    readonly name: string;
    /** UUID of a service: 4, 8 or 32 hex digits. */
    readonly service: string;
    /** Company and data, at most 29 bytes. */
    readonly manufacturer?: Uint8Array;
    /** Whether the power is told. Default false. */
    readonly txPower?: boolean;
  };
}

/** How a peripheral advertises, and what else it shows. */
export interface AdvertiseConfig {
  readonly parameters?: AdvertiseParameters;
  /** What a scanner that asks gets beside the advert. Default: what the module has, which it keeps over restarts. */
  readonly scanResponse?: AdvertiseFields | Uint8Array;
  /** With so many centrals connected it rests; 1 to what the dialect has. Default 1. */
  readonly connections?: number;
}

/** `stopped` by a central that has connected. */
export type AdvertiseState = 'advertising' | 'stopped';

/** What the peripheral gives to its advertiser. */
export interface AdvertiseHost {
  readonly module: AtModule;
  /** Replays the latest. */
  readonly connections: Observable<readonly unknown[]>;
  readonly time: RoleTime;
  readonly ownAddress: 'public' | 'random';
}

/** Units of the wire. */
const unit = 0.625;

const parametersOf = (given: AdvertiseParameters, ownAddress: Wire['ownAddress']): Wire | AtError => {
  const { minInterval = 20, maxInterval = Math.max(40, minInterval), type = 'connectable', channels = 'all', ...rest } = given;
  const [min, max] = [Math.round(minInterval / unit), Math.round(maxInterval / unit)];
  const fault = checkNumber('minInterval', min, 32, 16_384) ?? checkNumber('maxInterval', max, min, 16_384);
  return fault ?? { minInterval: min, maxInterval: max, type, ownAddress, channels, ...rest };
};

/** The commands that set the data, and that start. */
interface Content {
  readonly set: Observable<unknown>;
  readonly start: Observable<unknown>;
}

const contentOf = (module: AtModule, data: AdvertiseFields | AdvertiseByModule | Uint8Array): Content | AtError => {
  if (!(data instanceof Uint8Array) && 'byModule' in data) {
    const { name, service, manufacturer = new Uint8Array(0), txPower: includePower = false } = data.byModule;
    return { set: EMPTY, start: defer(() => module.exec(ble.advertise, { name, uuid: service.replace(/-/g, ''), manufacturer: bytesHex(manufacturer), includePower })) };
  }
  const bytes = advertiseBytes(data);
  if (isAtError(bytes)) return bytes;
  return { set: defer(() => module.exec(ble.advertisingData, { data: bytesHex(bytes) })), start: defer(() => module.exec(ble.advertisingStart)) };
};

/**
 * Advertises while subscribed to: parameters, scan response, data, AT+BLEADVSTART; stops on unsubscribe. A connection stops it, too: it goes on as soon as there is room.
 */
export const advertise = (host: AdvertiseHost, data: AdvertiseFields | AdvertiseByModule | Uint8Array, config: AdvertiseConfig): Observable<AdvertiseState> =>
  defer(() => {
    const { module, connections, time, ownAddress } = host;
    const { connections: limit = 1 } = config;
    const fault = checkNumber('connections', limit, 1, module.dialect.capabilities.bleConnections);
    const parameters = parametersOf(config.parameters ?? {}, ownAddress);
    const response = config.scanResponse === undefined ? undefined : advertiseBytes(config.scanResponse);
    const content = contentOf(module, data);
    for (const wrong of [fault, parameters, response, content]) if (isAtError(wrong)) return throwError(() => wrong);
    if (isAtError(parameters) || isAtError(response) || isAtError(content)) return EMPTY;

    const connectable = parameters.type === 'connectable';
    const prepare = concat(
      module.exec(ble.advertisingParameters, parameters),
      response === undefined ? EMPTY : defer(() => module.exec(ble.scanResponse, { data: bytesHex(response) })),
      content.set,
    ).pipe(ignoreElements());
    return new Observable<AdvertiseState>((subscriber) => {
      let on = false;
      let known = 0;
      const start = defer(() => {
        // From here on it may be on, whoever hears the answer.
        on = true;
        return content.start.pipe(ignoreElements());
      });
      const started = concat(start, of('advertising' as const));
      const follow = connections.pipe(
        concatMap((open) => {
          const stopped = connectable && on && open.length > known;
          known = open.length;
          if (stopped) on = false;
          const again = !on && (!connectable || known < limit) ? started : EMPTY;
          return concat(stopped ? of('stopped' as const) : EMPTY, again);
        }),
      );
      const life = merge(time.over, concat(prepare, follow)).subscribe(subscriber);
      return () => {
        life.unsubscribe();
        if (on && time.ended === undefined) module.exec(ble.advertisingStop).subscribe({ error: () => undefined });
      };
    });
  });
