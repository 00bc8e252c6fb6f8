import { decodeAnyhow, type Step } from './captures.js';

const quiet = { context: { echo: false } } as const;
const endOf = (steps: readonly Step[], config = quiet as Parameters<typeof decodeAnyhow>[1]): readonly [string, string][] =>
  decodeAnyhow(steps, config)
    .filter((decoded): decoded is { kind: 'command'; name: string; result: string } => (decoded as { kind: string }).kind === 'command')
    .map(({ name, result }) => [name, result]);

test('OK and ERROR, each with its command, echoed or not', () => {
  const steps = [{ tx: 'AT\r\n' }, { rx: 'AT\r\n\r\nOK\r\n' }, { tx: 'AT+CWMODE=9\r\n' }, { rx: 'AT+CWMODE=9\r\n\r\nERROR\r\n' }];
  expect(endOf(steps, {})).toEqual([['AT', 'OK'], ['AT+CWMODE', 'ERROR']]);
});

test('SEND OK with what was received, SEND FAIL when the link is gone', () => {
  const send = (tail: string): Step[] => [{ tx: 'AT+CIPSEND=5\r\n' }, { rx: '\r\nOK\r\n\r\n>' }, { tx: 'AT\r\n!' }, { rx: `\r\nRecv 5 bytes\r\n${tail}` }];
  expect(decodeAnyhow(send('\r\nSEND OK\r\n'), quiet)).toEqual([
    { kind: 'command', text: 'AT+CIPSEND=5', name: 'AT+CIPSEND', form: 'set', result: 'SEND OK', response: [{ received: 5 }], payloads: [] },
  ]);
  expect(endOf(send('CLOSED\r\n\r\nSEND FAIL\r\n'))).toEqual([['AT+CIPSEND', 'SEND FAIL']]);
});

test('SEND CANCELLED after +++ in a long send', () => {
  const steps = [
    { tx: 'AT+CIPSENDL=3000\r\n' },
    { rx: '\r\nOK\r\n\r\n>' },
    { tx: 'x'.repeat(1200) },
    { rx: '+CIPSENDL:1024,1200\r\n' },
    { wait: 40 },
    { tx: '+++' },
    { wait: 40 },
    { rx: '+CIPSENDL:1200,1200\r\n\r\nSEND CANCELLED\r\n' },
    { tx: 'AT\r\n' },
    { rx: '\r\nOK\r\n' },
  ];
  expect(endOf(steps)).toEqual([['AT+CIPSENDL', 'SEND CANCELLED'], ['AT', 'OK']]);
});

test('SET OK of a long URL, and OK where it is cleared', () => {
  const steps = [{ tx: 'AT+HTTPURLCFG=9\r\n' }, { rx: '\r\nOK\r\n\r\n>' }, { tx: 'http://h/' }, { rx: '\r\nSET OK\r\n' }, { tx: 'AT+HTTPURLCFG=0\r\n' }, { rx: '\r\nOK\r\n' }];
  expect(endOf(steps)).toEqual([['AT+HTTPURLCFG', 'SET OK'], ['AT+HTTPURLCFG', 'OK']]);
});

test('+MQTTPUB:OK and FAIL end a raw publish without OK, whatever the payload says', () => {
  const publish = (end: string): Step[] => [{ tx: 'AT+MQTTPUBRAW=0,"a/b",6,1,0\r\n' }, { rx: '\r\nOK\r\n\r\n>' }, { tx: '\r\nOK\r\n' }, { rx: `+MQTTPUB:${end}\r\n` }];
  expect(endOf([...publish('OK'), ...publish('FAIL')])).toEqual([['AT+MQTTPUBRAW', '+MQTTPUB:OK'], ['AT+MQTTPUBRAW', '+MQTTPUB:FAIL']]);
});

test('BUSY is the second command, its code goes to no one else', () => {
  const steps = [{ tx: 'AT+CWLAP\r\n' }, { tx: 'AT+CWMODE?\r\n' }, { rx: '\r\nbusy p...\r\n+CWLAP:(3,"net",-40,"02:00:00:00:00:01",6)\r\n\r\nOK\r\n' }];
  expect(endOf(steps)).toEqual([['AT+CWLAP', 'OK'], ['AT+CWMODE', 'BUSY']]);
});

test('RESTART is the command that forced it, ABORTED the one it ended', () => {
  const steps = [{ tx: 'AT+CWLAP\r\n' }, { tx: 'AT+RST\r\n' }, { rx: '\r\nWill force to restart!!!\r\n' }, { rx: '\r\nready\r\n' }];
  expect(endOf(steps)).toEqual([['AT+CWLAP', 'ABORTED'], ['AT+RST', 'RESTART']]);
});

test('QUITT where the module says so, NONE where it keeps silent, and raw bytes in between', () => {
  const passthrough = (tail: Step[]): Step[] => [
    { tx: 'AT+CIPSEND\r\n' },
    { rx: '\r\nOK\r\n\r\n>' },
    { tx: 'ping\r\n' },
    { rx: 'OK\r\n+IPD,4:pong' },
    { wait: 30 },
    { tx: '+++' },
    { wait: 30 },
    ...tail,
  ];
  const raw = [
    { kind: 'raw', dir: 'tx', bytes: 'ping\r\n' },
    { kind: 'raw', dir: 'rx', bytes: 'OK\r\n+IPD,4:pong' },
  ];
  const config = { context: { echo: false, sysmsg: 1 } } as const;
  expect(decodeAnyhow(passthrough([{ rx: '\r\n+QUITT\r\n' }]), config)).toEqual([
    expect.objectContaining({ name: 'AT+CIPSEND', result: 'OK' }),
    ...raw,
    { kind: 'command', text: '+++', name: '+++', form: 'escape', result: 'QUITT', response: [], payloads: [] },
    { kind: 'event', name: '+QUITT', fields: {} },
  ]);
  expect(endOf(passthrough([{ wait: 1000 }, { tx: 'AT\r\n' }, { rx: '\r\nOK\r\n' }]))).toEqual([['AT+CIPSEND', 'OK'], ['+++', 'NONE'], ['AT', 'OK']]);
});

test('a command that never ended is NONE', () => {
  expect(endOf([{ tx: 'AT+CWMODE?\r\n' }, { rx: '+CWMODE:1\r\n' }])).toEqual([['AT+CWMODE', 'NONE']]);
});

test('a bare > without OK: values of BLE, files and flash', () => {
  const steps = [
    { tx: 'AT+BLEGATTSNTFY=0,1,6,3\r\n' },
    { rx: '>' },
    { tx: '\0>\n' },
    { rx: '\r\nOK\r\n' },
    { tx: 'AT+FS=0,1,"log",0,4\r\n' },
    { rx: '>' },
    { tx: 'AT\r\n' },
    { rx: '\r\nOK\r\n' },
    { tx: 'AT+FS=0,3,"log"\r\n' },
    { rx: '+FS:4\r\n\r\nOK\r\n' },
    { tx: 'AT+FS=0,4,"."\r\n' },
    { rx: '+FS:log ca.pem \r\n\r\nOK\r\n' },
    { tx: 'AT+SYSFLASH=2,"ble_data",0,6\r\n' },
    { rx: '+SYSFLASH:6,OK\r\n>!\r\nOK\r\n' },
    { tx: 'AT+SYSFLASH?\r\n' },
    { rx: '+SYSFLASH:"ble_data",64,1,0x21000,0x3000\r\n\r\nOK\r\n' },
  ];
  expect(decodeAnyhow(steps, quiet)).toEqual([
    expect.objectContaining({ name: 'AT+BLEGATTSNTFY', result: 'OK', response: [] }),
    expect.objectContaining({ text: 'AT+FS=0,1,"log",0,4', result: 'OK', response: [] }),
    expect.objectContaining({ text: 'AT+FS=0,3,"log"', result: 'OK', response: [{ size: 4 }] }),
    expect.objectContaining({ text: 'AT+FS=0,4,"."', result: 'OK', response: [{ names: 'log ca.pem ' }] }),
    expect.objectContaining({ name: 'AT+SYSFLASH', result: 'OK', response: [{ length: 6 }], payloads: ['OK\r\n>!'] }),
    expect.objectContaining({
      name: 'AT+SYSFLASH',
      result: 'OK',
      response: [{ partition: 'ble_data', type: 64, subtype: 1, address: 0x21000, size: 0x3000 }],
      payloads: [],
    }),
  ]);
});
