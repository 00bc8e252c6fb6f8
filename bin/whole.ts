import { InvalidArgumentError } from 'commander';

/** Reads a whole number between two limits, both allowed. */
export const whole = (min: number, max: number) => (text: string): number => {
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Expected a whole number from ${String(min)} to ${String(max)}.`);
  return value;
};
