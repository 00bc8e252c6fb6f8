import type { Duplex as NodeDuplex } from 'node:stream';
import { tcp, type TcpConfig } from '../../features/tcp.js';
import type { AtModule } from '../../module/atModule.js';
import { openNodeDuplex } from './openNodeDuplex.js';
import type { NodeDuplexConfig } from './toNodeDuplex.js';

/**
 * A function that opens a new connection each time it is called and returns its stream at once, which is what MQTT.js takes as its first argument:
 * `new MqttClient(streamBuilder(module, { host, port: 1883 }), options)`; it calls it again after every loss.
 */
export const streamBuilder =
  (module: AtModule, config: TcpConfig & NodeDuplexConfig): (() => NodeDuplex) =>
  () =>
    openNodeDuplex(tcp(module, config), config);
