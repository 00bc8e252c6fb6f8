/** What went wrong, as a closed set: the discriminant of every error this package emits. */
export type AtErrorKind =
  | 'transport'
  | 'framing'
  | 'command'
  | 'decode'
  | 'link'
  | 'send'
  | 'module'
  | 'unsupported'
  | 'usage';

/** Whether doing the same again can do harm: `safe` nothing was executed, `unknown` it may have been, `never` it will fail again. */
export type Retry = 'safe' | 'unknown' | 'never';

/** What an `AtError` is made of. */
export interface AtErrorInit {
  readonly kind: AtErrorKind;
  /** The reason within the kind, in kebab-case: `open`, `lost`, `timeout`, `rejected`, `reset` … */
  readonly code: string;
  readonly message: string;
  readonly retry?: Retry;
  readonly cause?: unknown;
  /** Facts to act on: the command, its phase, the limit, the accepted count. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Every error of this package. Nothing is thrown synchronously: it arrives as an error notification.
 * Discriminate on `kind`, then on `code`; `retryBackoff` reads `retry`.
 */
export class AtError extends Error {
  override readonly name = 'AtError';
  /** What went wrong. */
  readonly kind: AtErrorKind;
  /** The reason within the kind, in kebab-case. */
  readonly code: string;
  /** Whether doing the same again can do harm; `never` unless said. */
  readonly retry: Retry;
  /** Facts to act on; empty where there are none. Never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What it came of, where that is known. */
  override readonly cause?: unknown;

  constructor(init: AtErrorInit) {
    super(init.message);
    this.kind = init.kind;
    this.code = init.code;
    this.retry = init.retry ?? 'never';
    this.details = init.details ?? {};
    if (init.cause !== undefined) this.cause = init.cause;
  }
}

const kinds: readonly unknown[] = ['transport', 'framing', 'command', 'decode', 'link', 'send', 'module', 'unsupported', 'usage'];

/**
 * True for an error of this package, of the given kind where one is named. Tells by name and kind, not by class: an application may hold this
 * package twice (as ES module and as CommonJS), and other transports raise errors of the same shape.
 */
export const isAtError = (error: unknown, kind?: AtErrorKind): error is AtError => {
  if (!(error instanceof Error) || error.name !== 'AtError') return false;
  const found: unknown = (error as Partial<AtError>).kind;
  return kind === undefined ? kinds.includes(found) : found === kind;
};
