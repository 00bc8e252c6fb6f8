import { throwError } from 'rxjs';
import type { HttpClientPort } from './httpClient.js';
import type { MqttClientPort } from './mqttClient.js';
import { NetworkError } from './network.js';

/** No broker anywhere. */
export const noBroker: MqttClientPort = { connect: () => throwError(() => new NetworkError('unreachable')) };

/** No web server anywhere. */
export const noWeb: HttpClientPort = { request: () => throwError(() => new NetworkError('unreachable')) };
