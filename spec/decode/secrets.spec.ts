import { decodeAnyhow, type Step } from './captures.js';

const shown = (steps: readonly Step[]): string => JSON.stringify(decodeAnyhow(steps, { context: { echo: true } }));
const ok = (line: string): Step[] => [{ tx: `${line}\r\n` }, { rx: `${line}\r\n\r\nOK\r\n` }];

test.each([
  ['AT+CWJAP="net","s3cr\\,et\\"",,1', 'AT+CWJAP=\\"net\\",\\"**********\\",,1'],
  ['AT+CWSAP="mine","hunter22",1,3', 'AT+CWSAP=\\"mine\\",\\"********\\",1,3'],
  ['AT+CWJEAP="net",1,"id","user","hunter22",0', 'AT+CWJEAP=\\"net\\",1,\\"id\\",\\"user\\",\\"********\\",0'],
  ['AT+CWSTARTSMART=4,0,"hunter22hunter22"', 'AT+CWSTARTSMART=4,0,\\"****************\\"'],
  ['AT+MQTTUSERCFG=0,1,"id","user","hunter22",0,0,""', 'AT+MQTTUSERCFG=0,1,\\"id\\",\\"user\\",\\"********\\",0,0,\\"\\"'],
  ['AT+MQTTPASSWORD=0,"hunter22"', 'AT+MQTTPASSWORD=0,\\"********\\"'],
  ['AT+CIPSSLCPSK="hunter22","hint"', 'AT+CIPSSLCPSK=\\"********\\",\\"hint\\"'],
  ['AT+CIPSSLCPSKHEX="aabbccdd","hint"', 'AT+CIPSSLCPSKHEX=\\"********\\",\\"hint\\"'],
  ['AT+BLEKEYREPLY=0,231518', 'AT+BLEKEYREPLY=0,******'],
  ['AT+BLESETKEY=231518', 'AT+BLESETKEY=******'],
  ['AT+BTKEYREPLY=0,231518', 'AT+BTKEYREPLY=0,******'],
  ['AT+BTPINREPLY=0,"6688"', 'AT+BTPINREPLY=0,\\"****\\"'],
  ['AT+BTSECPARAM=3,1,"9527"', 'AT+BTSECPARAM=3,1,\\"****\\"'],
  ['AT+HTTPCGET="http://h/"', 'AT+HTTPCGET=\\"http://h/\\"'],
  ['AT+HTTPCLIENT=2,0,"http://h/",,,1,,"Authorization: Bearer x"', 'AT+HTTPCLIENT=2,0,\\"http://h/\\",,,1,,\\"***********************\\"'],
])('%s', (line, masked) => {
  expect(shown(ok(line))).toContain(`"text":"${masked}"`);
});

test('a password that a module prints is stars, in answers as in events', () => {
  const secret = 'hunter22';
  const text = shown([
    { tx: 'AT+CWSAP?\r\n' },
    { rx: `AT+CWSAP?\r\n+CWSAP:"my "ap","${secret}",1,3,10,0\r\n\r\nOK\r\n` },
    { tx: 'AT+CIPSSLCPSK?\r\n' },
    { rx: `AT+CIPSSLCPSK?\r\n+CIPSSLCPSK:0,"${secret}","hint"\r\n\r\nOK\r\n` },
    { tx: 'AT+MQTTUSERCFG?\r\n' },
    { rx: `AT+MQTTUSERCFG?\r\n+MQTTUSERCFG:0,1,"id","user","${secret}",0,0,""\r\n\r\nOK\r\n` },
    { tx: 'AT+BLESETKEY?\r\n' },
    { rx: 'AT+BLESETKEY?\r\n+BLESETKEY:231518\nOK\r\n' },
    { tx: 'AT+BTSECPARAM?\r\n' },
    { rx: `AT+BTSECPARAM?\r\n+BTSECPARAM:3,1,${secret}\r\n\r\nOK\r\n` },
    { rx: `ssid:net\r\npassword:${secret}\r\n+PASSWORD:${secret}\r\n` },
  ]);
  expect(text).not.toContain(secret);
  expect(text).not.toContain('231518');
  expect(text.match(/\*{8}/g)?.length).toBe(6);
});

test('what a host gave once is hidden wherever the module says it again', () => {
  const text = shown([...ok('AT+CWJAP="net","hunter22"'), { rx: 'log: joined net with hunter22\r\n' }, ...ok('AT+BLEKEYREPLY=0,231518'), { rx: 'key was 231518\r\n' }]);
  expect(text).not.toMatch(/hunter22|231518/);
  expect(text).toContain('log: joined net with ********');
});

test('an answer that nobody asked for hides its secret too, and what it said is hidden from then on', () => {
  const text = shown([{ rx: '+CWSAP:"mine","hunter22",1,3,10,0\r\n' }, { rx: 'log: hunter22\r\n' }]);
  expect(text).not.toContain('hunter22');
  expect(text).toContain('log: ********');
});
