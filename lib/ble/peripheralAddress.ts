import { AtError } from '../../operators/atError.js';

/**
 * The address under which the module advertises: the chip's own (`public`), a random one that the firmware changes (`private`), or a random one that stays.
 * Of a static address the two highest bits are 1, and of the other 46 at least one is 0 and at least one is 1.
 */
export type PeripheralAddress = 'public' | 'private' | { readonly static: string };

const usage = (message: string, address: string): AtError => new AtError({ kind: 'usage', code: 'address', message, details: { address } });

/** What is wrong with a static address: `usage`/`address`. Document 000 §5.2. */
export const staticAddressFault = (address: string): AtError | undefined => {
  if (!/^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/.test(address)) return usage('an address has six bytes of two hex digits, with colons between', address);
  const [first = 0, ...rest] = address.split(':').map((pair) => Number.parseInt(pair, 16));
  if ((first & 0xc0) !== 0xc0) return usage('the two highest bits of a static address are 1', address);
  if (first === 0xc0 && rest.every((byte) => byte === 0)) return usage('the random part of a static address must not be all zeros', address);
  if (first === 0xff && rest.every((byte) => byte === 0xff)) return usage('the random part of a static address must not be all ones', address);
  return undefined;
};
