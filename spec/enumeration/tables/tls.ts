import { joining, type Case, type Table } from '../../support/enumeration.js';
import { peers } from './peers.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const many = { multiple: true } as const;
const five = [0, 1, 2, 3, 4] as const;
const bytesText = 'k"e,y\\ \x7f';
/** The key of a row shows nowhere but where it is asked for. */
const key = (name: string, revealed: readonly string[]): Pick<Case, 'after'> => ({
  after: (rig) => {
    const { values } = rig.exec(rig.module.dialect.commands.get(`${name} query`) as never);
    const rows = values[0] as readonly { readonly key: { reveal(): string } }[];
    expect(rows.map((row) => row.key.reveal())).toEqual(revealed);
    expect(JSON.stringify(rows)).toContain('"key":"*');
  },
});
const time = 1_700_000_000;
const updates = { version: 'v4.2.0.0', older: ['v4.1.1.0'] } as const;

/** TLS, time and updates: document 000 §4.15 to §4.17, §4.20; document 002. */
export const tlsTable: Table = {
  'AT+CIPSSLCCONF set': {
    cases: [
      { for: 'v4', params: { verify: 'both', certificate: 1, authority: 0 }, tells: { 'AT+CIPSSLCCONF?': '+CIPSSLCCONF:0,3,1,0' } },
      { for: 'v2', params: { verify: 'both', certificate: 1, authority: 0 }, tells: { 'AT+CIPSSLCCONF?': five.map((link) => `+CIPSSLCCONF:${String(link)},${link === 0 ? '3,1,0' : '0,0,0'}`).join('\n') } },
      { module: many, params: { link: 4, verify: 'server', authority: 1 }, edges: true, tells: { 'AT+CIPSSLCCONF?': five.map((link) => `+CIPSSLCCONF:${String(link)},${link === 4 ? '2,0,1' : '0,0,0'}`).join('\n') } },
      { module: many, params: { link: 5, verify: 'client' }, tells: { 'AT+CIPSSLCCONF?': five.map((link) => `+CIPSSLCCONF:${String(link)},1,0,0`).join('\n') } },
    ],
    limits: { 'certificate=255': { refused: 'the module holds two certificates' }, 'authority=255': { refused: 'the module holds two authorities' } },
  },
  'AT+CIPSSLCCONF query': {
    cases: [
      { for: 'v4', given: ['AT+CIPSSLCCONF=2,0,1'], expect: [{ link: 0, verify: 'server', certificate: 0, authority: 1 }] },
      { module: many, given: ['AT+CIPSSLCCONF=3,3,1,1'], expect: five.map((link) => (link === 3 ? { link, verify: 'both', certificate: 1, authority: 1 } : { link, verify: 'none', certificate: 0, authority: 0 })) },
    ],
  },
  'AT+CIPSSLCCN set': {
    cases: [
      { params: { name: 'a,"b"\\c' }, tells: { 'AT+CIPSSLCCN?': '+CIPSSLCCN:0,a,"b"\\c' } },
      { module: many, params: { link: 2, name: 'peer.test' }, edges: true, tells: { 'AT+CIPSSLCCN?': '+CIPSSLCCN:2,peer.test' } },
    ],
  },
  'AT+CIPSSLCCN query': { cases: [{ expect: [] }, { module: many, given: ['AT+CIPSSLCCN=1,"one\\"\\,"', 'AT+CIPSSLCCN=4,"four"'], expect: [{ link: 1, name: 'one",' }, { link: 4, name: 'four' }] }] },
  'AT+CIPSSLCSNI set': {
    cases: [
      { params: { name: 'a,"b"\\c' }, tells: { 'AT+CIPSSLCSNI?': '+CIPSSLCSNI:0,a,"b"\\c' } },
      { module: many, params: { link: 5, name: 'peer.test' }, edges: true, tells: { 'AT+CIPSSLCSNI?': five.map((link) => `+CIPSSLCSNI:${String(link)},peer.test`).join('\n') } },
    ],
  },
  'AT+CIPSSLCSNI query': { cases: [{ expect: [] }, { module: many, given: ['AT+CIPSSLCSNI=1,"one\\"\\,"', 'AT+CIPSSLCSNI=4,"four"'], expect: [{ link: 1, name: 'one",' }, { link: 4, name: 'four' }] }] },
  'AT+CIPSSLCALPN set': {
    cases: [
      { params: { protocols: ['h2', 'http/1.1'] }, tells: { 'AT+CIPSSLCALPN?': '+CIPSSLCALPN:0,h2,http/1.1' } },
      { given: ['AT+CIPSSLCALPN=1,"h2"'], params: { protocols: [] }, tells: { 'AT+CIPSSLCALPN?': '' } },
      { module: many, params: { link: 3, protocols: ['a', 'b', 'c', 'd', 'e'] }, edges: true, tells: { 'AT+CIPSSLCALPN?': '+CIPSSLCALPN:3,a,b,c,d,e' } },
      { params: { protocols: ['a', 'b', 'c', 'd', 'e', 'f'] }, refused: { kind: 'usage', details: { parameter: 'protocols' } } },
      { params: { protocols: ['x'.repeat(33)] }, refused: { kind: 'usage', details: { parameter: 'protocols' } } },
    ],
  },
  'AT+CIPSSLCALPN query': { cases: [{ expect: [] }, { module: many, given: ['AT+CIPSSLCALPN=2,2,"h2","spdy/3"'], expect: [{ link: 2, protocols: ['h2', 'spdy/3'] }] }] },
  'AT+CIPSSLCPSK set': {
    cases: [
      { params: { key: bytesText, hint: 'hi"nt' }, tells: { 'AT+CIPSSLCPSK?': `+CIPSSLCPSK:0,${bytesText},hi"nt` } },
      { module: many, params: { link: 1, key: 'psk', hint: '' }, edges: true, tells: { 'AT+CIPSSLCPSK?': '+CIPSSLCPSK:1,psk,' } },
    ],
  },
  'AT+CIPSSLCPSK query': {
    cases: [
      { expect: [] },
      { module: many, given: ['AT+CIPSSLCPSK=3,"se\\"cret","who"'], expect: [expect.objectContaining({ link: 3, hint: 'who' })] as unknown, ...key('AT+CIPSSLCPSK', ['se"cret']) },
    ],
  },
  'AT+CIPSSLCPSKHEX set': {
    cases: [
      { params: { key: '00ff7F', hint: 'who' }, tells: { 'AT+CIPSSLCPSKHEX?': '+CIPSSLCPSKHEX:0,00ff7f,who' } },
      { module: many, params: { link: 5, key: 'aa', hint: 'h' }, edges: true, tells: { 'AT+CIPSSLCPSKHEX?': five.map((link) => `+CIPSSLCPSKHEX:${String(link)},aa,h`).join('\n') } },
    ],
  },
  'AT+CIPSSLCPSKHEX query': { cases: [{ expect: [] }, { given: ['AT+CIPSSLCPSKHEX="0001feff","who"'], expect: [expect.objectContaining({ link: 0, hint: 'who' })] as unknown, ...key('AT+CIPSSLCPSKHEX', ['0001feff']) }] },
  'AT+CIPSNTPCFG set': {
    cases: [
      { params: { enable: true, timezone: 8, first: 'cn.ntp.org.cn', second: 'ntp.sjtu.edu.cn', third: 'x.test' }, tells: { 'AT+CIPSNTPCFG?': '+CIPSNTPCFG:1,8,"cn.ntp.org.cn","ntp.sjtu.edu.cn","x.test"' } },
      {
        for: 'v4', network: { ...peers, time }, given: joining, params: { enable: true, timezone: 2 }, before: (rig) => expect(rig.wire('AT+CIPSNTPTIME?')).toContain(' 1970'),
        after: (rig) => {
          rig.wait(1000);
          expect(rig.wire('AT+CIPSNTPTIME?')).toMatch(/^\+CIPSNTPTIME:Wed Nov 15 00:13:2\d 2023/);
          expect(rig.events).toContainEqual({ name: '+TIME_UPDATED', fields: {} });
        },
      },
      { for: 'v4', params: { enable: true, timezone: -930 }, tells: { 'AT+CIPSNTPCFG?': '+CIPSNTPCFG:1,-9,"cn.ntp.org.cn","ntp.sjtu.edu.cn","us.pool.ntp.org"' } },
      { for: 'v4', params: { enable: false, timezone: 3 }, tells: { 'AT+CIPSNTPCFG?': '+CIPSNTPCFG:0,3' } },
      { for: 'v2', params: { enable: false }, tells: { 'AT+CIPSNTPCFG?': '+CIPSNTPCFG:0' } },
    ],
  },
  'AT+CIPSNTPCFG execute': { cases: [{ given: ['AT+CIPSNTPCFG=1,8,"a.test"'], tells: { 'AT+CIPSNTPCFG?': '+CIPSNTPCFG:0' } }] },
  'AT+CIPSNTPCFG query': {
    cases: [
      { for: 'v2', expect: { enable: false, timezone: undefined, servers: [] } },
      { for: 'v4', expect: { enable: false, timezone: 0, servers: [] } },
      { given: ['AT+CIPSNTPCFG=1,-5,"a.test","b.test"'], expect: { enable: true, timezone: -5, servers: ['a.test', 'b.test'] } },
    ],
  },
  'AT+CIPSNTPTIME query': { cases: [{ given: ['AT+SYSTIMESTAMP=1630609023'], expect: '2021-09-02T18:57:03' }, { given: ['AT+CIPSNTPCFG=1,8', 'AT+SYSTIMESTAMP=1630609023'], expect: '2021-09-03T02:57:03' }] },
  'AT+CIPSNTPINTV set': { cases: [{ params: { seconds: 60 }, tells: { 'AT+CIPSNTPINTV?': '+CIPSNTPINTV:60' } }] },
  'AT+CIPSNTPINTV query': { cases: [{ expect: { seconds: 3600 } }, { given: ['AT+CIPSNTPINTV=4294967'], expect: { seconds: 4294967 } }] },
  'AT+CIUPDATE query': {
    cases: [
      { expect: { state: 0 } },
      { emulator: { updates }, given: [...joining, 'AT+CIUPDATE=0,"","",1'], before: (rig) => rig.wait(3000), expect: { state: 4 } },
    ],
  },
  'AT+CIPFWVER query': { cases: [{ emulator: { updates }, given: joining, expect: [{ version: 'v4.1.1.0' }, { version: 'v4.2.0.0' }] }, { given: joining, refused: rejected }] },
};
