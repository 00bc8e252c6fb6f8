import { inMemoryWeb, type WebHandler, type WebRequest } from 'rx-esp-at/emulator';
import { joining, type Case, type Rig, type Table, wireBytes, wireText } from '../../support/enumeration.js';

const asked: WebRequest[] = [];
const listen: WebHandler = (request) => {
  asked.push(request);
  if (request.path === '/none') return { status: 404, body: 'gone' };
  if (request.path === '/long') return { body: 'b'.repeat(5000) };
  return { headers: [['Content-Type', 'text/plain']], body: 'he\r\nllo' };
};
const around: Partial<Case> = {
  fresh: () => void asked.splice(0),
  emulator: (scheduler) => ({ http: inMemoryWeb({ scheduler, servers: { 'h.test:80': listen, 's.test:443': listen } }) }),
};
const hello = { length: 7, payload: wireBytes('he\r\nllo') } as const;
const headersOf = (wanted: string): readonly string[] => (asked[0]?.headers ?? []).filter(([name]) => name === wanted).map(([, value]) => value);
const bodyOf = (): string => wireText(asked[0]?.body ?? new Uint8Array(0));
const type = (line: string, data: string) => (rig: Rig): void => {
  expect(rig.wire(line)).toMatch(/>$/);
  rig.bytes(data);
};
const notFound = { kind: 'command', code: 'rejected', details: { codes: [expect.objectContaining({ code: '0x010a7194' })] as unknown } };
const url = 'http://h.test/a?b=1,"c"';
const noServer = { refused: 'no server of that name' } as const;
const noUrl = { refused: 'empty stands for AT+HTTPURLCFG, which is not set' } as const;

const unreachable = { 'url#0': noUrl, 'url#253': noServer, 'host#128': { refused: 'no server of that name', with: { url: undefined } } } as const;

/** Document 000 chapter 10 and what came after it. */
export const httpTable: Table = {
  'AT+HTTPCLIENT set data': {
    cases: [
      {
        ...around, given: joining, params: { method: 'post', contentType: 'json', url, transport: 'tcp', data: '{"a": [1, "\\\\"]}' }, expect: [hello],
        after: () => expect([asked[0]?.method, asked[0]?.path, headersOf('Content-Type'), bodyOf()]).toEqual(['POST', '/a?b=1,"c"', ['application/json'], '{"a": [1, "\\\\"]}']),
      },
      {
        ...around, for: 'v4', given: joining, params: { method: 'put', contentType: 'xml', url, transport: 'tcp', headers: ['X-A: 1'] }, expect: [hello],
        after: () => expect([asked[0]?.method, headersOf('Content-Type'), headersOf('X-A'), bodyOf()]).toEqual(['PUT', ['text/xml'], ['1'], '']),
      },
      { ...around, given: joining, params: { method: 'post', contentType: 'form', url: 'http://h.test/none', transport: 'tcp', data: 'a=1' }, refused: notFound },
    ],
    // The data of a PUT came after 2.1.
    limits: { ...unreachable, 'method=put': { for: 'v2', with: { data: undefined } }, 'transport=unknown': { for: 'v2' } },
  },
  'AT+HTTPCLIENT set': {
    cases: [
      { ...around, given: joining, params: { method: 'get', contentType: 'form', url, transport: 'tcp' }, expect: [hello], after: () => expect([asked[0]?.method, asked[0]?.path]).toEqual(['GET', '/a?b=1,"c"']) },
      { ...around, given: joining, params: { method: 'get', contentType: 'form', host: 's.test', path: '/p', transport: 'tls' }, expect: [hello], after: () => expect(asked[0]?.url).toBe('https://s.test/p') },
      {
        ...around, for: 'v4', given: joining, params: { method: 'get', contentType: 'form', url: 'http://h.test/', transport: 'tcp', headers: ['X-A: "1", \\2', 'X-B: 3'] }, expect: [hello],
        after: () => expect([headersOf('X-A'), headersOf('X-B')]).toEqual([['"1", \\2'], ['3']]),
      },
      { ...around, given: joining, params: { method: 'head', contentType: 'form', url: 'http://h.test/', transport: 'tcp' }, expect: [{ length: 24, payload: wireBytes('Content-Type: text/plain') }, { length: 17, payload: wireBytes('Content-Length: 7') }] },
      { ...around, given: joining, params: { method: 'get', contentType: 'form', url: 'http://h.test/none', transport: 'tcp' }, refused: notFound },
      { ...around, given: joining, params: { method: 'get', contentType: 'form', url: 'http://nobody.test/', transport: 'tcp' }, refused: { kind: 'command', code: 'rejected' } },
    ],
    limits: { ...unreachable, 'transport=unknown': { for: 'v2' } },
  },
  'AT+HTTPGETSIZE set': {
    cases: [{ ...around, for: 'v2', given: joining, params: { url: 'http://h.test/long' }, expect: 5000, after: () => expect(asked[0]?.method).toBe('HEAD') }, { ...around, for: 'v4', given: joining, params: { url: 'http://h.test/long', send: 100, receive: 200, timeout: 3000 }, expect: 5000, after: () => expect(asked[0]?.method).toBe('HEAD') }, { ...around, given: joining, params: { url: 'http://nobody.test/' }, refused: { kind: 'command', code: 'rejected' } }],
    limits: { 'url#0': noUrl, 'url#253': noServer },
  },
  'AT+HTTPCGET set': {
    cases: [
      { ...around, given: joining, params: { url, send: 100, receive: 4, timeout: 3000 }, expect: [{ length: 4, payload: wireBytes('he\r\n') }, { length: 3, payload: wireBytes('llo') }] },
      { ...around, given: joining, params: { url: 'http://h.test/none' }, refused: notFound },
    ],
    limits: { 'url#0': noUrl, 'url#253': noServer },
  },
  'AT+HTTPCPOST set': {
    cases: [
      { ...around, given: joining, params: { url, length: 6, headers: ['X-A: 1'] }, data: 'a\0\r\n"z', expect: [hello], after: () => expect([asked[0]?.method, bodyOf(), headersOf('X-A')]).toEqual(['POST', 'a\0\r\n"z', ['1']]) },
      { ...around, given: joining, params: { url: 'http://h.test/none', length: 1 }, data: 'x', refused: { kind: 'send', code: 'failed' } },
    ],
    limits: { 'url#0': noUrl, 'url#253': noServer, 'length=2147483647': { untried: '2 GiB of payload' } },
  },
  'AT+HTTPCPUT set': {
    cases: [{ ...around, given: joining, params: { url, length: 3 }, data: 'put', expect: [hello], after: () => expect([asked[0]?.method, bodyOf()]).toEqual(['PUT', 'put']) }],
    limits: { 'url#0': noUrl, 'url#253': noServer, 'length=2147483647': { untried: '2 GiB of payload' } },
  },
  'AT+HTTPURLCFG set': { cases: [{ ...around, given: joining, params: { length: 17 }, data: 'http://h.test/cfg', after: (rig) => (rig.wire('AT+HTTPCGET=""'), expect(asked[0]?.path).toBe('/cfg')) }] },
  'AT+HTTPURLCFG set clear': { cases: [{ before: type('AT+HTTPURLCFG=8', 'http://h'), after: (rig) => expect(rig.wire('AT+HTTPURLCFG?')).toBe('OK') }] },
  'AT+HTTPURLCFG query': { cases: [{ expect: undefined }, { before: type('AT+HTTPURLCFG=11', 'http://a\r\n,'), expect: { length: 11, payload: wireBytes('http://a\r\n,') } }] },
  'AT+HTTPCHEAD set': {
    cases: [{ ...around, given: joining, params: { length: 10 }, data: 'X-A: 1, "2', tells: { 'AT+HTTPCHEAD?': '+HTTPCHEAD:0,"X-A: 1, "2"' }, after: (rig) => (rig.wire('AT+HTTPCGET="http://h.test/"'), expect(headersOf('X-A')).toEqual(['1, "2'])) }],
    limits: { 'length=1': { refused: 'no header is that short' }, 'length=32767': { refused: 'no header of letters alone, nor longer than 4096 bytes' } },
  },
  'AT+HTTPCHEAD set clear': { cases: [{ before: type('AT+HTTPCHEAD=4', 'A: b'), tells: { 'AT+HTTPCHEAD?': '' } }] },
  'AT+HTTPCHEAD query': { cases: [{ expect: [] }, { before: (rig) => (type('AT+HTTPCHEAD=4', 'A: b')(rig), type('AT+HTTPCHEAD=8', 'C: "d,e"')(rig)), expect: [{ index: 0, header: 'A: b' }, { index: 1, header: 'C: "d,e"' }] }] },
};
