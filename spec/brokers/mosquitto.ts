import { brokerScenarios } from './scenarios.js';
import { mosquittoBroker } from './mosquittoBroker.js';

/** Not among the specifications that always run: it needs `mosquitto` and `mosquitto_passwd` on the path. */
describe('mqtt against Mosquitto', () => brokerScenarios(mosquittoBroker, ['tcp', 'tls']));
