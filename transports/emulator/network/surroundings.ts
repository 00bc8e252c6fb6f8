import { mergeMap, throwError, timer, type Observable, type SchedulerLike } from 'rxjs';
import type { HostTable } from './hostConfig.js';
import type { Medium } from './medium.js';
import { NetworkError, type NetworkFailure } from './network.js';

/** What all parts of one in-memory network share. */
export interface Surroundings {
  readonly scheduler: SchedulerLike;
  readonly hosts: HostTable;
  /** The module's own address. */
  readonly address: string;
  /** One-way delay in milliseconds where a host has none of its own. */
  readonly latency: number;
  /** From and to the module. */
  readonly air: { readonly up: Medium; readonly down: Medium };
  /** Throws the dice for one packet. */
  readonly lost: () => boolean;
}

/** Subscribes to `then()` after `delay` milliseconds. */
export const after = <T>({ scheduler }: Surroundings, delay: number, then: () => Observable<T>): Observable<T> =>
  timer(delay, scheduler).pipe(mergeMap(then));

/** Errors with a `NetworkError`. */
export const failed = (failure: NetworkFailure, message: string): Observable<never> => throwError(() => new NetworkError(failure, message));

const firstEphemeral = 49_152;

/** Gives out local ports that are not taken, one after the other. */
export const ephemeralPorts = (taken: (port: number) => boolean): (() => number) => {
  let last = firstEphemeral - 1;
  return () => {
    do last = last === 65_535 ? firstEphemeral : last + 1;
    while (taken(last));
    return last;
  };
};
