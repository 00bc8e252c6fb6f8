import { InvalidArgumentError } from 'commander';

/** Reads the name of a network. */
export const networkName = (text: string): string => {
  const length = Buffer.byteLength(text);
  if (length === 0 || length > 32) throw new InvalidArgumentError('A network name has 1 to 32 bytes.');
  return text;
};
