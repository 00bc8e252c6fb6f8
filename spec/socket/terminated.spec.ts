import { mergeMap } from 'rxjs';
import { tcp, transparent } from '../../lib/index.js';
import { cutText, terminatedText } from '../../lib/socket/terminatedText.js';
import { sink } from '../../transports/emulator/network/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { named, string, text } from './world.js';

const host = '192.168.4.2';

const sent = (firmware: '2.0.0' | '2.1.0' | '4.1.0', data: Uint8Array, options = {}) => {
  const parts: Buffer[] = [];
  const world = joinedModule({ emulator: { firmware }, network: { hosts: { [host]: { tcp: { 9: sink({ each: (bytes) => parts.push(Buffer.from(bytes)) }) } } } } });
  const seen = observed(tcp(world.at, { host, port: 9 }).pipe(mergeMap((socket) => socket.send(data, { terminated: true, ...options }))));
  world.run(60_000);
  return { got: Buffer.concat(parts), lines: world.sent.filter((line) => line.startsWith('AT+CIPSEND')), progress: seen.values.map((step) => step.sent), error: seen.error };
};

describe('text that ends by \\0 (document 000 §4.6)', () => {
  it.each([
    ['4.1.0', 'plain', ['AT+CIPSENDEX=4,7']],
    ['4.1.0', 'a\\0b', ['AT+CIPSENDEX=4,7']],
    ['4.1.0', 'a\\\\0', ['AT+CIPSENDEX=4,8']],
    ['4.1.0', '\\', ['AT+CIPSENDEX=4,4']],
    ['4.1.0', 'a\0\r\n>+++', ['AT+CIPSENDEX=4,10']],
    ['2.0.0', 'plain', ['AT+CIPSENDEX=4,7']],
    ['2.0.0', 'a\\0b', ['AT+CIPSENDEX=4,4', 'AT+CIPSENDEX=4,4']],
    ['2.0.0', 'a\\\\0', ['AT+CIPSENDEX=4,5', 'AT+CIPSENDEX=4,3']],
    ['2.0.0', 'x\\n', ['AT+CIPSENDEX=4,5']],
    ['2.1.0', '\\', ['AT+CIPSENDEX=4,3']],
  ] as const)('firmware %s: %j comes as it is', (firmware, data, lines) => {
    const result = sent(firmware, text(data));
    expect(result.error).toBeUndefined();
    expect(string(result.got)).toBe(data);
    expect(result.lines).toEqual(lines);
    expect(result.progress.at(-1)).toBe(data.length);
  });

  it.each(['2.0.0', '4.1.0'] as const)('firmware %s: longer than one slice, with backslashes and zeros at random', (firmware) => {
    const random = seeded(7);
    const data = Uint8Array.from({ length: 20_000 }, () => [0x5c, 0x30, 0x41, 0x00][Math.floor(random() * 40)] ?? Math.floor(random() * 256));
    const result = sent(firmware, data);
    expect(result.error).toBeUndefined();
    expect(result.got.equals(Buffer.from(data))).toBe(true);
    expect(result.progress.at(-1)).toBe(data.length);
  });

  it('is not for bulk sends, nor for a raw stream', () => {
    expect(named(sent('4.1.0', text('abc'), { bulk: 3 }).error)).toBe('usage/option');
    const world = joinedModule({ network: { hosts: { [host]: { tcp: { 9: sink() } } } } });
    const raw = observed(transparent(world.at, { host, port: 9 }).pipe(mergeMap((duplex) => duplex.send(text('abc'), { terminated: true }))));
    world.run(10_000);
    expect(named(raw.error)).toBe('unsupported/option');
  });

  it('never takes more of the line than the limit', () => {
    for (const escapes of [true, false]) {
      const data = Uint8Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 0x5c : 0x41));
      const taken = cutText(data, 50, escapes);
      expect(terminatedText(data.subarray(0, taken), escapes).length).toBeLessThanOrEqual(50);
      expect(terminatedText(data.subarray(0, taken + 1), escapes).length).toBeGreaterThan(50);
    }
  });
});
