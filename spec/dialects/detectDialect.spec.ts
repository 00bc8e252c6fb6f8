import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectDialect } from '../../lib/dialects/detectDialect.js';

const recorded = (): readonly (readonly [file: string, lines: readonly string[]])[] => {
  const folder = join(__dirname, '..', 'fixtures', 'firmware');
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/"(AT version:(?:[^"\\]|\\.)*)"/g), ...text.matchAll(/"(?:aT\+gmr|AT\+GMR)\\r\\n((?:[^"\\]|\\.)*)"/g)]
      .map(([, found = '']) => (JSON.parse(`"${found}"`) as string).split('\r\n').filter((line) => line !== ''))
      .filter((lines) => lines.length > 2)
      .map((lines) => [file, lines] as const);
  });
};

test('every recorded answer to AT+GMR', () => {
  const all = recorded();
  expect(all.length).toBeGreaterThan(4);
  for (const [file, lines] of all) {
    const expected = file.startsWith('v2000')
      ? { dialect: 'v2', version: '2.0.0.0', sdk: 'v3.3', product: 'WROOM-32' }
      : { dialect: 'v4', version: '4.1.0.0-dev', sdk: 'v5.4.1-643-g8ad0d3d8f2-dirty', product: 'WROOM-32' };
    expect(detectDialect(lines)).toEqual({ ...expected, lines });
  }
});

test.each([
  ['2.1', ['AT version:2.1.0.0(883f7f2 - Jul 24 2020 11:50:07)', 'SDK version:v4.0.1-193-ge7ac221b4', 'compile time(b2a2ee1):Jul 28 2020', 'Bin version:2.1.0(WROOM-32)'], 'v2', '2.1.0.0'],
  ['2.2', ['AT version:2.2.0.0(c6fa6bf - ESP32 - Jul  2 2021 06:44:05)', 'SDK version:v4.2.2-76-gefa6eca', 'Bin version:2.2.0(WROOM-32)'], 'v2.4', '2.2.0.0'],
  ['2.4', ['AT version:2.4.0.0(4c6eb5e - ESP32C3 - May 20 2022 03:12:58)', 'SDK version:qa-test-v4.3.3-20220423', 'Bin version:2.4.0(MINI-1)'], 'v2.4', '2.4.0.0'],
  ['2.3 for ESP8266', ['AT version:2.3.0.0-dev(s-bcd64d2 - ESP8266 - Jun 23 2021 11:42:05)', 'SDK version:v3.4-22-g967752e2'], 'v2.4', '2.3.0.0-dev'],
  ['3.2', ['AT version:3.2.0.0(s-ec2dec2 - ESP32C6 - Aug 18 2023)', 'SDK version:v5.1-dirty'], 'v3', '3.2.0.0'],
  ['3.5', ['AT version:3.5.0.0-dev(x - ESP32 - Feb 12 2025)', 'SDK version:v5.0.6'], 'v3', '3.5.0.0-dev'],
  ['4.2', ['AT version:4.2.0.0-dev(x - ESP32 - Oct 1 2025)', 'SDK version:v5.4.1'], 'v4', '4.2.0.0-dev'],
  ['5.0', ['AT version:5.0.0.0(x - ESP32 - Jan 1 2026)', 'SDK version:v6.0'], 'v5', '5.0.0.0'],
  ['12.0 is compared as a number', ['AT version:12.0.0.0(x)'], 'v5', '12.0.0.0'],
  ['2.10 too', ['AT version:2.10.0.0(x)'], 'v2.4', '2.10.0.0'],
  ['1.x on ESP32', ['AT version:1.2.0.0(90458f0 - Nov  4 2018 08:05:11)', 'SDK version:v3.0.7', 'compile time(6f1b35c):Jul 1 2019'], 'v1', '1.2.0.0'],
  ['1.x on ESP8266', ['AT version:1.7.4.0(May 11 2020 19:13:04)', 'SDK version:3.0.4(9532ceb)', 'compile time:May 27 2020 10:12:17', 'Bin version(Wroom 02):1.7.4'], 'nonos', '1.7.4.0'],
  ['old NONOS', ['AT version:0.40.0.0(Aug  8 2015 14:45:58)', 'SDK version:1.3.0', 'Ai-Thinker Technology Co.,Ltd.'], 'nonos', '0.40.0.0'],
  ['a log line before it', ['I (400) wifi: x', 'AT version:2.1.0.0(883f7f2 - Jul 24 2020)'], 'v2', '2.1.0.0'],
])('%s', (_, lines, dialect, version) => {
  expect(detectDialect(lines)).toMatchObject({ dialect, version, lines });
});

test.each([[[]], [['OK']], [['Quectel', 'EC25', 'Revision: EC25EFAR06A01M4G']], [['AT version:unknown']], [['SDK version:v5.1']]])('no version in %j', (lines) => {
  expect(detectDialect(lines)).toBeUndefined();
});
