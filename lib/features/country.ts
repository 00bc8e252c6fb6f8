import type { Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Emits, Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/** Channels from `start` (1 to 14), `count` of them; `policy` whether the access point's country overrides. */
export type Country = Emits<typeof wifi.countryQuery>;
/** A country as AT+CWCOUNTRY takes it. */
export type CountryConfig = Parameters<typeof wifi.country>;

/**
 * Country whose channels are used. Cold: on subscribe it sends AT+CWCOUNTRY with `config` where one is given (not stored), reads it back, emits the
 * country in force and completes. Unsubscribing sends nothing more. Errors: `usage`, `unsupported`, `command`. Document 000 §3.22.
 */
export const country = (module: AtModule, config?: CountryConfig): Observable<Country> =>
  inForce(() => module.exec(wifi.countryQuery), config && (() => module.exec(wifi.country, config)));
