import * as fc from 'fast-check';
import { createDecoder } from '../../lib/decode/createDecoder.js';
import type { CaptureEntry } from '../../lib/decode/decoded.js';
import { dialects } from '../../lib/dialects/dialects.js';
import type { DialectName } from '../../lib/dialects/dialect.js';
import { decodeAnyhow } from './captures.js';

const words = [
  'AT\r\n', 'AT+', '+IPD,', '+IPD,0,', '4:', '+CIPRECVDATA:', '+MQTTSUBRECV:0,"a",', '+WRITE:0,1,,', '+HTTPCLIENT:5, ', '>', '\r\nOK\r\n', '\r\nERROR\r\n',
  '\r\nready\r\n', 'busy p...\r\n', '+++', 'AT+CIPSEND=4\r\n', 'AT+CIPSEND\r\n', 'AT+CIPSENDL=9\r\n', 'AT+GMR\r\n', 'AT version:2.0.0.0(x)\r\n', '"', '\\', ',', '99999999999', '-1',
  '\0', '\xff', '\r', '\n', 'AT+CWJAP="', 'ERR CODE:0x01090000\r\n', 'AT+SYSFLASH=1,"p",0,3\r\n', 'Will force to restart!!!\r\n',
];
const bytes = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => Uint8Array.from(parts.join(''), (character) => character.charCodeAt(0))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
);
const entry: fc.Arbitrary<CaptureEntry> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ dir: fc.constant('rx' as const), bytes }) },
  { weight: 3, arbitrary: fc.record({ dir: fc.constant('tx' as const), bytes }) },
  { weight: 1, arbitrary: fc.record({ dir: fc.constant('wait' as const), ms: fc.constantFrom(1, 30, 1000, 3000, 60_000) }) },
);
const names: readonly (DialectName | 'auto')[] = ['auto', ...(Object.keys(dialects) as DialectName[])];

test('nothing that either side says makes a decoder throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(entry, { maxLength: 25 }), (dialect, entries) => {
      const decoder = createDecoder({ dialect });
      const out = [...entries.flatMap((each) => decoder.push(each)), ...decoder.end()];
      for (const decoded of out) expect(['command', 'event', 'raw', 'unknown', 'noise']).toContain(decoded.kind);
    }),
    { numRuns: 1500, seed: 11 },
  );
});

test('bytes the module sent unasked come out as something', () => {
  expect(decodeAnyhow([{ rx: '\x00\x81\xffgarbage\r\nhello\r\n' }])).toEqual([{ kind: 'noise', bytes: 12 }, { kind: 'unknown', text: 'hello' }]);
  expect(decodeAnyhow([{ rx: 'WIFI GOT IP\r\n+NEWTHING:1,"x"\r\n' }])).toEqual([
    { kind: 'event', name: 'WIFI GOT IP', fields: {} },
    { kind: 'unknown', text: '+NEWTHING:1,"x"' },
  ]);
});

test('a count that never fills is given up after 3 s of silence, and what it held is read', () => {
  const open = { rx: '\r\n+IPD,100:abc\r\nWIFI DISCONNECT\r\n' };
  const told = [{ kind: 'event', name: 'WIFI DISCONNECT', fields: {} }, { kind: 'event', name: 'ready', fields: {} }];
  const read = decodeAnyhow([open, { wait: 3000 }, { rx: '\r\nready\r\n' }]);
  expect(read.slice(-2)).toEqual(told);
  expect(decodeAnyhow([open, { wait: 2999 }, { rx: '\r\nready\r\n' }])).toEqual([]);
});
