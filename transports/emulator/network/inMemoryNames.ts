import { defer, of } from 'rxjs';
import { isAddress } from './hostConfig.js';
import type { Network } from './network.js';
import { after, failed, type Surroundings } from './surroundings.js';

// What the recorded AT 4.1 waits for an answer to its echo request.
const pingTimeout = 1000;

/** Names and echo requests of the in-memory network. */
export const inMemoryNames = (around: Surroundings): Pick<Network, 'resolve' | 'ping'> => ({
  resolve: (name, family = 4) =>
    defer(() => {
      // Answered without a server, as recorded on AT 4.1.
      if (name.toLowerCase() === 'localhost') return of(family === 4 ? '127.0.0.1' : '::1');
      if (isAddress(name)) return of(name);
      return after(around, 2 * around.latency, () => {
        const host = around.hosts.find(name);
        const address = family === 4 ? host?.address : host?.address6;
        return address === undefined ? failed('not-found', `no host is called ${name}`) : of(address);
      });
    }),
  ping: (name) =>
    defer(() => {
      const host = around.hosts.find(name);
      if (host === undefined && !isAddress(name)) return after(around, 2 * around.latency, () => failed('not-found', `no host is called ${name}`));
      const way = 2 * (host?.config.latency ?? around.latency);
      const answers = host !== undefined && (host.config.state ?? 'up') === 'up' && way <= pingTimeout;
      return answers ? after(around, way, () => of(Math.round(way))) : after(around, pingTimeout, () => failed('timeout', `no answer from ${name}`));
    }),
});
