/** Thrown inside a command handler to end it with `ERROR`; never leaves the emulator. */
export class Refusal extends Error {
  /** The `ERR CODE` values printed before it with AT+SYSLOG=1. */
  readonly codes: readonly number[];

  constructor(...codes: readonly number[]) {
    super('ERROR');
    this.codes = codes;
  }
}

/** The codes of esp_at.h. */
export const errorCode = {
  notAt: 0x01030000,
  length: (index: number): number => 0x01040000 + index,
  count: (needed: number, given: number): number => 0x01060000 + (needed << 8) + given,
  /** Out of range: counts from 1. */
  range: (index: number): number => 0x01070001 + index,
  /** Missing or of the wrong type: counts from 0. */
  parse: (index: number): number => 0x01080000 + index,
  unknown: 0x01090000,
  failed: 0x010a0000,
  busy: 0x010b0000,
} as const;
