export type { Datagram, HostDatagramHandler, HostDatagramSocket } from './datagramExchange.js';
export type { HostConfig } from './hostConfig.js';
export * from './hosts/index.js';
export type { HostHandler, HostSocket } from './hostSocket.js';
export type { HostConnectOptions } from './inMemoryConnections.js';
export { inMemoryNetwork, type InMemoryNetwork, type InMemoryNetworkConfig } from './inMemoryNetwork.js';
export * from './network.js';
export type { SocketStats } from './tcpEnd.js';
