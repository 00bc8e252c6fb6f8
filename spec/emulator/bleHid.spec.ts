import { hidComputer, type HidReport } from 'rx-esp-at/emulator';
import { ERROR, OK } from './bench.js';
import { BleBench } from './bleBench.js';

const device = '24:0a:c4:03:f4:d6';

/** A module with HID on, and a computer that takes it. */
const taken = (firmware: '2.1.0' | '4.1.0') => {
  const bench = new BleBench(firmware);
  const { server: module, air } = bench;
  const computer = hidComputer({ air });
  const reports: HidReport[] = [];
  let over = 0;
  expect(module.command('AT+BLEHIDINIT=1')).toBe(OK);
  const using = computer.reports(device).subscribe({ next: (report) => reports.push(report), complete: () => (over += 1) });
  expect(module.send('', 500)).toBe('+BLEHIDCONN\r\n');
  return { bench, module, computer, reports, using, over: () => over };
};

describe.each(['2.1.0', '4.1.0'] as const)('BLE HID in %s', (firmware) => {
  test('the computer gets every report', () => {
    const { module, reports } = taken(firmware);
    expect(module.command('AT+BLEHIDKB=2,4,5,6,7,8,255')).toBe(OK);
    expect(module.command('AT+BLEHIDKB=0,0,0,0,0,0,0')).toBe(OK);
    expect(module.command('AT+BLEHIDMUS=1,10,-127,127')).toBe(OK);
    expect(module.command('AT+BLEHIDCONSUMER=233')).toBe(OK);
    expect(module.command('AT+BLEHIDCONSUMER=65535')).toBe(OK);
    expect(reports).toEqual([
      { kind: 'keyboard', modifiers: 2, keys: [4, 5, 6, 7, 8, 255] }, { kind: 'keyboard', modifiers: 0, keys: [0, 0, 0, 0, 0, 0] },
      { kind: 'mouse', buttons: 1, x: 10, y: -127, wheel: 127 }, { kind: 'consumer', usage: 233 }, { kind: 'consumer', usage: 65535 },
    ]);
  });

  test('without a computer, or beyond the limits, it is an ERROR', () => {
    const { server: module } = new BleBench(firmware);
    const lines = ['AT+BLEHIDKB=0,4,0,0,0,0,0', 'AT+BLEHIDMUS=0,10,10,0', 'AT+BLEHIDCONSUMER=233'];
    for (const line of lines) expect([line, module.command(line)]).toEqual([line, ERROR]);
    expect(module.command('AT+BLEHIDINIT=1')).toBe(OK);
    for (const line of lines) expect([line, module.command(line)]).toEqual([line, ERROR]);
    const { module: other } = taken(firmware);
    for (const line of ['AT+BLEHIDKB=256,4,0,0,0,0,0', 'AT+BLEHIDKB=0,4', 'AT+BLEHIDMUS=0,128,0,0', 'AT+BLEHIDMUS=0,0,0,-128', 'AT+BLEHIDCONSUMER=65536', 'AT+BLEHIDINIT=2']) {
      expect([line, other.command(line)]).toEqual([line, ERROR]);
    }
  });

  test('it excludes GATT and BluFi, and they exclude it', () => {
    const { module } = taken(firmware);
    for (const line of ['AT+BLEINIT=1', 'AT+BLEINIT=2', 'AT+BLEADVSTART', 'AT+BLESCAN=1', 'AT+BLECONN?', 'AT+BLUFI=1']) expect([line, module.command(line)]).toEqual([line, ERROR]);
    expect(module.command('AT+BLEHIDINIT?')).toBe(`+BLEHIDINIT:1\r\n${OK}`);
    expect(module.command('AT+BLEHIDINIT=1')).toBe(OK);
    expect(module.command('AT+BLEHIDINIT=0')).toBe(`+BLEHIDDISCONN\r\n${OK}`);
    expect(module.command('AT+BLEHIDINIT?')).toBe(`+BLEHIDINIT:0\r\n${OK}`);
    expect(module.command('AT+BLUFI=1')).toBe(OK);
    expect(module.command('AT+BLEHIDINIT=1')).toBe(ERROR);
    expect(module.command('AT+BLUFI=0')).toBe(OK);
    expect(module.command('AT+BLEINIT=2')).toBe(OK);
    expect(module.command('AT+BLEHIDINIT=1')).toBe(ERROR);
  });

  test('the connection ends by the computer, by the module, out of reach and with a restart; then it advertises again', () => {
    const { bench, module, computer, using, over } = taken(firmware);
    using.unsubscribe();
    expect(module.send('', 200)).toBe('+BLEHIDDISCONN\r\n');
    expect(over()).toBe(0);
    expect(module.command('AT+BLEHIDKB=0,4,0,0,0,0,0')).toBe(ERROR);
    const ends: string[] = [];
    const use = (): void => void computer.reports(device).subscribe({ complete: () => ends.push('over'), error: (error: { code: string }) => ends.push(error.code) });
    use();
    expect(module.send('', 500)).toBe('+BLEHIDCONN\r\n');
    use();
    expect(ends).toEqual(['overlap']);
    bench.air.place(computer.address, { x: 999, y: 0 });
    expect(module.send('', 7000)).toBe('+BLEHIDDISCONN\r\n');
    expect(ends).toEqual(['overlap', 'over']);
    bench.air.place(computer.address, { x: 1, y: 0 });
    use();
    expect(module.send('', 500)).toBe('+BLEHIDCONN\r\n');
    module.module.reset();
    bench.wait(7000);
    expect(ends).toEqual(['overlap', 'over', 'over']);
    module.take();
    module.command('ATE0');
    expect(module.command('AT+BLEHIDINIT?')).toBe(`+BLEHIDINIT:0\r\n${OK}`);
  });

  test('another module sees the HID service, and gets reports once it has asked for them', () => {
    const { server: module, client } = new BleBench(firmware);
    module.command('AT+BLEHIDINIT=1');
    client.command('AT+BLEINIT=1');
    client.command(`AT+BLECONN=0,"${device}"`, 1000);
    expect(module.take()).toBe('+BLEHIDCONN\r\n');
    expect(client.command('AT+BLEGATTCPRIMSRV=0')).toContain('+BLEGATTCPRIMSRV:0,3,0x1812,1\r\n');
    expect(client.command('AT+BLEGATTCCHAR=0,3')).toContain('+BLEGATTCCHAR:"char",0,3,5,0x2A4D,0x12\r\n+BLEGATTCCHAR:"desc",0,3,5,1,0x2902\r\n+BLEGATTCCHAR:"desc",0,3,5,2,0x2908\r\n');
    expect(module.command('AT+BLEHIDKB=0,4,0,0,0,0,0')).toBe(OK);
    client.command('AT+BLEGATTCWR=0,3,5,1,2');
    client.send('\x01\0');
    module.command('AT+BLEHIDKB=0,5,0,0,0,0,0');
    expect(client.take()).toBe('+NOTIFY:0,3,5,8,\0\0\x05\0\0\0\0\0\r\n');
  });
});
