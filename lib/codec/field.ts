import type * as t from 'io-ts';

/** What the module's settings decide about the shape of lines: given to every encoder and decoder. */
export interface Shape {
  /** AT+CIPMUX=1: lines carry a link ID. */
  readonly cipmux: boolean;
  /** AT+CIPDINFO=1: received data carries its sender. */
  readonly cipdinfo: boolean;
  /** AT+CWLAPOPT: which fields an access point's line has, bit by bit. */
  readonly scanMask: number;
}

/** A field that is there only in some shapes of the module. */
export interface Condition {
  /** The setting as the documents write it: `CIPMUX=1`. */
  readonly setting: string;
  readonly holds: (shape: Shape) => boolean;
}

/** AT+CIPMUX=1. */
export const multiple: Condition = { setting: 'CIPMUX=1', holds: (shape) => shape.cipmux };
/** AT+CIPDINFO=1. */
export const showSender: Condition = { setting: 'CIPDINFO=1', holds: (shape) => shape.cipdinfo };
/** Bit `bit` of the mask of AT+CWLAPOPT. */
export const scanBit = (bit: number): Condition => ({ setting: `CWLAPOPT mask bit ${String(bit)}`, holds: (shape) => ((shape.scanMask >> bit) & 1) === 1 });

/**
 * One parameter or response field: an io-ts codec between its wire text (one character per byte, quotes included) and its value,
 * and what the codec cannot say: how it looks inside a line, whether it may be left out, whether it may be shown.
 */
export interface Field<A, Optional extends boolean = boolean> {
  readonly codec: t.Type<unknown, string, string>;
  /** Never present: carries the value's type, because a codec is neither co- nor contravariant in it. */
  readonly value?: A;
  /** Regular expression source that finds the field's text inside a response line; no capturing groups. */
  readonly pattern: string;
  readonly optional: Optional;
  readonly secret: boolean;
  /** Present only while this setting is on; while it is off a command that names the field is wrong. */
  readonly when?: Condition;
  /** With `when`: may be left out even where the condition holds. */
  readonly loose?: boolean;
  /** The wire text that always stands here: the user never gives it. */
  readonly constant?: string;
  /** The last parameter of a command, which takes every text that is left. */
  readonly rest?: boolean;
  /** Text of others without any limit on its characters: no counted head is looked for in such lines. */
  readonly opaque: boolean;
  /** Facts for the reference and the command table. */
  readonly facts: FieldFacts;
}

/** What the reference and the command table say about a field. */
export interface FieldFacts {
  readonly type: 'integer' | 'string' | 'flag' | 'enumeration' | 'address' | 'mac' | 'hex';
  readonly min?: number;
  readonly max?: number;
  readonly maxBytes?: number;
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A field of a codec; everything else as for a required, public field unless said. */
export const field = <A>(codec: t.Type<A, string, string>, init: Pick<Field<A>, 'pattern' | 'facts'> & Partial<Pick<Field<A>, 'opaque'>>): Field<A, false> => ({
  codec: codec as unknown as t.Type<unknown, string, string>,
  optional: false,
  secret: false,
  opaque: false,
  ...init,
});

/** The field may be left out: in the middle of a command its comma stays, at the end it vanishes. */
export const optional = <A>(field: Field<A>): Field<A, true> => ({ ...field, optional: true });

/** The field's value appears nowhere: `*` of the same length replaces it in traces, echo, answers, events and errors. */
export const secret = <A, O extends boolean>(field: Field<A, O>): Field<A, O> => ({ ...field, secret: true });

/** The field is there only under the condition; while it holds the field is required, else it must not be given. */
export const when = <A>(condition: Condition, field: Field<A>): Field<A, true> => ({ ...field, optional: true, when: condition });

/** The field may be left out even where its condition holds. */
export const whenOptional = <A>(condition: Condition, field: Field<A>): Field<A, true> => ({ ...when(condition, field), loose: true });
