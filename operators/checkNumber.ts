import { AtError } from './atError.js';

/** The `usage` error for an option that is no whole number from `least` to `most` (`Infinity` passes where nothing bounds it), or undefined. Unset options pass. */
export const checkNumber = (option: string, value: number | undefined, least: number, most = Infinity): AtError | undefined =>
  value === undefined || ((Number.isInteger(value) || value === Infinity) && value >= least && value <= most)
    ? undefined
    : new AtError({
        kind: 'usage',
        code: option,
        message: `${option} must be a whole number from ${least} to ${most}`,
        details: { option, value, least, most },
      });
