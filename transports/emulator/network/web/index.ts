export { inMemoryWeb, type InMemoryWebConfig, type WebHandler, type WebRequest, type WebResponse } from './inMemoryWeb.js';
