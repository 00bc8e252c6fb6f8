import type { FirmwareVersion, Profile } from './profile.js';
import { v200, v210 } from './v2.js';
import { v410 } from './v4.js';

/** The profile of each emulated release. */
export const profiles: Readonly<Record<FirmwareVersion, Profile>> = { '2.0.0': v200, '2.1.0': v210, '4.1.0': v410 };
