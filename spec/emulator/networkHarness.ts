import { VirtualTimeScheduler, type Observable } from 'rxjs';
import { inMemoryNetwork, type HostHandler, type HostSocket, type InMemoryNetworkConfig, type NetworkSocket } from '../../transports/emulator/network/index.js';

/** A virtual clock that can be moved step by step. */
export class Clock extends VirtualTimeScheduler {
  to(time: number): void {
    this.maxFrames = time;
    this.flush();
    this.frame = time;
  }

  by(time: number): void {
    this.to(this.frame + time);
  }
}

/** What an observable did. */
export interface Record<T> {
  readonly values: T[];
  completed: boolean;
  error: unknown;
  stop(): void;
}

export const record = <T>(source: Observable<T>): Record<T> => {
  const result: Record<T> = { values: [], completed: false, error: undefined, stop: () => { subscription.unsubscribe(); } };
  const subscription = source.subscribe({
    next: (value) => { result.values.push(value); },
    error: (error: unknown) => { result.error = error; },
    complete: () => { result.completed = true; },
  });
  return result;
};

export const length = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);

export const joined = (chunks: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(chunks));

/** Compares bulk data: jest's own comparison takes a second for a megabyte. */
export const expectBytes = (actual: Uint8Array, expected: Uint8Array): void => {
  expect(actual.length).toBe(expected.length);
  expect(Buffer.compare(actual, expected)).toBe(0);
};

/** Bytes that differ from place to place. */
export const pattern = (count: number, seed = 0): Uint8Array => Uint8Array.from({ length: count }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 0xff);

export const window = 5760;

/** A network with one host at 192.168.4.2 that serves port 7000. */
export const lab = (handler: HostHandler, config: InMemoryNetworkConfig = {}) => {
  const clock = new Clock();
  const peers: HostSocket[] = [];
  const serve: HostHandler = (socket) => {
    peers.push(socket);
    return handler(socket);
  };
  const network = inMemoryNetwork({ scheduler: clock, hosts: { '192.168.4.2': { tcp: { 7000: serve }, names: ['peer.lab'] } }, ...config });
  const connect = (): NetworkSocket => {
    const connecting = record(network.connect({ host: '192.168.4.2', port: 7000, window }));
    clock.by(3 * (config.latency ?? 1));
    return connecting.values[0] as NetworkSocket;
  };
  return { clock, network, peers, connect };
};
