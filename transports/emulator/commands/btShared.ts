import type { Classic } from '../bt/classic.js';
import type { Call } from '../device.js';
import { demand } from './shared.js';

/** Classic Bluetooth that is on; refused otherwise. */
export const classicOn = (call: Call): Classic => {
  const { classic } = call.device.applications;
  demand(classic.on, call);
  return classic;
};

/** The first parameter names the connection, and there is one. */
export const onlyConnection = ({ args }: Call): void => {
  args.int(0, { min: 0, max: 0 });
};
