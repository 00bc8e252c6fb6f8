import type { AtError } from '../../operators/atError.js';
import type { Item } from '../command/response.js';

/** What was read of an answer so far. */
export interface Gathered {
  readonly items: readonly Item[];
  readonly free: readonly string[];
  readonly codes: readonly string[];
  readonly reasons: readonly Readonly<Record<string, unknown>>[];
  /** What of it could not be read, or what became of the payload. */
  readonly failure?: AtError;
}
