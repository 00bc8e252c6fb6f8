import { nonos174 } from './nonos.js';
import type { DialectName, FirmwareVersion, Profile } from './profile.js';
import { v113 } from './v1.js';
import { v200, v210 } from './v2.js';
import { v240 } from './v24.js';
import { v340 } from './v3.js';
import { v410 } from './v4.js';
import { v500 } from './v5.js';

/** The profile of each emulated release. */
export const profiles: Readonly<Record<FirmwareVersion, Profile>> = {
  '1.1.3': v113, '1.7.4': nonos174, '2.0.0': v200, '2.1.0': v210, '2.4.0': v240, '3.4.0': v340, '4.1.0': v410, '5.0.0': v500,
};

/** The emulated releases of each dialect; the first is the one a dialect stands for. */
export const emulatedReleases: Readonly<Record<DialectName, readonly [FirmwareVersion, ...FirmwareVersion[]]>> = {
  v1: ['1.1.3'], v2: ['2.1.0', '2.0.0'], 'v2.4': ['2.4.0'], v3: ['3.4.0'], v4: ['4.1.0'], v5: ['5.0.0'], nonos: ['1.7.4'],
};
