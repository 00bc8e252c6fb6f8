import { ERROR, OK } from './bench.js';
import { BleBench, type BleHost } from './bleBench.js';

const paired = (who: BleHost): string => who.take().replace(/\+BLESECKEYTYPE:0,\d\r\n/g, '');
const good = '+BLEAUTHCMPL:0,0\r\n';
const bad = '+BLEAUTHCMPL:0,1\r\n';

/** A connection where the server asks to pair and the client agrees. */
const begin = (client: string, server: string): BleBench => {
  const bench = new BleBench('4.1.0');
  bench.connect();
  expect(bench.client.command(`AT+BLESECPARAM=${client}`)).toBe(OK);
  expect(bench.server.command(`AT+BLESECPARAM=${server}`)).toBe(OK);
  expect(bench.server.command('AT+BLEENC=0,2')).toBe(OK);
  expect(bench.client.take()).toBe('+BLESECREQ:0\r\n');
  return bench;
};

test('a passkey is shown on one side and typed in on the other', () => {
  const { client, server } = begin('13,1,16,3,3', '13,2,16,3,3');
  expect(client.command('AT+BLEENCRSP=0,1')).toMatch(/^\r\nOK\r\n\+BLESECNTFYKEY:0,\d{6}\r\n$/);
  expect(server.take()).toBe('+BLESECKEYREQ:0\r\n');
  expect(client.command('AT+BLEKEYREPLY=0,1')).toBe(ERROR);
  expect(server.command('AT+BLEKEYREPLY=0,1000000')).toBe(ERROR);
  server.command('AT+BLEKEYREPLY=0,999999');
  expect(paired(client)).toBe(bad);
});

test('a static key is the one shown, and bonds are listed until they are cleared', () => {
  const bench = begin('13,0,16,3,3', '13,2,16,3,3');
  const { client, server } = bench;
  expect(client.command('AT+BLESETKEY?')).toBe(`+BLESETKEY:-1\r\n${OK}`);
  expect(client.command('AT+BLESETKEY=7')).toBe(OK);
  expect(client.command('AT+BLEENCRSP=0,1')).toBe(`${OK}+BLESECNTFYKEY:0,000007\r\n`);
  server.take();
  expect(server.command('AT+BLEKEYREPLY=0,7')).toBe(`${OK}+BLESECKEYTYPE:0,1\r\n+BLESECKEYTYPE:0,2\r\n${good}`);
  expect(paired(client)).toBe(good);
  expect(client.command('AT+BLEENCDEV?')).toBe(`+BLEENCDEV:0,"24:0a:c4:03:f4:d6"\r\n${OK}`);
  expect(server.command('AT+BLEENCDEV?')).toBe(`+BLEENCDEV:0,"24:0a:c4:09:34:23"\r\n${OK}`);
  client.command('AT+RST', 3000);
  client.command('ATE0');
  client.command('AT+BLEINIT=1');
  expect(client.command('AT+BLEENCDEV?')).toBe(`+BLEENCDEV:0,"24:0a:c4:03:f4:d6"\r\n${OK}`);
  expect(client.command('AT+BLEENCCLEAR=1')).toBe(ERROR);
  expect(client.command('AT+BLEENCCLEAR=0')).toBe(OK);
  expect(server.command('AT+BLEENCCLEAR')).toBe(OK);
  bench.wait(6000);
  server.take();
  expect([client.command('AT+BLEENCDEV?'), server.command('AT+BLEENCDEV?')]).toEqual([OK, OK]);
});

test.each([[1, good], [0, bad]] as const)('numbers are compared: %d', (answer, outcome) => {
  const { client, server } = begin('12,1,16,3,3', '12,4,16,3,3');
  const number = /^\r\nOK\r\n\+BLESECNCREQ:0,(\d+)\r\n$/.exec(client.command('AT+BLEENCRSP=0,1'))?.[1];
  expect(server.take()).toBe(`+BLESECNCREQ:0,${number ?? ''}\r\n`);
  expect(client.command('AT+BLECONFREPLY=0,1')).toBe(OK);
  expect(server.command(`AT+BLECONFREPLY=0,${String(answer)}`)).toBe(`${OK}${outcome}`);
  expect(client.take()).toBe(outcome);
});

test('without protection nobody is asked, and a refusal ends it', () => {
  const plain = begin('1,3,16,3,3', '1,3,16,3,3');
  plain.client.command('AT+BLEENCRSP=0,1');
  expect(paired(plain.server)).toBe(good);
  const refused = begin('1,3,16,3,3', '1,3,16,3,3');
  expect(refused.client.command('AT+BLEENCRSP=0,0')).toBe(`${OK}${bad}`);
  expect(refused.server.take()).toBe(bad);
  expect(refused.client.command('AT+BLEENCRSP=0,1')).toBe(ERROR);
});

test('answers end with LF alone up to 4.0', () => {
  for (const [firmware, end] of [['2.0.0', '\n'], ['2.1.0', '\n'], ['3.4.0', '\n'], ['4.1.0', '\r\n']] as const) {
    const { client } = new BleBench(firmware);
    client.command('AT+BLEINIT=1');
    client.command('AT+BLESECPARAM=1,4,16,3,3,0');
    expect(client.command('AT+BLESECPARAM?')).toBe(`+BLESECPARAM:1,4,16,3,3,0${end}${OK}`);
    expect(client.command('AT+BLESETKEY?')).toBe(`+BLESETKEY:-1${end}${OK}`);
  }
});

/** How a pair of capabilities finds its key, central first: j not at all, n by comparing, c the central shows, p the peripheral shows, b both type. */
const methods = {
  '13': ['jjcjc', 'jncjn', 'ppbjp', 'jjjjj', 'pncjn'],
  // Without secure connections nothing is compared.
  '4': ['jjcjc', 'jjcjc', 'ppbjp', 'jjjjj', 'ppcjc'],
} as const;
const heardAs = { j: ['AUTHCMPL', 'AUTHCMPL'], n: ['SECNCREQ', 'SECNCREQ'], c: ['SECNTFYKEY', 'SECKEYREQ'], p: ['SECKEYREQ', 'SECNTFYKEY'], b: ['SECKEYREQ', 'SECKEYREQ'] } as const;
const told = (text: string): string | undefined => /\+BLE(AUTHCMPL|SECNCREQ|SECNTFYKEY|SECKEYREQ):/.exec(text)?.[1];

describe.each(['13', '4'] as const)('authentication %s: every pair of capabilities has its method', (auth) => {
  test.each([0, 1, 2, 3, 4])('capability %i of the central', (central) => {
    for (const peripheral of [0, 1, 2, 3, 4]) {
      const { client, server } = begin(`${auth},${String(central)},16,3,3`, `${auth},${String(peripheral)},16,3,3`);
      const method = methods[auth][central]?.[peripheral] as keyof typeof heardAs;
      expect([peripheral, told(client.command('AT+BLEENCRSP=0,1')), told(server.take())]).toEqual([peripheral, ...heardAs[method]]);
    }
  });
});

test('a pairing that nobody goes on with fails after 30 s; an answer begins them anew', () => {
  const { client, server } = begin('13,0,16,3,3', '13,2,16,3,3');
  expect(server.send('', 20_000)).toBe('');
  expect(client.command('AT+BLEENCRSP=0,1')).toContain('+BLESECNTFYKEY:');
  expect(server.send('', 29_000)).toBe('+BLESECKEYREQ:0\r\n');
  expect(server.send('', 2000)).toBe(bad);
  expect(client.take()).toBe(bad);
  expect(server.command('AT+BLEKEYREPLY=0,1')).toBe(ERROR);
});
