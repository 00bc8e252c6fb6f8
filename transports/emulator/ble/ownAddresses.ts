import type { Radio } from './radio.js';

/** What the module can call itself: its public address, or the random one of AT+BLEADDR. */
export class OwnAddresses {
  /** The random address, or none. */
  random: string | undefined;

  constructor(private readonly radio: Radio) {}

  /** The public address. */
  get fixed(): string {
    return this.radio.address;
  }

  /** The random address where it is wanted and there is one. */
  pick(random: boolean): { readonly address: string; readonly addressType: number } {
    return random && this.random !== undefined ? { address: this.random, addressType: 1 } : { address: this.fixed, addressType: 0 };
  }
}
