/** The errors of the emulated port: the shape of the package's errors (`kind`, `code`, `retry`), without sharing its code. */
export class EmulatorError extends Error {
  override readonly name = 'AtError';
  readonly details: Readonly<Record<string, unknown>> = {};

  constructor(readonly kind: 'transport' | 'usage', readonly code: string, message: string, readonly retry: 'safe' | 'never') {
    super(message);
  }
}
