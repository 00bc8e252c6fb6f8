export { inMemoryBroker, type InMemoryBroker, type InMemoryBrokerConfig } from './inMemoryBroker.js';
