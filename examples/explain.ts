import { isAtError } from 'rx-esp-at';

/** An error in words. */
export const explain = (error: unknown): string => {
  if (!isAtError(error)) return error instanceof Error ? error.message : String(error);
  return `${error.message} (${error.kind}/${error.code})`;
};
