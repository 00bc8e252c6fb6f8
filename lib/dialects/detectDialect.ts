import type { DialectName } from './dialect.js';

/** What `AT+GMR` says about a module. */
export interface Firmware {
  readonly dialect: DialectName;
  /** `2.1.0.0`, with its suffix (`4.1.0.0-dev`). */
  readonly version: string;
  readonly sdk?: string;
  /** The product in parentheses of the Bin line: `WROOM-32`. */
  readonly product?: string;
  /** Every line, as it came. */
  readonly lines: readonly string[];
}

const find = (lines: readonly string[], pattern: RegExp): string | undefined => {
  for (const text of lines) {
    const match = pattern.exec(text);
    if (match !== null) return match[1];
  }
  return undefined;
};

const byVersion = (version: string, lines: readonly string[], sdk: string | undefined): DialectName => {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major >= 5) return 'v5';
  if (major === 4) return 'v4';
  if (major === 3) return 'v3';
  if (major === 2) return minor < 2 ? 'v2' : 'v2.4';
  // 1.x is either ESP32 (`(hash - date)` and an SDK version with v) or ESP8266 NONOS.
  const esp32 = lines.some((text) => /^AT version:.*\([0-9a-f]+ - /.test(text)) && sdk?.startsWith('v') === true;
  return esp32 ? 'v1' : 'nonos';
};

/** Tells dialect and release from the lines of `AT+GMR`; `undefined` when none of them is a version. Compares version numbers, never dates. */
export const detectDialect = (lines: readonly string[]): Firmware | undefined => {
  const version = find(lines, /^AT version:\s*v?(\d+(?:\.\d+)+(?:-\w+)?)/);
  if (version === undefined) return undefined;
  const sdk = find(lines, /^SDK version:\s*(.+)$/);
  const product = find(lines, /^Bin version:[^(]*\(([^)]+)\)/);
  return {
    dialect: byVersion(version, lines, sdk),
    version,
    ...(sdk === undefined ? {} : { sdk }),
    ...(product === undefined ? {} : { product }),
    lines,
  };
};
