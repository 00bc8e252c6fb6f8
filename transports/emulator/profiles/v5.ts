import type { Profile } from './profile.js';
import { v410 } from './v4.js';

/** AT 5.0.0.0 for ESP32: from its message strings; else as 4.1. Hash and dates of the version are made up. */
export const v500: Profile = {
  ...v410,
  version: '5.0.0',
  release: 50,
  versionLines: [
    'AT version:5.0.0.0(s-b1dca01 - ESP32 - Jan 12 2026 11:41:05)',
    'SDK version:v5.5.1-dirty',
    'compile time(0980805f):Jan 14 2026 20:22:07',
    'Bin version:v5.0.0.0(WROOM-32)',
  ],
  bootText: [],
  // `+ERRNO:0x%x` is in 5.0 and later.
  style: { ...v410.style, errorNumbers: true },
};
