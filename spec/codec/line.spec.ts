import * as fc from 'fast-check';
import { address, anyInt, arranged, bareText, concealed, fields, flag, int, line, mac, multiple, optional, scanBit, showSender, text, uint, when, whenOptional, type Line, type Shape } from '../../lib/codec/index.js';
import { countedHead, decodeLine, isOpaque, maskLine } from '../../lib/codec/line.js';
import { AtError } from '../../operators/atError.js';

const shape: Shape = { cipmux: false, cipdinfo: false, scanMask: 0x7ff };
const read = (declared: Line, wire: string, at: Partial<Shape> = {}): unknown => {
  const found = decodeLine(declared, wire, { ...shape, ...at });
  return found instanceof AtError ? found.message : found;
};
const wireOf = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');

const accessPoint = line(
  '+CWLAP:(',
  fields({
    encryption: whenOptional(scanBit(0), uint), ssid: whenOptional(scanBit(1), text()), rssi: whenOptional(scanBit(2), anyInt), bssid: whenOptional(scanBit(3), mac), channel: whenOptional(scanBit(4), anyInt),
    offset: whenOptional(scanBit(5), anyInt), calibration: whenOptional(scanBit(6), anyInt),
  }),
  { close: ')' },
);
const joined = line('+CWJAP:', fields({ ssid: text(), bssid: mac, channel: uint, rssi: anyInt, pci: optional(flag), interval: optional(anyInt), listen: optional(anyInt), scan: optional(uint), pmf: optional(anyInt) }));

/** What an access point may call itself. */
const hostile = fc.array(
  fc.oneof(fc.constantFrom('"', ',', '\\', ')', '(', '+IPD,0,5:', '",', ',"', '"),', 'OK', '-40', '","00:11:22:33:44:55",', '",-30,"aa:bb:cc:dd:ee:ff",6', '+CWLAP:(', ' ', '\x01', '\x7f', 'é', '漢'), fc.string({ maxLength: 3 })),
  { maxLength: 6 },
).map((parts) => parts.join('')).filter((name) => !/[\r\n\0]/.test(name) && Buffer.byteLength(name) <= 40);

describe('names of others', () => {
  test('stand in the line as they are, and are read from both ends', () => {
    fc.assert(fc.property(hostile, fc.integer({ min: -120, max: 0 }), fc.integer({ min: 1, max: 14 }), fc.constantFrom('', ',-7,0'), (ssid, rssi, channel, tail) => {
      const wire = `+CWLAP:(3,"${wireOf(ssid)}",${String(rssi)},"00:aa:11:bb:22:cc",${String(channel)}${tail})`;
      expect(read(accessPoint, wire)).toMatchObject({ encryption: 3, ssid, rssi, bssid: '00:aa:11:bb:22:cc', channel });
    }), { seed: 11, numRuns: 1500 });
  });

  test('before an optional tail of any length, and of a newer firmware', () => {
    fc.assert(fc.property(hostile, fc.integer({ min: 0, max: 5 }), (ssid, given) => {
      const tail = [0, 1, 3, 0, 0].slice(0, given).map((value) => `,${String(value)}`).join('');
      const wire = `+CWJAP:"${wireOf(ssid)}","00:aa:11:bb:22:cc",11,-49${tail}`;
      expect(read(joined, wire)).toMatchObject({ ssid, bssid: '00:aa:11:bb:22:cc', channel: 11, rssi: -49, ...(given === 5 ? { pmf: 0 } : {}) });
    }), { seed: 12, numRuns: 1500 });
    expect(read(joined, '+CWJAP:"a","00:aa:11:bb:22:cc",11,-49,0,1,3,0,0,77,"more"')).toMatchObject({ ssid: 'a', pmf: 0 });
  });

  test('a spoof that mirrors the whole tail cannot displace the true one', () => {
    const ssid = 'x","11:11:11:11:11:11",1,-1,0,0,0,0,0';
    expect(read(joined, `+CWJAP:"${ssid}","22:22:22:22:22:22",6,-60,0,0,3,0,0`)).toMatchObject({ ssid, bssid: '22:22:22:22:22:22', channel: 6 });
  });

  test('bytes that are no UTF-8 come back unchanged', () => {
    expect(read(accessPoint, '+CWLAP:(0,"\xff\xfe\x80",-1,"00:aa:11:bb:22:cc",1)')).toMatchObject({ ssid: '\uDCFF\uDCFE\uDC80' });
  });

  test('bare text to the end of the line', () => {
    const name = line('+CWHOSTNAME:', fields({ name: bareText }));
    expect(read(name, '+CWHOSTNAME:ab"c,d\\e')).toEqual({ name: 'ab"c,d\\e' });
    expect(read(name, '+CWHOSTNAME:')).toEqual({ name: '' });
    expect(read(name, '+CWHOSTNAME:"a"')).toEqual({ name: 'a' });
  });
});

describe('shapes', () => {
  test('the mask of AT+CWLAPOPT decides which fields there are', () => {
    expect(read(accessPoint, '+CWLAP:("a,b",-5)', { scanMask: 0b110 })).toMatchObject({ ssid: 'a,b', rssi: -5 });
    expect(read(accessPoint, '+CWLAP:("00:aa:11:bb:22:cc")', { scanMask: 0b1000 })).toMatchObject({ bssid: '00:aa:11:bb:22:cc' });
  });

  test('a leading link ID, where there is one', () => {
    const connect = line('CONNECT', fields({}), { lead: fields({ link: optional(int(0, 4)) }) });
    expect([read(connect, '3,CONNECT'), read(connect, 'CONNECT'), read(connect, 'x,CONNECT'), read(connect, '3,CONNECTED')]).toEqual([{ link: 3 }, { link: undefined }, undefined, undefined]);
  });

  test('what may be missing before a fixed field takes its comma along', () => {
    const head = line('+IPD,', fields({ link: optional(int(0, 4)), length: uint, address: optional(address), port: optional(uint) }));
    expect(read(head, '+IPD,5')).toMatchObject({ link: undefined, length: 5 });
    expect(read(head, '+IPD,0,5')).toMatchObject({ link: 0, length: 5 });
    expect(read(head, '+IPD,5,"1.2.3.4",80')).toMatchObject({ link: undefined, length: 5, address: '1.2.3.4', port: 80 });
    expect(read(head, '+IPD,0,5,"fe80::1",80')).toMatchObject({ link: 0, length: 5, address: 'fe80::1', port: 80 });
  });

  test('counted heads follow the settings', () => {
    const data = arranged(line('+CIPRECVDATA:', fields({ length: uint, address: when(showSender, address), port: when(showSender, uint) }), { counted: 'length', proof: true }), (found) => found);
    expect(countedHead(data, shape)).toEqual({ prefix: '+CIPRECVDATA:', end: ',', layouts: [{ fields: 1, length: 0 }], proof: true });
    expect(countedHead(data, { ...shape, cipdinfo: true })).toMatchObject({ layouts: [{ fields: 3, length: 0 }] });
    expect(read(data, '+CIPRECVDATA:5,"1.2.3.4",80', { cipdinfo: true })).toEqual({ length: 5, address: '1.2.3.4', port: 80 });
    expect(countedHead(joined, shape)).toBeUndefined();
    expect([isOpaque(joined), isOpaque(data)]).toEqual([true, false]);
  });

  test('the same declaration read in one shape and then in another', () => {
    const row = line('+X:', fields({ link: when(multiple, uint), value: uint }));
    expect([read(row, '+X:1,2', { cipmux: true }), read(row, '+X:2'), read(row, '+X:3,4', { cipmux: true })]).toEqual([{ link: 1, value: 2 }, { value: 2 }, { link: 3, value: 4 }]);
  });
});

describe('what cannot be read', () => {
  test('another line is none, a wrong field is an error that names line and field', () => {
    expect(read(joined, '+CWJAP:3')).toBeUndefined();
    expect(read(line('+X:', fields({ on: flag })), '+Y:1')).toBeUndefined();
    expect(decodeLine(line('+X:', fields({ when: address })), '+X:"."', shape)).toMatchObject({ kind: 'decode', code: 'field', details: { line: '+X:"."', field: 'when' } });
  });

  test('never throws, whatever the line', () => {
    fc.assert(fc.property(fc.constantFrom<Line>(joined, accessPoint, line('+X:', fields({ a: text(), b: text(), c: optional(uint) }))), fc.string({ maxLength: 60 }), (declared, rest) => {
      const found = decodeLine(declared, declared.prefix + rest, shape);
      expect(found === undefined || typeof found === 'object').toBe(true);
    }), { seed: 13, numRuns: 1000 });
  });

  test('secrets stay hidden: masked with their length, or with all that follows where they cannot be told apart', () => {
    const softAp = line('+CWSAP:', fields({ ssid: text(), password: concealed(text()), channel: int(1, 14) }));
    fc.assert(fc.property(hostile, hostile.filter((value) => value.length > 0), (ssid, password) => {
      const begin = `+CWSAP:"${wireOf(ssid)}","`;
      const wire = `${begin}${wireOf(password)}",6`;
      const { shown } = maskLine(softAp, wire, shape);
      expect(shown).toHaveLength(wire.length);
      expect(shown.slice(begin.length, -3)).toBe('*'.repeat(wireOf(password).length));
    }), { seed: 14, numRuns: 500 });
    expect(maskLine(softAp, '+CWSAP:"ap","pass\'word",6', shape)).toEqual({ shown: '+CWSAP:"ap","*********",6', secrets: ["pass'word"] });
    expect(maskLine(softAp, '+CWSAP:"ap","password",x', shape)).toEqual({ shown: `+CWSAP:${'*'.repeat(17)}`, secrets: [] });
    expect(maskLine(joined, '+CWJAP:"ap"', shape)).toEqual({ shown: '+CWJAP:"ap"', secrets: [] });
    const wrong = decodeLine(line('+P:', fields({ password: concealed(text()), at: address })), '+P:"hidden1",.', shape);
    expect(wrong).toMatchObject({ kind: 'decode', details: { line: '+P:"*******",.' } });
  });
});
