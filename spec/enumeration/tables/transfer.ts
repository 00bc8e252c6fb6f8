import { joining, type Case, type Rig, type Table, wireBytes } from '../../support/enumeration.js';
import { forget, met, peers, textAt } from './peers.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const many = { multiple: true } as const;
const air = { network: peers, fresh: forget } as const;
const tcp = [...joining, 'AT+CIPSTART="TCP","peer.test",9'] as const;
const udp = [...joining, 'AT+CIPSTART="UDP","peer.test",9,1112,2'] as const;
const several = [...joining, 'AT+CIPSTART=0,"TCP","peer.test",9', 'AT+CIPSTART=4,"TCP","peer.test",9'] as const;
const usageOf = (parameter: string): object => ({ kind: 'usage', code: 'parameter', details: { parameter } });
const settled = (port: number, text: string) => (rig: Rig): void => {
  rig.wait(200);
  expect(textAt(port)).toBe(text);
};

/** A link to the echo, which has sent `text` back into the buffer of passive receive. */
const buffered = (text: string, more: Partial<Case> = {}): Partial<Case> => ({
  ...air,
  ...more,
  before: (rig) => {
    expect(rig.wire(`AT+CIPSEND=${String(text.length)}`)).toMatch(/OK\r\n\r\n>$/);
    rig.bytes(text);
    rig.wait(500);
  },
});
const passive = ['AT+CIPRECVMODE=1', ...joining, 'AT+CIPSTART="TCP","peer.test",7'] as const;
const binary = '\r\n+IPD,5:\0\xff>OK';

/** Data over links: document 000 §4.5, §4.6, §4.10 to §4.14, §4.18, §4.19, §4.22 to §4.25; document 002. */
export const transferTable: Table = {
  'AT+CIPSEND set': {
    cases: [
      { ...air, given: tcp, params: { length: 14 }, data: binary.slice(0, 14), expect: 14, after: settled(9, binary.slice(0, 14)), edges: ['length'] },
      { ...air, given: udp, params: { length: 3, host: '203.0.113.9', port: 443 }, data: 'abc', expect: 3, after: settled(443, 'abc') },
      { ...air, module: many, given: several, params: { link: 4, length: 2 }, data: 'hi', expect: 2, after: (rig) => (settled(9, 'hi')(rig), expect(met.length).toBe(3)), edges: ['link'] },
      { ...air, given: tcp, params: { length: 3, host: '203.0.113.9', port: 9 }, data: 'abc', refused: rejected },
      { ...air, given: joining, params: { length: 3 }, data: 'abc', refused: rejected },
      { ...air, given: tcp, params: { link: 0, length: 3 }, data: 'abc', refused: usageOf('link') },
      { ...air, given: tcp, params: { length: 3 }, data: 'abcd', refused: { kind: 'usage', code: 'length' } },
      { ...air, given: tcp, params: { length: 3 }, refused: { kind: 'usage', code: 'data' } },
      { ...air, given: udp, params: { length: 1, host: 'x', port: 9 }, data: 'q', expect: 1, edges: ['host', 'port'] },
    ],
    limits: {
      'host#1': { with: { port: 9 } }, 'host#64': { with: { port: 9 } }, 'port=0': { with: { host: 'x' } }, 'port=65535': { with: { host: 'x' } },
    },
  },
  'AT+CIPSENDEX set': {
    cases: [
      { ...air, given: tcp, params: { length: 5 }, data: 'abcde', expect: 5, after: settled(9, 'abcde'), edges: ['length'] },
      // `\0` ends it: two characters that stand for the end.
      { ...air, for: 'v4', given: tcp, params: { length: 5 }, data: 'abc\\0', expect: expect.any(Number) as unknown, after: settled(9, 'abc') },
      { ...air, module: many, given: several, params: { link: 0, length: 2 }, data: 'hi', expect: 2, after: settled(9, 'hi'), edges: ['link'] },
      { ...air, given: udp, params: { length: 1, host: 'x', port: 9 }, data: 'q', expect: 1, edges: ['host', 'port'] },
      { ...air, given: joining, params: { length: 3 }, data: 'abc', refused: rejected },
    ],
    limits: {
      'host#1': { with: { port: 9 } }, 'host#64': { with: { port: 9 } }, 'port=0': { with: { host: 'x' } }, 'port=65535': { with: { host: 'x' } },
    },
  },
  'AT+CIPSENDL set': {
    cases: [
      { ...air, given: tcp, params: { length: 6 }, data: 'abc\0\r\n', expect: [{ sent: 6, received: 6 }], after: settled(9, 'abc\0\r\n'), edges: ['length'] },
      {
        ...air, given: ['AT+CIPSENDLCFG=100,100', ...tcp], params: { length: 250 }, data: 'd'.repeat(250),
        expect: [{ sent: 100, received: 250 }, { sent: 200, received: 250 }, { sent: 250, received: 250 }], after: settled(9, 'd'.repeat(250)),
      },
      { ...air, module: many, given: several, params: { link: 4, length: 2 }, data: 'hi', expect: [{ sent: 2, received: 2 }], after: settled(9, 'hi'), edges: ['link'] },
      { ...air, given: udp, params: { length: 1, host: 'x', port: 9 }, data: 'q', expect: [{ sent: 1, received: 1 }], edges: ['host', 'port'] },
      { ...air, given: joining, params: { length: 3 }, data: 'abc', refused: rejected },
    ],
    limits: {
      'length=2147483647': { untried: '2 GiB of payload' },
      'host#1': { with: { port: 9 } }, 'host#64': { with: { port: 9 } }, 'port=0': { with: { host: 'x' } }, 'port=65535': { with: { host: 'x' } },
    },
  },
  'AT+CIPSENDLCFG set': { cases: [{ params: { report: 4096, transmit: 1460 }, tells: { 'AT+CIPSENDLCFG?': '+CIPSENDLCFG:4096,1460' } }] },
  'AT+CIPSENDLCFG query': { cases: [{ expect: { report: 1024, transmit: 2920 } }, { given: ['AT+CIPSENDLCFG=1048576,100'], expect: { report: 1048576, transmit: 100 } }] },
  'AT+CIPDINFO set': { cases: [{ params: { enable: true }, tells: { 'AT+CIPDINFO?': '+CIPDINFO:true' } }] },
  'AT+CIPDINFO query': { cases: [{ expect: { enable: false } }, { given: ['AT+CIPDINFO=1'], expect: { enable: true } }] },
  'AT+CIPRECVMODE set': { cases: [{ params: { passive: true }, tells: { 'AT+CIPRECVMODE?': '+CIPRECVMODE:1' } }, { ...air, for: 'v2', given: tcp, params: { passive: true }, refused: rejected }] },
  'AT+CIPRECVMODE query': { cases: [{ expect: { passive: false } }, { given: ['AT+CIPRECVMODE=1'], expect: { passive: true } }] },
  'AT+CIPRECVTYPE set': {
    cases: [
      { params: { passive: true }, tells: { 'AT+CIPRECVTYPE?': '+CIPRECVTYPE:0,1' } },
      { module: many, params: { link: 2, passive: true }, edges: true, tells: { 'AT+CIPRECVTYPE?': [0, 1, 2, 3, 4].map((link) => `+CIPRECVTYPE:${String(link)},${link === 2 ? '1' : '0'}`).join('\n') } },
      { module: many, params: { link: 5, passive: true }, tells: { 'AT+CIPRECVTYPE?': [0, 1, 2, 3, 4].map((link) => `+CIPRECVTYPE:${String(link)},1`).join('\n') } },
    ],
  },
  'AT+CIPRECVTYPE query': {
    cases: [
      { given: ['AT+CIPRECVTYPE=1'], expect: [{ link: 0, passive: true }] },
      { module: many, given: ['AT+CIPRECVTYPE=3,1'], expect: [0, 1, 2, 3, 4].map((link) => ({ link, passive: link === 3 })) },
    ],
  },
  'AT+CIPRECVDATA set': {
    cases: [
      { ...buffered(binary), given: passive, params: { length: 100 }, expect: { length: binary.length, payload: wireBytes(binary) } },
      { ...buffered('0123456789'), given: passive, params: { length: 4 }, expect: { length: 4, payload: wireBytes('0123') }, after: (rig) => expect(rig.wire('AT+CIPRECVDATA=10')).toMatch(/^\+CIPRECVDATA:6,456789\r\nOK/) },
      {
        ...buffered('with its sender', { module: { multiple: false, showSenders: true } }), given: passive, params: { length: 2048 },
        expect: { length: 15, remote: { address: '203.0.113.9', port: 7 }, payload: wireBytes('with its sender') },
      },
      { ...air, given: passive, params: { length: 1 }, refused: rejected },
      { ...air, given: joining, params: { length: 1 }, refused: rejected },
    ],
    limits: { 'length=2147483647': { refused: 'more than the heap of the module holds' } },
  },
  'AT+CIPRECVLEN query': {
    cases: [
      { for: 'v2', expect: [-1] },
      { for: 'v4', expect: [0] },
      { ...buffered('0123456789'), given: passive, expect: [10] },
      { for: 'v2', module: many, expect: [-1, -1, -1, -1, -1] },
      {
        ...air, module: many, given: [...joining, 'AT+CIPRECVMODE=1', 'AT+CIPSTART=3,"TCP","peer.test",7'],
        before: (rig) => {
          rig.wire('AT+CIPSEND=3,7');
          rig.bytes('seven77');
          rig.wait(500);
        },
        expect: expect.arrayContaining([7]) as unknown,
        after: (rig) => expect(rig.wire('AT+CIPRECVLEN?')).toMatch(/^\+CIPRECVLEN:(?:-1|0),(?:-1|0),(?:-1|0),7,(?:-1|0)\r\n/),
      },
    ],
  },
  'AT+CIPSERVER set start': {
    cases: [
      { for: 'v2', module: many, given: joining, params: { port: 8080, type: 'TCP', verifyClient: false }, tells: { 'AT+CIPSERVER?': '+CIPSERVER:1,8080,"TCP",0' } },
      {
        for: 'v4', module: many, given: joining, params: { port: 8080, type: 'TCP', verifyClient: false }, tells: { 'AT+CIPSERVER?': '+CIPSERVER:1,8080,"TCP",0,0' },
        after: (rig) => {
          rig.watch(rig.network.connectTo(8080, { from: { address: '192.168.4.7', port: 4321 } }));
          rig.wait(100);
          expect(rig.events.find(({ name }) => name === '+LINK_CONN')?.fields).toEqual({ status: 0, link: 0, type: 'TCP', role: 'server', remoteAddress: '192.168.4.7', remotePort: 4321, localPort: 8080 });
        },
      },
      { for: 'v2', module: many, params: {}, tells: { 'AT+CIPSERVER?': '+CIPSERVER:1,333,"TCP",0' } },
      { params: {}, refused: rejected },
    ],
  },
  'AT+CIPSERVER set stop': {
    cases: [
      { module: many, given: ['AT+CIPSERVER=1'], params: { enable: false }, tells: { 'AT+CIPSERVER?': '+CIPSERVER:0' } },
      {
        for: 'v4', module: many, given: [...joining, 'AT+CIPSERVER=1'], params: { enable: false, closeClients: true },
        before: (rig) => {
          rig.watch(rig.network.connectTo(333));
          rig.wait(100);
        },
        tells: { 'AT+CIPSTATE?': '' },
      },
      { params: { enable: false }, refused: rejected },
    ],
  },
  'AT+CIPSERVER query': {
    cases: [
      { expect: { enable: false, port: undefined, type: undefined, verifyClient: undefined, interface: undefined } },
      { for: 'v2', module: many, given: ['AT+CIPSERVER=1,4443,"SSL",1'], expect: { enable: true, port: 4443, type: 'SSL', verifyClient: true, interface: undefined } },
      { for: 'v4', module: many, given: ['AT+CIPSERVER=1,4443,"SSL",1'], expect: { enable: true, port: 4443, type: 'SSL', verifyClient: true, interface: 0 } },
    ],
  },
  'AT+CIPSERVERMAXCONN set': {
    cases: [
      { params: { count: 3 }, tells: { 'AT+CIPSERVERMAXCONN?': '+CIPSERVERMAXCONN:3' } },
      { module: many, given: ['AT+CIPSERVER=1'], params: { count: 3 }, refused: rejected },
    ],
  },
  'AT+CIPSERVERMAXCONN query': { cases: [{ expect: { count: 5 } }, { given: ['AT+CIPSERVERMAXCONN=1'], expect: { count: 1 } }] },
  'AT+CIPSTO set': { cases: [{ params: { seconds: 90 }, tells: { 'AT+CIPSTO?': '+CIPSTO:90' } }] },
  'AT+CIPSTO query': { cases: [{ given: ['AT+CIPSTO=7200'], expect: { seconds: 7200 } }] },
  // What is stored shows after a restart alone: `special.spec.ts` drives it.
  'AT+SAVETRANSLINK set': {
    cases: [{ for: 'v2', params: { host: 'peer.test', port: 9, type: 'TCP', keepAlive: 30 }, after: (rig) => expect(rig.emulator.store['transLink']).toEqual({ host: 'peer.test', port: 9, type: 'TCP', keepAlive: 30, localPort: 0 }) },
      { for: 'v4', params: { host: '2001:db8::9', port: 9, type: 'TCPv6', keepAlive: 30 }, after: (rig) => expect(rig.emulator.store['transLink']).toEqual({ host: '2001:db8::9', port: 9, type: 'TCPv6', keepAlive: 30, localPort: 0 }) }],
  },
  'AT+SAVETRANSLINK set udp': {
    cases: [{ params: { host: 'peer.test', port: 9, type: 'UDP', localPort: 1005 }, after: (rig) => expect(rig.emulator.store['transLink']).toEqual({ host: 'peer.test', port: 9, type: 'UDP', keepAlive: 0, localPort: 1005 }) }],
  },
  'AT+SAVETRANSLINK set off': { cases: [{ given: ['AT+SAVETRANSLINK=1,"peer.test",9'], after: (rig) => expect(rig.emulator.store['transLink']).toBeUndefined() }] },
};
