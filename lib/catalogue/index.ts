export { commandShapes, type CommandShape } from './commandShapes.js';
export { catalogue, dialectNames, tableOf } from './catalogue.js';
export type { CatalogueEntry, CatalogueForm, CatalogueParam, ParamFacts } from './entry.js';
export type { DialectName } from '../dialects/dialect.js';
