import { aedesBroker } from '../brokers/aedesBroker.js';
import { brokerScenarios } from '../brokers/scenarios.js';

describe('mqtt against aedes', () => brokerScenarios(aedesBroker, ['tcp', 'tls', 'ws', 'wss']));
