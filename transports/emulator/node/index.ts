export { nodeHttp, type NodeHttpConfig } from './nodeHttp.js';
export { nodeMqtt, type NodeMqttConfig } from './nodeMqtt.js';
export { nodeNetwork, type NodeNetworkConfig } from './nodeNetwork.js';
export { servePty, type ServedPty, type ServePtyOptions } from './pty.js';
export { serveTcp, type ServedTcp, type ServeTcpOptions } from './tcpServer.js';
export type { TlsFiles } from './tlsFiles.js';
