import type { Profile } from './profile.js';
import { v410 } from './v4.js';

/** AT 3.4.0.0 for ESP32: from its message strings and what was seen of 3.5; else as 4.1. Hash and dates of the version are made up. */
export const v340: Profile = {
  ...v410,
  version: '3.4.0',
  release: 34,
  versionLines: [
    'AT version:3.4.0.0(s-ec2dec2 - ESP32 - Jun  7 2024 06:44:05)',
    'SDK version:v5.0.6-dirty',
    'compile time(c6fa6bf2):Jun  7 2024 15:03:11',
    'Bin version:v3.4.0.0(WROOM-32)',
  ],
  bootText: [],
  limits: { ...v410.limits, softApStations: 10 },
  defaults: { ...v410.defaults, softApStationsOmitted: 10 },
};
