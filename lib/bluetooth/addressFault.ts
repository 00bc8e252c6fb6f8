import { AtError } from '../../operators/atError.js';
import { mac } from '../codec/index.js';

/** The `usage` error for what is no address of a device, or undefined. */
export const addressFault = (address: string): AtError | undefined =>
  mac.codec.is(address) ? undefined : new AtError({ kind: 'usage', code: 'address', message: 'an address has six pairs of hex digits, with colons between' });
