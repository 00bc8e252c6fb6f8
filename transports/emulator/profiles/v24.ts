import type { Profile } from './profile.js';
import { v410 } from './v4.js';

/** AT 2.4.0.0 for ESP32: from its message strings; where they do not speak, as 4.1. The version text has the form of its releases. */
export const v240: Profile = {
  ...v410,
  version: '2.4.0',
  release: 24,
  versionLines: [
    'AT version:2.4.0.0(4c6eb5e - ESP32 - May 20 2022 03:12:58)',
    'SDK version:qa-test-v4.3.3-20220423',
    'compile time(5641e0a):May 20 2022 11:13:44',
    'Bin version:2.4.0(WROOM-32)',
  ],
  bootText: [],
  // An eleventh station is taken from 4.1 on.
  limits: { ...v410.limits, softApStations: 10 },
  defaults: { ...v410.defaults, softApStationsOmitted: 10 },
  style: {
    ...v410.style,
    // 2.x devices print -1 for links that are not open, 3.5 prints 0.
    closedLength: -1,
    joinsBeforeReady: false,
  },
  partitions: [],
};
