/** Exit codes, those of sysexits.h where it has one. */
export const exitCode = { ok: 0, failed: 1, usage: 2, data: 65, missing: 66, silent: 75, interrupted: 130, terminated: 143 } as const;

/** An end with a given exit code. */
export class Exit extends Error {
  override readonly name = 'Exit';
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

const textOf = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  const found: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return typeof found === 'string' ? found : undefined;
};

const byKind: Readonly<Record<string, number>> = { usage: exitCode.usage, unsupported: exitCode.usage, decode: exitCode.data };

/** A port that could not be opened names its path; a package that is missing is no missing port. */
const isMissingPort = (error: object): boolean => {
  const details: unknown = (error as { readonly details?: unknown }).details;
  return textOf(error, 'code') === 'open' && textOf(details, 'path') !== undefined && textOf(details, 'reason') !== 'package';
};

/** A symbolic link that could not be made names its path. */
const isRefusedLink = (error: object): boolean => textOf(error, 'code') === 'link' && textOf((error as { readonly details?: unknown }).details, 'link') !== undefined;

/** The exit code an error ends with. The emulator's errors have the shape of the package's, not its class. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof Exit) return error.code;
  if (typeof error !== 'object' || error === null) return exitCode.failed;
  const kind = textOf(error, 'kind');
  if (kind === 'transport' && isMissingPort(error)) return exitCode.missing;
  if (kind === 'usage' && isRefusedLink(error)) return exitCode.missing;
  return byKind[kind ?? ''] ?? exitCode.failed;
};
