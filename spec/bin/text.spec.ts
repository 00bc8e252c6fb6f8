import { accessPoint } from '../../bin/accessPoint.js';
import { exitCodeOf, Exit } from '../../bin/exitCode.js';
import { printable, printableBytes } from '../../bin/printable.js';
import { list, table, width } from '../../bin/table.js';
import { createTextLines } from '../../bin/textLines.js';
import { AtError } from '../../lib/index.js';

describe('text of others', () => {
  it.each([
    ['letters of any script', 'Café 网络', 'Café 网络'],
    ['colours', '\x1b[31mred', '\\e[31mred'],
    ['line ends and bells', 'a\r\nb\x07', 'a\\r\\nb\\x07'],
    ['C1 controls', '\x9b2J', '\\x9b2J'],
    ['text turned round', 'a\u202eb', 'a\\u{202e}b'],
    ['bytes that are no UTF-8', '\udcff', '\\xff'],
  ])('has no power over the terminal: %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('is read from bytes as UTF-8 where it is', () => {
    expect(printableBytes(Buffer.from('Café'))).toBe('Café');
    expect(printableBytes(Uint8Array.of(0x41, 0xff, 0x00))).toBe('A\\xff\\x00');
  });
});

describe('tables', () => {
  it('align by what a terminal shows', () => {
    expect(width('网a\u0301')).toBe(3);
    expect(table(['a', 'b'], [['网络', '1'], ['x', '2']])).toBe('a     b\n网络  1\nx     2');
    expect(table(['name'], [['a long text']], 6)).toBe('name\na lon…');
    expect(list([['a', '1'], ['long', undefined], ['bb', '2']])).toBe('a   1\nbb  2');
  });
});

describe('lines of a capture', () => {
  it('are the same however the bytes come', () => {
    const bytes = Buffer.from('one\n\nthr€e\nfour');
    for (const size of [1, 2, 5, 100]) {
      const lines = createTextLines();
      const found = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...lines.push(bytes.subarray(at, at + size)));
      found.push(...lines.end());
      expect(found).toEqual([{ number: 1, text: 'one' }, { number: 2, text: '' }, { number: 3, text: 'thr€e' }, { number: 4, text: 'four' }]);
    }
  });

  it('are not kept when they have no end', () => {
    const lines = createTextLines();
    const piece = new Uint8Array(8 << 20).fill(0x41);
    for (let count = 0; count < 5; count += 1) expect(lines.push(piece)).toEqual([]);
    expect(lines.push(Buffer.from('\nb\n'))).toEqual([{ number: 1 }, { number: 2, text: 'b' }]);
  });
});

describe('--ap', () => {
  it.each([
    ['Home,correct horse,6,-48', { ssid: 'Home', password: 'correct horse', channel: 6, rssi: -48 }],
    ['Guests,', { ssid: 'Guests' }],
    ['Espressif,,5', { ssid: 'Espressif', channel: 5 }],
    ['a\\,b,pass\\"word\\\\1,1,-1', { ssid: 'a,b', password: 'pass"word\\1', channel: 1, rssi: -1 }],
  ])('reads %s', (text, expected) => {
    expect(accessPoint(text)).toEqual([expected]);
    expect(accessPoint(text, [{ ssid: 'first' }])).toEqual([{ ssid: 'first' }, expected]);
  });

  it.each(['Home', ',password1', 'Home,short', 'a,password1,15', 'a,password1,1,5', 'a,password1,1,-1,x', 'a"b,', 'a\\b,', 'a\\', `${'x'.repeat(33)},`, `a,${'x'.repeat(65)}`])('refuses %s', (text) => {
    expect(() => accessPoint(text)).toThrow(/./);
  });
});

describe('exit codes', () => {
  const error = (kind: AtError['kind'], code: string, details = {}) => new AtError({ kind, code, message: 'no', details });
  it.each([
    [2, error('usage', 'parameter')],
    [2, error('unsupported', 'firmware')],
    [65, error('decode', 'line')],
    [66, error('transport', 'open', { path: '/dev/x', reason: 'not-found' })],
    [1, error('transport', 'open', { path: '/dev/x', reason: 'package' })],
    [1, error('transport', 'open')],
    [1, error('transport', 'lost', { path: '/dev/x' })],
    [1, error('module', 'no-answer')],
    [1, new Error('anything')],
    [1, 'thrown text'],
    [7, new Exit(7, 'given')],
  ])('%d', (code, cause) => {
    expect(exitCodeOf(cause)).toBe(code);
  });
});
