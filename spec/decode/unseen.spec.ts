import { decodeAnyhow, type Step } from './captures.js';
import type { DecoderConfig } from '../../lib/decode/createDecoder.js';

const quiet: DecoderConfig = { context: { echo: false } };
const single: DecoderConfig = { context: { echo: false, cipmux: 0 } };
const multiple: DecoderConfig = { context: { echo: false, cipmux: 1 } };

interface Told {
  readonly kind: string;
  readonly name?: string;
  readonly result?: string;
  readonly text?: string;
  readonly errCode?: string;
  readonly fields?: unknown;
  readonly response?: unknown;
  readonly payloads?: unknown;
}

const told = (steps: readonly Step[], config = quiet): readonly Told[] => decodeAnyhow(steps, config) as readonly Told[];
/** What happened, in order: results by command, names of events, the rest by kind. */
const story = (steps: readonly Step[], config = quiet): readonly string[] =>
  told(steps, config).map(({ kind, name = '', result = '', text = '', errCode }) =>
    kind === 'command' ? [name, result, ...(errCode === undefined ? [] : [errCode])].join(' ') : kind === 'event' ? name : `${kind} ${text}`.trim(),
  );
const responseOf = (steps: readonly Step[], config = quiet): unknown => told(steps, config).find(({ kind }) => kind === 'command')?.response;
const fieldsOf = (line: string, config = quiet): unknown => told([{ rx: line }], config).map(({ fields, text }) => fields ?? text);

describe('counts that a restart cuts off', () => {
  test('the head of abandoned data is no announcement', () => {
    const steps = [{ rx: '\r\n+IPD,0,100:abcdef\r\nready\r\n' }, { wait: 3000 }];
    expect(told(steps, multiple)).toEqual([{ kind: 'unknown', text: '+IPD,0,100:abcdef' }, { kind: 'event', name: 'ready', fields: {} }]);
  });

  test('nor is a message, nor a pulled chunk', () => {
    expect(story([{ rx: '+MQTTSUBRECV:0,"t",50,abc\r\n\r\nready\r\n' }, { wait: 3000 }])).toEqual(['unknown +MQTTSUBRECV:0,"t",50,abc', 'ready']);
    const [, pull] = told([{ tx: 'AT+CIPRECVDATA=0,50\r\n' }, { rx: '+CIPRECVDATA:50,abc\r\n\r\nready\r\n' }, { wait: 3000 }], multiple);
    expect(pull).toMatchObject({ result: 'ABORTED', payloads: [], response: [{ unreadable: expect.stringContaining('+CIPRECVDATA:50,abc') as string }] });
  });

  test('announcements with and without a sender stay what they are', () => {
    expect(fieldsOf('\r\n+IPD,2,7\r\n', multiple)).toEqual([{ link: 2, length: 7 }]);
    expect(fieldsOf('\r\n+IPD,7\r\n', single)).toEqual([{ link: null, length: 7 }]);
    expect(fieldsOf('\r\n+IPD,3,"fe80::1",80:abc', single)).toEqual([{ link: null, length: 3, remote: { address: 'fe80::1', port: 80 } }]);
  });
});

describe('progress while the host goes on', () => {
  test('of AT+CIPSENDL, as events and in its answer', () => {
    const steps = [
      { tx: 'AT+CIPSENDL=20\r\n' }, { rx: '\r\nOK\r\n\r\n>' }, { tx: '0123456789' }, { rx: '+CIPSENDL:10,10\r\n' }, { tx: '0123456789' },
      { rx: '+CIPSENDL:20,20\r\n\r\nSEND OK\r\n' },
    ];
    expect(story(steps, single)).toEqual(['+CIPSENDL', '+CIPSENDL', 'AT+CIPSENDL SEND OK']);
    expect(told(steps, single)[2]?.response).toEqual([{ sent: 10, received: 10 }, { sent: 20, received: 20 }]);
  });

  test('of an update that does not block, before and after its OK', () => {
    const steps = [{ tx: 'AT+CIUPDATE=1,,,1\r\n' }, { rx: '+CIPUPDATE:1\r\n\r\nOK\r\n+CIPUPDATE:2\r\n+CIPUPDATE:-1\r\n' }];
    expect(story(steps)).toEqual(['+CIPUPDATE', 'AT+CIUPDATE OK', '+CIPUPDATE', '+CIPUPDATE']);
  });

  test('an update that blocks has its steps in the answer alone', () => {
    expect(story([{ tx: 'AT+CIUPDATE\r\n' }, { rx: '+CIPUPDATE:1\r\n+CIPUPDATE:4\r\n\r\nOK\r\n' }])).toEqual(['AT+CIUPDATE OK']);
  });
});

describe('busy', () => {
  test('its code belongs to what was dropped', () => {
    const steps = [{ tx: 'AT+CWLAP\r\n' }, { tx: 'AT\r\n' }, { rx: 'ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n' }, { rx: '\r\nOK\r\n' }];
    expect(story(steps)).toEqual(['busy p...', 'AT+CWLAP OK', 'AT BUSY 0x010b0000']);
  });

  test('bytes written behind a command are dropped, not the command', () => {
    const steps = [{ tx: 'AT+CIPSEND=4\r\nearly' }, { rx: '\r\nbusy p...\r\n\r\nOK\r\n\r\n>' }, { tx: 'test' }, { rx: '\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n' }];
    expect(story(steps, single)).toEqual(['busy p...', 'AT+CIPSEND SEND OK']);
  });

  test('a command whose answer follows was not dropped', () => {
    const steps = [{ tx: 'AT+CWJAP="net",""\r\n' }, { rx: 'WIFI CONNECTED\r\n\r\nbusy p...\r\nWIFI GOT IP\r\n\r\nOK\r\n' }];
    expect(story(steps)).toEqual(['WIFI CONNECTED', 'busy p...', 'WIFI GOT IP', 'AT+CWJAP OK']);
  });

  test('a command without one was, at the next command or at the end', () => {
    const refused = [{ tx: 'AT+CWMODE?\r\n' }, { rx: '\r\nbusy p...\r\n' }];
    expect(story(refused)).toEqual(['busy p...', 'AT+CWMODE BUSY']);
    expect(story([...refused, { rx: '\r\nready\r\n' }])).toEqual(['busy p...', 'ready', 'AT+CWMODE BUSY']);
    expect(story([...refused, { tx: 'AT+CWMODE?\r\n' }, { rx: '+CWMODE:1\r\n\r\nOK\r\n' }])).toEqual(['busy p...', 'AT+CWMODE BUSY', 'AT+CWMODE OK']);
  });
});

describe('firmware that is not known yet', () => {
  test('a refused join of NONOS ends with FAIL', () => {
    const [join] = told([{ tx: 'AT+CWJAP="net","secret"\r\n' }, { rx: '+CWJAP:3\r\n\r\nFAIL\r\n' }]);
    expect(join).toMatchObject({ result: 'FAIL', response: [{ reason: 'not-found' }] });
  });

  test('a ping without a name, zeros inside it included', () => {
    const times = ['+8', '+105', '+PING:12'].map((line) => responseOf([{ tx: 'AT+PING="h"\r\n' }, { rx: `${line}\r\n\r\nOK\r\n` }]));
    expect(times).toEqual([[{ time: 8 }], [{ time: 105 }], [{ time: 12 }]]);
  });

  test('AT+CWJAP? of the newest releases has a mode in place of a flag', () => {
    const asked = (field: number): unknown =>
      responseOf([{ tx: 'AT+CWJAP?\r\n' }, { rx: `+CWJAP:"n","02:00:00:00:00:01",6,-40,${String(field)},1,3,0,1\r\n\r\nOK\r\n` }]);
    expect([asked(0), asked(1), asked(3)]).toMatchObject([[{ pci: false }], [{ pci: true }], [{ authMode: 3 }]]);
    expect(asked(3)).not.toMatchObject([{ pci: expect.anything() as unknown }]);
  });

  test('what a document spells otherwise than the wire', () => {
    expect(fieldsOf('+LINK_CONN : 0,1,TCP,0,192.0.2.5,80,54211\r\n', multiple)).toEqual([
      { status: 0, link: 1, type: 'TCP', role: 'client', remoteAddress: '192.0.2.5', remotePort: 80, localPort: 54211 },
    ]);
    expect(fieldsOf('+DIST_STA_IP: 02:11:22:33:44:55, 192.168.4.2\r\n')).toEqual([{ mac: '02:11:22:33:44:55', address: '192.168.4.2' }]);
    expect(story([{ rx: 'Smart get Wi-Fi info\r\nSmartconfig connected Wi-Fi\r\n' }])).toEqual(['Smart get wifi info', 'smartconfig connected wifi']);
    const servers = [{ tx: 'AT+CIPSNTPCFG?\r\n' }, { rx: '+CIPSNTPCFG:1,8,a.test,b.test\r\n\r\nOK\r\n' }];
    expect(responseOf(servers)).toMatchObject([{ servers: ['a.test', 'b.test'] }]);
  });
});

describe('what only other hosts send', () => {
  test('payloads of AT+WSSEND, AT+WSHEAD, AT+DRVI2CWRDATA and AT+SYSMFG are no command lines', () => {
    const prompted = (line: string, end: string): Step[] => [{ tx: `${line}\r\n` }, { rx: '\r\nOK\r\n\r\n>' }, { tx: 'AT\r\n' }, { rx: `\r\n${end}\r\n` }];
    const steps = [
      ...prompted('AT+WSSEND=0,4', 'SEND OK'), ...prompted('AT+WSHEAD=4', 'OK'), ...prompted('AT+DRVI2CWRDATA=0,0x12,4', 'OK'),
      ...prompted('AT+SYSMFG=2,"ns","k",8,4', 'OK'),
    ];
    expect(story(steps)).toEqual(['AT+WSSEND SEND OK', 'AT+WSHEAD OK', 'AT+DRVI2CWRDATA OK', 'AT+SYSMFG OK']);
  });

  test('a value of AT+SYSMFG is counted, its other forms end with OK', () => {
    const [read] = told([{ tx: 'AT+SYSMFG=1,"ns","k"\r\n' }, { rx: '+SYSMFG:"ns","k",8,6,\r\nOK\r\n\r\n\r\nOK\r\n' }]);
    expect(read).toMatchObject({ result: 'OK', response: [{ namespace: 'ns', key: 'k', type: 8, length: 6 }], payloads: ['\r\nOK\r\n'] });
    expect(story([{ tx: 'AT+SYSMFG=0,"ns","k"\r\n' }, { rx: '\r\nOK\r\n' }])).toEqual(['AT+SYSMFG OK']);
    expect(responseOf([{ tx: 'AT+SYSMFG=1,"ns"\r\n' }, { rx: '+SYSMFG:"ns","k",8\r\n\r\nOK\r\n' }])).toEqual([{ text: '"ns","k",8' }]);
  });

  test('numbers in the forms that firmware takes', () => {
    const sent = [{ tx: 'AT+CIPSEND=0x0,0x4\r\n' }, { rx: '\r\nOK\r\n\r\n>' }, { tx: 'AT\r\n' }, { rx: '\r\nSEND OK\r\n' }];
    const steps = [{ tx: 'AT+CIPMUX=01\r\n' }, { rx: '\r\nOK\r\n' }, ...sent];
    expect(story(steps)).toEqual(['AT+CIPMUX OK', 'AT+CIPSEND SEND OK']);
  });
});

test('the prompt of a stored passthrough after ready begins the raw stream', () => {
  const booted = { rx: '\r\nOK\r\n\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\n>\r\nOK\r\n' };
  const steps = [{ tx: 'AT+RST\r\n' }, booted, { tx: 'AT\r\n' }, { wait: 25 }, { tx: '+++' }, { wait: 25 }];
  expect(story(steps)).toEqual(['AT+RST OK', 'ready', 'WIFI CONNECTED', 'WIFI GOT IP', 'raw', 'raw', '+++ NONE']);
  expect(story([{ rx: '\r\nready\r\n' }, { tx: 'AT\r\n' }, { rx: 'AT\r\n>\r\n\r\nOK\r\n' }], {})).toEqual(['ready', 'unknown >', 'AT OK']);
});

test('a log line of the module does not part a chunk from its OK', () => {
  const steps = [{ tx: 'AT+CIPRECVDATA=4\r\n' }, { rx: '+CIPRECVDATA:4,test\r\n<I> (123) at-net: read\r\n\r\nOK\r\n' }];
  expect(told(steps, single).find(({ kind }) => kind === 'command')).toMatchObject({ result: 'OK', payloads: ['test'] });
});
