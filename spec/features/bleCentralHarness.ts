import { map, merge, type Observable } from 'rxjs';
import { type AtError, type AtModule, ble, type BleConnection, type BleConnectOptions, type Central, type GattTree } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import type { Transport } from '../../lib/transport.js';
import type { EmulatorConfig, FirmwareVersion } from '../../transports/emulator/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { bleWorld, type BleModule, type BleWorld, bytesOf, clientMac, done, serverMac } from './bleHarness.js';

/** A central behind its SDK, and a server that is driven command by command. */
export interface CentralWorld extends BleWorld {
  readonly server: BleModule;
  readonly client: BleModule;
  readonly role: Observed<Central>;
  readonly central: Central;
  /** Runs one command of the server to its end. */
  serve(...work: readonly ((at: AtModule) => Observable<unknown>)[]): void;
}

/** What makes a server that advertises. */
export const started: readonly ((at: AtModule) => Observable<unknown>)[] = [
  (at) => at.exec(commands.init, { role: 'server' }),
  (at) => at.exec(commands.serverCreate),
  (at) => at.exec(commands.serverStart),
  (at) => at.exec(commands.advertisingStart),
];

export const advertise = (at: AtModule): Observable<unknown> => at.exec(commands.advertisingStart);

/** A server that advertises, and a client in its role. */
export const centralWorld = (firmware: FirmwareVersion, config: EmulatorConfig = {}, transport?: (module: Transport) => Transport): CentralWorld => {
  const world = bleWorld(firmware);
  const server = world.module({ bleMac: serverMac });
  const client = world.module({ bleMac: clientMac, seed: 2, ...config }, transport);
  done(world, server, ...started);
  const role = observed(ble.central(client.at));
  world.run(500);
  const [central] = role.values;
  if (central === undefined) throw new Error(`no central: ${String(role.error)}`);
  return { ...world, server, client, role, central, serve: (...work) => done(world, server, ...work) };
};

export interface Joined extends CentralWorld {
  readonly log: Observed<BleConnection>;
  readonly connection: BleConnection;
}

/** The same, connected. */
export const connected = (firmware: FirmwareVersion, options?: BleConnectOptions, config?: EmulatorConfig, transport?: (module: Transport) => Transport): Joined => {
  const world = centralWorld(firmware, config, transport);
  const log = observed(world.central.connect(serverMac, options));
  world.run(1000);
  const [connection] = log.values;
  if (connection === undefined) throw new Error(`no connection: ${String(log.error)}`);
  return { ...world, log, connection };
};

export interface Discovered extends Joined {
  readonly tree: GattTree;
}

/** The same, and the server's services are known; what it took is not in `sent`. */
export const discovered = (firmware: FirmwareVersion, config?: EmulatorConfig, transport?: (module: Transport) => Transport): Discovered => {
  const world = connected(firmware, undefined, config, transport);
  const log = observed(world.connection.discover());
  world.run(2000);
  const [tree] = log.values;
  if (tree === undefined) throw new Error(`no tree: ${String(log.error)}`);
  world.client.sent.length = 0;
  return { ...world, tree };
};

export const notify = (value: string, characteristic = 6) => (at: AtModule): Observable<unknown> =>
  at.exec(commands.notify, { connection: 0, service: 1, characteristic, length: value.length }, { data: bytesOf(value) });

export const indicate = (value: string) => (at: AtModule): Observable<unknown> =>
  at.exec(commands.indicate, { connection: 0, service: 1, characteristic: 7, length: value.length }, { data: bytesOf(value) });

export const failure = (error: unknown): readonly string[] => {
  const { kind, code } = error as AtError;
  return [kind, code];
};

/** The one value of something that ends at once. */
export const only = <T>(source: Observable<T>): T => {
  const { values, error } = observed(source);
  if (values.length !== 1) throw error instanceof Error ? error : new Error(`${values.length} values`);
  return values[0] as T;
};

/** Between host and module: what `injected` emits comes to the host as if the module had said it. */
export const saying = (injected: Observable<Uint8Array>) => (module: Transport): Transport => ({
  open: () => module.open().pipe(map((connection) => ({ ...connection, write: (bytes) => connection.write(bytes), incoming: merge(connection.incoming, injected) }))),
});
