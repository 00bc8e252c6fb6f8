import { throwError } from 'rxjs';
import { NetworkError, type Network, type NetworkFailure } from './network.js';

const fail = (failure: NetworkFailure) => throwError(() => new NetworkError(failure));

/** A network where nothing is reachable, no name is known and no port can be bound. */
export const nowhere: Network = {
  connect: () => fail('unreachable'),
  datagram: () => fail('unreachable'),
  listen: () => fail('unreachable'),
  resolve: () => fail('not-found'),
  ping: () => fail('timeout'),
};
