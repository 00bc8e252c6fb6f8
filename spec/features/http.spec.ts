import { concat } from 'rxjs';
import { type AtError, commands, http } from '../../lib/index.js';
import { fromBytes } from '../../operators/index.js';
import { memorySource } from '../support/byteSources.js';
import { observed } from '../support/joinedModule.js';
import { awkward, beside, bytesOf, done, errorOf, header, inSync, random } from './httpHarness.js';

describe.each(['2.1.0', '4.1.0'] as const)('http on %s', (firmware) => {
  it('gets 5,000 bytes in the pieces that the module reads', () => {
    const body = awkward(5000);
    const at = beside(firmware, () => ({ headers: [['X-Pad', 'p'.repeat(90)]], body }));
    const heard = done(at, { method: 'get', url: 'http://h/x?a="1",2&b=\\3' });
    expect(heard.values.map(({ bytes, received, total }) => [bytes.length, received, total])).toEqual([[1300, 1300, undefined], [1440, 2740, undefined], [1440, 4180, undefined], [820, 5000, undefined]]);
    expect(bytesOf(heard.values).equals(body)).toBe(true);
    expect([heard.completed, at.asked[0]?.path]).toEqual([true, '/x?a="1",2&b=\\3']);
    inSync(at);
  });

  it('is cold, and asks again with each subscription', () => {
    const at = beside(firmware, () => ({ body: 'x' }));
    const source = http.get(at.world.at, 'http://h/');
    at.world.run(1000);
    expect(at.asked).toEqual([]);
    const heard = observed(concat(source, source));
    at.world.run(1000);
    expect([heard.values.length, heard.completed, at.asked.length]).toEqual([2, true, 2]);
  });

  it('posts what fits the line, with its type', () => {
    const at = beside(firmware, ({ body }) => ({ body: body ?? '' }));
    const heard = done(at, { method: 'post', url: 'http://h/', contentType: 'json', body: '{"a":"\\\\é, \\""}' });
    expect(bytesOf(heard.values).toString()).toBe('{"a":"\\\\é, \\""}');
    expect([at.asked[0]?.method, header(at.asked, 'Content-Type')]).toEqual(['POST', 'application/json']);
    const bytes = done(at, { method: 'post', url: 'http://h/', body: Uint8Array.of(0xff, 0x80, 0x01) });
    expect([...bytesOf(bytes.values)]).toEqual([0xff, 0x80, 0x01]);
    for (const body of ['', { source: fromBytes(new Uint8Array(0)), length: 0 }]) expect(done(at, { method: 'post', url: 'http://h/', body }).completed).toBe(true);
    expect(at.asked.map(({ body }) => body?.length)).toEqual([16, 3, 0, 0]);
  });

  it('keeps the blanks that a body begins and ends with', () => {
    for (const body of [' ', '  two ', ' \r\n', '\r\n ']) {
      const at = beside(firmware, () => ({ body }));
      expect(bytesOf(done(at, { method: 'get', url: 'http://h/' }).values).toString()).toBe(body);
      inSync(at);
    }
  });

  it('follows redirections, deletes, and speaks TLS', () => {
    const at = beside(firmware, ({ path }) => (path === '/a' ? { status: 302, headers: [['Location', '/b']], body: 'no' } : { body: 'there' }));
    expect(bytesOf(done(at, { method: 'get', url: 'http://h/a' }).values).toString()).toBe('there');
    expect(done(at, { method: 'delete', url: 'https://s/b' }).completed).toBe(true);
    expect(at.asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET http://h/a', 'GET http://h/b', 'DELETE https://s/b']);
  });

  it('gives up a redirection without an end, as one without an aim is no redirection', () => {
    const at = beside(firmware, ({ path }) => ({ status: 302, headers: path === '/loop' ? [['Location', '/loop']] : [], body: 'no' }));
    expect(errorOf(done(at, { method: 'get', url: 'http://h/loop' }))).toEqual(['link', 'no-response', 'safe', undefined, 0]);
    expect(at.asked).toHaveLength(11);
    expect(bytesOf(done(at, { method: 'get', url: 'http://h/stay' }).values).toString()).toBe('no');
    inSync(at);
  });

  it.each([[404, 'never'], [500, 'safe'], [503, 'safe']] as const)('status %d comes after the body of its page', (status, retry) => {
    const at = beside(firmware, () => ({ status, body: 'oh no' }));
    const heard = done(at, { method: 'get', url: 'http://h/' });
    expect(bytesOf(heard.values).toString()).toBe('oh no');
    expect(errorOf(heard)).toEqual(['link', 'status', retry, status, 5]);
    inSync(at);
  });

  it.each([[500, 'unknown'], [503, 'safe'], [429, 'safe'], [422, 'never']] as const)('status %d of a POST may be tried again: %s', (status, retry) => {
    const at = beside(firmware, () => ({ status }));
    expect(errorOf(done(at, { method: 'post', url: 'http://h/', body: 'x' })).slice(0, 4)).toEqual(['link', 'status', retry, status]);
  });

  it('a connection that is cut is no complete response', () => {
    const at = beside(firmware, () => ({ body: random(3000), drop: 2000 }));
    const heard = done(at, { method: 'get', url: 'http://h/' });
    expect(bytesOf(heard.values).length).toBe(2000);
    expect(errorOf(heard)).toEqual(['link', 'no-response', 'unknown', undefined, 2000]);
    expect(errorOf(done(at, { method: 'get', url: 'http://nobody/' }))).toEqual(['link', 'no-response', 'safe', undefined, 0]);
    expect(errorOf(done(at, { method: 'post', url: 'http://nobody/', body: 'x' })).slice(0, 3)).toEqual(['link', 'no-response', 'unknown']);
    inSync(at);
  });

  it('unsubscribing midway leaves the line in step', () => {
    const at = beside(firmware, () => ({ body: awkward(50_000) }));
    const seen: number[] = [];
    const subscription = http.get(at.world.at, 'http://h/').subscribe(({ received }) => {
      seen.push(received);
      if (seen.length === 2) subscription.unsubscribe();
    });
    const next = observed(http.get(at.world.at, 'http://h/'));
    at.world.run(20_000);
    expect([seen.length, bytesOf(next.values).length, next.completed]).toEqual([2, 50_000, true]);
    inSync(at);
  });

  it('lists the headers of a HEAD', () => {
    const at = beside(firmware, () => ({ headers: [['Server', 'lab: 1'], ['X-Empty', ''], ['X-Comma', ' a,b ']], body: 'hello' }));
    const heard = observed(http.head(at.world.at, 'http://h/'));
    at.world.run(5000);
    expect(heard.values).toEqual([[{ name: 'Server', value: 'lab: 1' }, { name: 'X-Empty', value: '' }, { name: 'X-Comma', value: 'a,b' }, { name: 'Content-Length', value: '5' }]]);
  });

  it('reads JSON', () => {
    // Behind an odd and an even number of bytes: one of them is torn in the middle of a character.
    const texts = ['é'.repeat(2000), `x${'é'.repeat(2000)}`];
    const pages: Readonly<Record<string, string>> = { '/no': '{', '/none': '', '/odd': JSON.stringify({ text: texts[0] }), '/even': JSON.stringify({ text: texts[1] }) };
    const at = beside(firmware, ({ path }) => ({ body: pages[path] ?? '' }));
    const results = ['odd', 'even', 'none', 'no'].map((page) => observed(http.json(at.world.at, `http://h/${page}`)));
    at.world.run(10_000);
    expect(results.map(({ values }) => values)).toEqual([[{ text: texts[0] }], [{ text: texts[1] }], [], []]);
    expect([results[2]?.completed, (results[3]?.error as AtError).code]).toEqual([true, 'json']);
  });

  it.each([
    [{ method: 'get', url: '/x' }, 'url'],
    [{ method: 'get', url: 'ftp://h/' }, 'url'],
    [{ method: 'get', url: 'http://h/a b' }, 'url'],
    [{ method: 'get', url: 'http://h/\x7f' }, 'url'],
    [{ method: 'get', url: 'http://h/\r\nX: 1' }, 'url'],
    [{ method: 'get', url: 'http://h/', headers: { 'X-A': '1\r\nX-B: 2' } }, 'header'],
    [{ method: 'get', url: 'http://h/', headers: { 'X A': '1' } }, 'header'],
    [{ method: 'delete', url: 'http://h/', body: 'x' }, 'body'],
  ] as const)('%j is not sent', (request, code) => {
    const at = beside(firmware, () => ({}));
    expect(errorOf(done(at, request)).slice(0, 2)).toEqual(['usage', code]);
    expect(at.world.sent).toEqual([]);
  });
});

describe('http on 2.1.0, which has AT+HTTPCLIENT alone', () => {
  it.each([
    ['a body longer than a line', { method: 'post', url: 'http://h/', body: 'x'.repeat(240) }, 'usage', 'line-limit'],
    ['a body of 5 MB', { method: 'post', url: 'http://h/', body: new Uint8Array(5_000_000) }, 'usage', 'line-limit'],
    ['a long source', { method: 'post', url: 'http://h/', body: { source: fromBytes(new Uint8Array(5_000_000)), length: 5_000_000 } }, 'usage', 'line-limit'],
    ['a body with a line end', { method: 'post', url: 'http://h/', body: 'a\r\nb' }, 'usage', 'parameter'],
    ['a long address', { method: 'get', url: `http://h/${'x'.repeat(240)}` }, 'usage', 'line-limit'],
    ['headers', { method: 'get', url: 'http://h/', headers: { 'X-A': '1' } }, 'unsupported', 'parameter'],
    ['data of a PUT', { method: 'put', url: 'http://h/', body: 'x' }, 'unsupported', 'parameter'],
    ['a short source', { method: 'post', url: 'http://h/', body: { source: fromBytes(new Uint8Array(3)), length: 3 } }, 'unsupported', 'command'],
  ] as const)('refuses %s before a byte is sent', (_, request, kind, code) => {
    const at = beside('2.1.0', () => ({}));
    expect(errorOf(done(at, request)).slice(0, 2)).toEqual([kind, code]);
    expect(at.world.sent).toEqual([]);
  });

  it('asks for the size, and goes on where the firmware does not know the command, as 2.0', () => {
    const at = beside('2.1.0', () => ({ body: 'abc' }));
    const bytes = Uint8Array.of(97, 98, 99);
    expect(done(at, { method: 'get', url: 'http://h/', progress: true }).values).toEqual([{ bytes, received: 3, total: 3 }]);
    expect(at.asked.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
    at.world.module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith('AT+HTTPGETSIZE'), act: { do: 'error', code: 0x01090000 } });
    expect(done(at, { method: 'get', url: 'http://h/', progress: true }).values).toEqual([{ bytes, received: 3 }]);
    inSync(at);
  });

  it('checks no certificate, and so sets no clock for https:', () => {
    const at = beside('2.1.0', () => ({ body: 'x' }));
    expect(done(at, { method: 'get', url: 'https://s/' }).completed).toBe(true);
    expect(at.world.sent).toEqual(['AT+HTTPCLIENT=2,0,"https://s/",,,2']);
    expect(at.asked[0]?.tls?.authMode).toBe(0);
  });
});

describe('http on 4.1.0', () => {
  it.each([['post', 'POST'], ['put', 'PUT']] as const)('%s streams a source of 90,000 bytes behind the prompt', (method, name) => {
    const body = awkward(90_000);
    const at = beside('4.1.0', (request) => ({ body: String(request.body?.length) }));
    const source = memorySource(Array.from({ length: 90 }, (_, index) => body.subarray(index * 1000, (index + 1) * 1000)), { delay: 1, scheduler: at.world.scheduler });
    const heard = done(at, { method, url: 'http://h/', contentType: 'xml', body: { source, length: body.length } });
    expect([bytesOf(heard.values).toString(), heard.error, heard.completed]).toEqual(['90000', undefined, true]);
    expect([at.asked[0]?.method, header(at.asked, 'Content-Type'), Buffer.from(at.asked[0]?.body ?? []).equals(body)]).toEqual([name, 'text/xml', true]);
    expect(Math.max(...source.reads)).toBeLessThanOrEqual(4096);
    inSync(at);
  });

  it('sends bytes that no line holds the same way, and leaves what is too much for the heap to the module to refuse', () => {
    const at = beside('4.1.0', () => ({ body: 'ok' }));
    at.world.module.faults.add({ when: (event) => event.point === 'command' && event.line.endsWith(',1000000'), act: { do: 'error' } });
    const body = awkward(1000);
    expect(done(at, { method: 'post', url: 'http://h/', body }).completed).toBe(true);
    expect(Buffer.from(at.asked[0]?.body ?? []).equals(body)).toBe(true);
    expect(errorOf(done(at, { method: 'post', url: 'http://h/', body: new Uint8Array(1_000_000) })).slice(0, 2)).toEqual(['command', 'rejected']);
    inSync(at);
  });

  it('puts what fits the line', () => {
    const at = beside('4.1.0', ({ method, body }) => ({ status: 500, body: `${method} ${String(body?.length)}` }));
    const heard = done(at, { method: 'put', url: 'http://h/', body: 'abc', headers: { 'X-A': '1' } });
    expect([bytesOf(heard.values).toString(), header(at.asked, 'X-A'), ...errorOf(heard).slice(0, 4)]).toEqual(['PUT 3', '1', 'link', 'status', 'safe', 500]);
  });

  it('cannot tell the status of a streamed body', () => {
    const at = beside('4.1.0', () => ({ status: 413, body: 'too much' }));
    const heard = done(at, { method: 'post', url: 'http://h/', body: new Uint8Array(300) });
    expect([bytesOf(heard.values).toString(), ...errorOf(heard).slice(0, 2)]).toEqual(['too much', 'send', 'failed']);
  });

  it('a header of its own takes the place of the content type of a streamed body', () => {
    const at = beside('4.1.0', () => ({ body: 'ok' }));
    done(at, { method: 'post', url: 'http://h/', body: new Uint8Array(300), contentType: 'json', headers: { 'content-type': 'text/csv' } });
    expect(at.asked[0]?.headers.filter(([name]) => name.toLowerCase() === 'content-type')).toEqual([['content-type', 'text/csv']]);
  });

  it('unsubscribing amid a streamed body finishes it, unheard', () => {
    const at = beside('4.1.0', () => ({ body: 'ok' }));
    const source = memorySource(Array.from({ length: 50 }, () => new Uint8Array(1000)), { delay: 10, scheduler: at.world.scheduler });
    const heard = observed(http.post(at.world.at, 'http://h/', { source, length: 50_000 }));
    at.world.run(200);
    heard.leave();
    const next = observed(http.get(at.world.at, 'http://h/'));
    at.world.run(20_000);
    expect([heard.values, next.completed, at.asked.map(({ method }) => method)]).toEqual([[], true, ['POST', 'GET']]);
    inSync(at);
  });

  it('takes a long address through AT+HTTPURLCFG and clears it', () => {
    const at = beside('4.1.0', () => ({ body: awkward(3000) }));
    const path = `/?q="${',x'.repeat(2000)}`;
    const long = observed(http.get(at.world.at, `http://h${path}`, { progress: true }));
    const other = observed(http.get(at.world.at, 'http://h/other'));
    at.world.run(20_000);
    expect(bytesOf(long.values).equals(awkward(3000))).toBe(true);
    expect([long.values[0]?.total, long.completed, other.completed]).toEqual([3000, true, true]);
    expect(at.asked.map((request) => [request.method, request.path])).toEqual([['HEAD', path], ['GET', path], ['GET', '/other']]);
    expect(at.world.sent.filter((line) => line.startsWith('AT'))).toEqual([
      `AT+HTTPURLCFG=${String(path.length + 8)}`, 'AT+HTTPGETSIZE=""', 'AT+HTTPCLIENT=2,0,"",,,1', 'AT+HTTPURLCFG=0', 'AT+HTTPCLIENT=2,0,"http://h/other",,,1',
    ]);
    inSync(at);
  });

  it('refuses an address that is too long even for that', () => {
    const at = beside('4.1.0', () => ({ body: 'x' }));
    expect(done(at, { method: 'get', url: `http://h/${'x'.repeat(8183)}` }).completed).toBe(true);
    const { length } = at.world.sent;
    expect(errorOf(done(at, { method: 'get', url: `http://h/${'x'.repeat(8184)}` })).slice(0, 2)).toEqual(['usage', 'parameter']);
    expect(at.world.sent).toHaveLength(length);
  });

  it('asks for the size with the same headers, and without one goes on', () => {
    const at = beside('4.1.0', ({ path }) => (path === '/chunked' ? { chunks: ['ab', 'c'] } : { body: 'abc' }));
    const known = done(at, { method: 'get', url: 'http://h/', progress: true, headers: { 'X-A': '1' } });
    expect([known.values, header(at.asked, 'X-A'), header(at.asked, 'X-A', 1)]).toEqual([[{ bytes: Uint8Array.of(97, 98, 99), received: 3, total: 3 }], '1', '1']);
    const unknown = done(at, { method: 'get', url: 'http://h/chunked', progress: true });
    expect(unknown.values.map(({ received, total }) => [received, total])).toEqual([[2, undefined], [3, undefined]]);
  });

  it('sends headers in the line, or through AT+HTTPCHEAD where it is too long, and takes them back', () => {
    const at = beside('4.1.0', () => ({ body: 'x' }));
    const token = `Bearer ${'t0ken,"'.repeat(60)}`;
    done(at, { method: 'get', url: 'http://h/', headers: { Authorization: 'Bearer short-token', 'X-B': 'a,"b"' } });
    done(at, { method: 'post', url: 'http://h/', body: 'x', headers: { Authorization: token } });
    done(at, { method: 'post', url: 'http://h/', body: new Uint8Array(300), contentType: 'json', headers: { 'X-C': 'short-secret' } });
    done(at, { method: 'get', url: 'http://h/' });
    expect(at.asked.map(({ headers }) => headers.filter(([name]) => ['Authorization', 'X-B', 'X-C'].includes(name)))).toEqual([
      [['Authorization', 'Bearer short-token'], ['X-B', 'a,"b"']], [['Authorization', token]], [['X-C', 'short-secret']], [],
    ]);
    expect(header(at.asked, 'Content-Type', 2)).toBe('application/json');
    const shown = at.world.trace.join('\n');
    for (const secret of ['short-token', 't0ken', 'short-secret']) expect(shown).not.toContain(secret);
    expect(shown).toContain('AT+HTTPCHEAD=0');
    inSync(at);
  });

  it('takes headers back when the request fails, and when nobody waits for it any more', () => {
    const at = beside('4.1.0', () => ({ status: 404, body: 'x'.repeat(5000) }));
    const headers = { Authorization: 'x'.repeat(300) };
    expect(errorOf(done(at, { method: 'get', url: 'http://h/', headers })).slice(0, 2)).toEqual(['link', 'status']);
    const stored = (): unknown => {
      const found = observed(at.world.at.exec(commands.http.headersQuery));
      at.world.run(5000);
      return found.values;
    };
    expect([stored(), at.asked.splice(0).length]).toEqual([[[]], 1]);
    // Left after AT+HTTPCHEAD=0, AT+HTTPCHEAD=…, its payload, AT+HTTPCLIENT, AT+HTTPCHEAD=0: only what is on the line is finished.
    for (const [lines, requests] of [[1, 0], [2, 0], [3, 0], [4, 1], [5, 1]] as const) {
      const heard = observed(http.get(at.world.at, 'http://h/', { headers }));
      const from = at.world.sent.length;
      for (let time = 0; time < 2000 && at.world.sent.length < from + lines - 1; time += 1) at.world.run(1);
      heard.leave();
      at.world.run(5000);
      expect([lines, stored(), at.asked.splice(0).length]).toEqual([lines, [[]], requests]);
    }
    inSync(at);
  });

  it('takes headers back after a request that was never answered', () => {
    const at = beside('4.1.0', () => ({ body: 'x' }));
    at.world.module.faults.add({ when: (event) => event.point === 'terminal' && event.line.startsWith('AT+HTTPCLIENT'), times: 1, act: { do: 'late', ms: 65_000 } });
    const heard = observed(http.get(at.world.at, 'http://h/', { headers: { Authorization: 'y'.repeat(300) } }));
    at.world.run(120_000);
    expect(errorOf(heard).slice(0, 2)).toEqual(['command', 'timeout']);
    const next = observed(at.world.at.exec(commands.http.headersQuery));
    at.world.run(20_000);
    expect(next.values).toEqual([[]]);
    // Once before, once afterwards, when the line is in order again.
    expect(at.world.sent.filter((line) => line === 'AT+HTTPCHEAD=0')).toHaveLength(2);
  });

  it('a restart amid a prepared request is an error, and leaves nothing behind', () => {
    const at = beside('4.1.0', () => ({ body: 'x'.repeat(5000) }));
    const remove = at.world.module.faults.add({ when: (event) => event.point === 'output' && event.text.startsWith('+HTTPCLIENT'), times: 1, act: { do: 'reset', after: 10 } });
    const heard = done(at, { method: 'get', url: 'http://h/', headers: { 'X-A': 'y'.repeat(300) } });
    remove();
    expect(errorOf(heard).slice(0, 2)).toEqual(['module', 'reset']);
    const next = observed(at.world.at.exec(commands.http.headersQuery));
    at.world.run(20_000);
    expect(next.values).toEqual([[]]);
  });
});
