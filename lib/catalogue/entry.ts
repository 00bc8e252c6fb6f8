import type { DialectName } from '../dialects/dialect.js';

/** How a command is written: `AT+X=?`, `AT+X?`, `AT+X=…`, `AT+X`, and the bare `+++`. */
export type CatalogueForm = 'test' | 'query' | 'set' | 'execute' | 'special';

/** What a parameter may be. */
export interface ParamFacts {
  readonly type: 'integer' | 'string' | 'flag' | 'enumeration' | 'address' | 'mac' | 'hex';
  /** Smallest and largest number, both allowed. */
  readonly min?: number;
  readonly max?: number;
  /** Longest text in bytes of UTF-8, before escaping. */
  readonly maxBytes?: number;
  /** Names of the values, with what stands for them on the wire. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** One parameter of a form, in the order of the wire. */
export interface CatalogueParam extends ParamFacts {
  readonly name: string;
  readonly optional: boolean;
  /** Its value is shown nowhere. */
  readonly secret: boolean;
  /** The setting under which it is there: `CIPMUX=1`. */
  readonly when?: string;
  /** The dialects that have it, where not every dialect of the form does. */
  readonly dialects?: readonly DialectName[];
  /** The kinds of the command that have it, where the form has several (`udp` of AT+CIPSTART). */
  readonly kinds?: readonly string[];
  /** What differs in other dialects from the facts above. */
  readonly byDialect?: Readonly<Partial<Record<DialectName, Partial<ParamFacts>>>>;
}

/** Everything that is declared under one command name, over all dialects. */
export interface CatalogueEntry {
  /** `AT+CIPSEND`, `ATE`, `+++`. */
  readonly name: string;
  /** Every form that some dialect has. */
  readonly forms: readonly CatalogueForm[];
  readonly formsByDialect: Readonly<Partial<Record<DialectName, readonly CatalogueForm[]>>>;
  /** The dialects that have it, of those with a table of their own. */
  readonly dialects: readonly DialectName[];
  readonly esp32Only: boolean;
  /** Parameters of each form that has any. */
  readonly params: Readonly<Partial<Record<CatalogueForm, readonly CatalogueParam[]>>>;
  /** Names of the events that the documents describe with it. */
  readonly events: readonly string[];
  readonly doc: string;
  readonly source: string;
}
