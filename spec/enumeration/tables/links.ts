import { joining, type Rig, type Table } from '../../support/enumeration.js';
import { forget, met, peers } from './peers.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const many = { multiple: true } as const;
const join6 = ['AT+CIPV6=1', ...joining] as const;
const air = { emulator: { accessPoints: [{ ssid: 'Espressif', prefix6: 'fd00::' }] }, network: peers, fresh: forget } as const;
/** A line of AT+CIPSTATE? or AT+CIPSTATUS with any local port. */
const row = (rig: Rig, line: string, wanted: RegExp): void => expect(rig.wire(line).replace(/,(?:3[2-9]|[4-6]\d)\d{3},/g, ',<port>,')).toMatch(wanted);
const linked = (rig: Rig): readonly unknown[] => rig.events.filter(({ name }) => name === '+LINK_CONN').map(({ fields }) => fields);

const limits = {
  'type=SSL': { with: { port: 443 } },
  'type=SSLv6': { for: 'v4', with: { port: 443 } },
  'localAddress=10.9.8.7': { refused: 'not an address of the module' },
} as const;

/** Opening and closing links: document 000 §4.1, §4.3, §4.4, §4.7, §4.9, §4.12, §4.13, §4.18, §4.21, §4.28; document 002. */
export const linksTable: Table = {
  'AT+CIPSTATUS execute': {
    cases: [
      { given: ['AT+CWMODE=1'], expect: { status: { status: 1 }, links: [] } },
      { given: joining, expect: { status: { status: 2 }, links: [] } },
      {
        ...air, given: [...joining, 'AT+CIPSTART="UDP","peer.test",9,1112'],
        expect: { status: { status: 4 }, links: [{ link: 0, type: 'UDP', remoteAddress: '203.0.113.9', remotePort: 9, localPort: 1112, role: 'client' }] },
      },
      {
        ...air, module: many, given: [...joining, 'AT+CIPSTART=3,"TCP","peer.test",9'],
        expect: { status: { status: 3 }, links: [{ link: 3, type: 'TCP', remoteAddress: '203.0.113.9', remotePort: 9, localPort: expect.any(Number) as unknown, role: 'client' }] },
        after: (rig) => expect(rig.wire('AT+CIPSTATUS')).toContain(`"203.0.113.9",9,${String(met[0]?.from)},0`),
      },
    ],
  },
  'AT+CIPSTATE query': {
    cases: [
      { given: joining, expect: [] },
      {
        ...air, module: many, given: [...join6, 'AT+CIPSTART=4,"UDPv6","peer.test",9,5000', 'AT+CIPSTART=1,"UDP","203.0.113.9",9,5001'],
        expect: [
          { link: 1, type: 'UDP', remoteAddress: '203.0.113.9', remotePort: 9, localPort: 5001, role: 'client' },
          { link: 4, type: 'UDPv6', remoteAddress: '2001:db8::9', remotePort: 9, localPort: 5000, role: 'client' },
        ],
      },
    ],
  },
  'AT+CIPSTART set': {
    cases: [
      {
        ...air, for: 'v2', given: joining, params: { type: 'TCP', host: 'peer.test', port: 9, keepAlive: 60 },
        after: (rig) => {
          row(rig, 'AT+CIPSTATUS', /^STATUS:3\r\n\+CIPSTATUS:0,"TCP","203\.0\.113\.9",9,<port>,0\r\n/);
          expect(linked(rig)).toEqual([{ status: 0, link: 0, type: 'TCP', role: 'client', remoteAddress: '203.0.113.9', remotePort: 9, localPort: met[0]?.from }]);
        },
      },
      {
        ...air, for: 'v4', given: join6, params: { type: 'TCP', host: 'peer.test', port: 9, keepAlive: 60 }, tells: { 'AT+CIPTCPOPT?': '+CIPTCPOPT:0,-1,0,0,60' },
        after: (rig) => row(rig, 'AT+CIPSTATE?', /^\+CIPSTATE:0,"TCP","203\.0\.113\.9",9,<port>,0\r\n/),
      },
      { ...air, for: 'v2', module: many, given: joining, params: { link: 4, type: 'SSL', host: 'peer.test', port: 443, localAddress: '192.168.4.15' }, edges: true, after: (rig) => expect([met.length, linked(rig).length]).toEqual([1, 1]) },
      { ...air, for: 'v4', module: many, given: join6, params: { link: 4, type: 'SSL', host: 'peer.test', port: 443, localAddress: '192.168.4.15' }, edges: true, after: (rig) => expect([met.length, linked(rig).length]).toEqual([1, 1]) },
      { ...air, for: 'v4', given: join6, params: { type: 'TCPv6', host: '2001:db8::9', port: 9 }, edges: true, after: (rig) => row(rig, 'AT+CIPSTATE?', /^\+CIPSTATE:0,"TCPv6","2001:db8::9",9,<port>,0/) },
      { ...air, for: 'v2', given: joining, params: { type: 'TCP', host: 'peer.test', port: 9 }, edges: true },
      { ...air, given: joining, params: { type: 'TCP', host: 'peer.test', port: 10 }, refused: rejected },
      { ...air, given: joining, params: { type: 'TCP', host: 'nobody.test', port: 9 }, refused: rejected },
      { ...air, given: joining, params: { type: 'TCP', host: '203.0.113.66', port: 9 }, refused: rejected },
      { ...air, given: [...joining, 'AT+CIPSTART="TCP","peer.test",9'], params: { type: 'TCP', host: 'peer.test', port: 9 }, refused: rejected },
      { ...air, given: ['AT+CWMODE=1'], params: { type: 'TCP', host: 'peer.test', port: 9 }, refused: rejected },
      { ...air, given: joining, params: { link: 1, type: 'TCP', host: 'peer.test', port: 9 }, refused: { kind: 'usage', code: 'parameter', details: { parameter: 'link' } } },
      { ...air, module: many, given: joining, params: { type: 'TCP', host: 'peer.test', port: 9 }, refused: { kind: 'usage', code: 'parameter', details: { parameter: 'link' } } },
    ],
    limits: {
      ...limits,
      'type=TCP': { with: { port: 9 } }, 'type=TCPv6': { for: 'v4', with: { port: 9 } },
      'port=0': { with: { type: 'TCP' } }, 'port=65535': { with: { type: 'TCP' } },
    },
  },
  'AT+CIPSTART set udp': {
    cases: [
      {
        ...air, for: 'v2', given: joining, params: { type: 'UDP', host: 'peer.test', port: 9, localPort: 1112, mode: 'any' }, edges: true,
        tells: { 'AT+CIPSTATUS': 'STATUS:4\n+CIPSTATUS:0,"UDP","203.0.113.9",9,1112,0' },
      },
      {
        ...air, for: 'v4', given: join6, params: { type: 'UDP', host: 'peer.test', port: 9, localPort: 1112, mode: 'any' }, edges: true,
        tells: { 'AT+CIPSTATE?': '+CIPSTATE:0,"UDP","203.0.113.9",9,1112,0' },
      },
      { ...air, module: many, given: joining, params: { link: 2, type: 'UDP', host: '203.0.113.9', port: 9, localPort: 7, mode: 'once', localAddress: '192.168.4.15' }, tells: { 'AT+CIPSTATUS': 'STATUS:4\n+CIPSTATUS:2,"UDP","203.0.113.9",9,7,0' } },
      { ...air, for: 'v2', module: many, given: joining, params: { link: 0, type: 'UDP', host: 'peer.test', port: 9 }, edges: true },
      { ...air, for: 'v4', module: many, given: join6, params: { link: 0, type: 'UDP', host: 'peer.test', port: 9 }, edges: true },
      { ...air, given: joining, params: { type: 'UDP', host: 'nobody.test', port: 9 }, refused: rejected },
    ],
    limits: { 'localAddress=10.9.8.7': { refused: 'not an address of the module' }, 'type=UDPv6': { for: 'v4', with: { host: '2001:db8::9' } } },
  },
  'AT+CIPSTARTEX set': {
    cases: [
      { ...air, for: 'v2', module: many, given: [...joining, 'AT+CIPSTART=0,"TCP","peer.test",9'], params: { type: 'TCP', host: 'peer.test', port: 9 }, after: (rig) => expect(linked(rig)).toEqual([expect.objectContaining({ link: 0 }), expect.objectContaining({ link: 1, remotePort: 9 })]) },
      { ...air, for: 'v4', module: many, given: [...join6, 'AT+CIPSTART=0,"TCP","peer.test",9'], params: { type: 'TCP', host: 'peer.test', port: 9, keepAlive: 7200 }, after: (rig) => row(rig, 'AT+CIPSTATE?', /\+CIPSTATE:1,"TCP","203\.0\.113\.9",9,<port>,0/) },
      { ...air, given: joining, params: { type: 'TCP', host: 'peer.test', port: 9 }, refused: rejected },
    ],
    limits,
  },
  'AT+CIPSTARTEX set udp': {
    cases: [
      { ...air, for: 'v2', module: many, given: joining, params: { type: 'UDP', host: 'peer.test', port: 9, localPort: 6000, mode: 'fixed' }, tells: { 'AT+CIPSTATUS': 'STATUS:4\n+CIPSTATUS:0,"UDP","203.0.113.9",9,6000,0' } },
      { ...air, for: 'v4', module: many, given: join6, params: { type: 'UDP', host: 'peer.test', port: 9, localPort: 6000, mode: 'fixed' }, tells: { 'AT+CIPSTATE?': '+CIPSTATE:0,"UDP","203.0.113.9",9,6000,0' } },
    ],
    limits: { 'localAddress=10.9.8.7': { refused: 'not an address of the module' } },
  },
  'AT+CIPCLOSE set': {
    cases: [
      {
        ...air, module: many, given: [...joining, 'AT+CIPSTART=0,"TCP","peer.test",9', 'AT+CIPSTART=4,"TCP","peer.test",9', 'AT+CIPSTART=1,"TCP","peer.test",9'], params: { link: 1 },
        after: (rig) => {
          expect(rig.events).toContainEqual({ name: 'CLOSED', fields: { link: 1 } });
          expect(rig.wire('AT+CIPSTATUS').match(/\+CIPSTATUS:\d/g)).toEqual(['+CIPSTATUS:0', '+CIPSTATUS:4']);
        },
      },
      { ...air, module: many, given: [...joining, 'AT+CIPSTART=0,"TCP","peer.test",9', 'AT+CIPSTART=4,"TCP","peer.test",9'], params: { link: 5 }, tells: { 'AT+CIPSTATUS': 'STATUS:4' } },
      { ...air, module: many, given: joining, params: { link: 5 } },
      { ...air, module: many, given: joining, params: { link: 3 }, refused: rejected },
    ],
  },
  'AT+CIPCLOSE execute': {
    cases: [
      { ...air, given: [...joining, 'AT+CIPSTART="TCP","peer.test",9'], tells: { 'AT+CIPSTATUS': 'STATUS:4' }, after: (rig) => expect(rig.events).toContainEqual({ name: 'CLOSED', fields: { link: undefined } }) },
      { given: joining, refused: rejected },
    ],
  },
  'AT+CIPMUX set': {
    cases: [
      { params: { enable: true }, tells: { 'AT+CIPMUX?': '+CIPMUX:1' } },
      { ...air, given: [...joining, 'AT+CIPSTART="TCP","peer.test",9'], params: { enable: true }, refused: rejected },
      { module: many, given: ['AT+CIPSERVER=1'], params: { enable: false }, refused: rejected },
    ],
  },
  'AT+CIPMUX query': { cases: [{ expect: { enable: false } }, { given: ['AT+CIPMUX=1'], expect: { enable: true } }] },
  'AT+CIPMODE set': {
    cases: [
      { params: { passthrough: true }, tells: { 'AT+CIPMODE?': '+CIPMODE:1' } },
      { for: 'v2', module: many, params: { passthrough: false }, refused: rejected },
      { for: 'v4', module: many, params: { passthrough: true }, tells: { 'AT+CIPMODE?': '+CIPMODE:1' } },
    ],
  },
  'AT+CIPMODE query': { cases: [{ expect: { passthrough: false } }, { given: ['AT+CIPMODE=1'], expect: { passthrough: true } }] },
  'AT+CIPRECONNINTV set': { cases: [{ for: 'v2', params: { interval: 36000 } }, { for: 'v4', params: { interval: 250 }, tells: { 'AT+CIPRECONNINTV?': '+CIPRECONNINTV:250' } }] },
  'AT+CIPRECONNINTV query': { cases: [{ expect: { interval: 1 } }, { given: ['AT+CIPRECONNINTV=36000'], expect: { interval: 36000 } }] },
  'AT+TRANSINTVL set': { cases: [{ params: { interval: 1000 }, tells: { 'AT+TRANSINTVL?': '+TRANSINTVL:1000' } }] },
  'AT+TRANSINTVL query': { cases: [{ expect: { interval: 20 } }, { given: ['AT+TRANSINTVL=0'], expect: { interval: 0 } }] },
  'AT+CIPTCPOPT set': {
    cases: [
      { for: 'v2', params: { linger: 10, noDelay: true, sendTimeout: 5000 }, tells: { 'AT+CIPTCPOPT?': '+CIPTCPOPT:0,10,1,5000' }, edges: true },
      { for: 'v4', params: { linger: 10, noDelay: true, sendTimeout: 5000, keepAlive: 30 }, tells: { 'AT+CIPTCPOPT?': '+CIPTCPOPT:0,10,1,5000,30' }, edges: true },
      {
        for: 'v2', module: many, params: { link: 3, noDelay: true }, edges: true,
        tells: { 'AT+CIPTCPOPT?': '+CIPTCPOPT:0,-1,0,0\n+CIPTCPOPT:1,-1,0,0\n+CIPTCPOPT:2,-1,0,0\n+CIPTCPOPT:3,-1,1,0\n+CIPTCPOPT:4,-1,0,0' },
      },
      {
        for: 'v4', module: many, params: { link: 5, sendTimeout: 7 }, edges: true,
        tells: { 'AT+CIPTCPOPT?': '+CIPTCPOPT:0,-1,0,7,0\n+CIPTCPOPT:1,-1,0,7,0\n+CIPTCPOPT:2,-1,0,7,0\n+CIPTCPOPT:3,-1,0,7,0\n+CIPTCPOPT:4,-1,0,7,0' },
      },
    ],
  },
  'AT+CIPTCPOPT query': {
    cases: [
      { for: 'v2', given: ['AT+CIPTCPOPT=0,1,250'], expect: [{ link: 0, linger: 0, noDelay: true, sendTimeout: 250, keepAlive: undefined }] },
      { for: 'v4', given: ['AT+CIPTCPOPT=0,1,250,7200'], expect: [{ link: 0, linger: 0, noDelay: true, sendTimeout: 250, keepAlive: 7200 }] },
      {
        for: 'v4', module: many, given: ['AT+CIPTCPOPT=1,5,,,60'],
        expect: [0, 1, 2, 3, 4].map((link) => ({ link, linger: link === 1 ? 5 : -1, noDelay: false, sendTimeout: 0, keepAlive: link === 1 ? 60 : 0 })),
      },
    ],
  },
};
