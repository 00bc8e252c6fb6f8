import { catchError, defer, from, map, of, throwError, type Observable } from 'rxjs';
import type { IClientOptions, MqttClient } from 'mqtt';
import { NetworkError } from '../network/network.js';

/** The part of the package that is used. */
export interface MqttPackage {
  connect(options: IClientOptions): MqttClient;
}

const loader = 'mqtt';

const hasConnect = (value: unknown): value is MqttPackage => typeof value === 'object' && value !== null && 'connect' in value && typeof value.connect === 'function';

const packageOf = (loaded: unknown): MqttPackage => {
  if (hasConnect(loaded)) return loaded;
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded && hasConnect(loaded.default)) return loaded.default;
  throw new Error('this version has no `connect`');
};

/** Loads the optional package `mqtt`, or what `load` returns in its place. Cold; errors `NetworkError` where it is missing. */
export const mqttPackage = (load?: () => unknown): Observable<MqttPackage> =>
  defer(() => {
    if (load !== undefined) return of(load());
    // CommonJS has `require`, an ES module has not.
    const here: ((name: string) => unknown) | undefined = typeof require === 'function' ? require : undefined;
    return here === undefined ? from(import(loader) as Promise<unknown>) : of(here(loader));
  }).pipe(
    map(packageOf),
    catchError((cause: unknown) =>
      throwError(() => new NetworkError('unreachable', `a real broker needs the optional package \`mqtt\`: npm install mqtt (${cause instanceof Error ? cause.message : String(cause)})`))),
  );
