import { concat, finalize, Observable } from 'rxjs';
import { inMemoryWeb, type EmulatorConfig, type HttpClientPort, type HttpEvent, type HttpUpload, type WebHandler, type WebRequest } from 'rx-esp-at/emulator';
import { Bench, bytesOf, ERROR, OK, textOf } from './bench.js';

/** A module beside web servers in memory that write down what they were asked. */
const beside = (handler: WebHandler, config: EmulatorConfig = {}): { readonly bench: Bench; readonly asked: WebRequest[] } => {
  const asked: WebRequest[] = [];
  const listen: WebHandler = (request) => {
    asked.push(request);
    return handler(request);
  };
  const bench = new Bench((scheduler) => ({ ...config, http: inMemoryWeb({ scheduler, servers: { 'h:80': listen, 'h:8080': listen, 's:443': listen } }) }));
  bench.join();
  bench.command('AT+SYSLOG=1');
  return { bench, asked };
};

const text = (body: string): WebHandler => () => ({ body });
const code = (low: string): string => `ERR CODE:0x010a${low}\r\n${ERROR}`;
const headerOf = ({ headers }: WebRequest, wanted: string): readonly string[] => headers.filter(([name]) => name === wanted).map(([, value]) => value);
const first = (asked: readonly WebRequest[]): WebRequest => {
  const request = asked[0];
  if (!request) throw new Error('nobody was asked');
  return request;
};

describe('AT+HTTPCLIENT', () => {
  test.each([[1, 'HEAD'], [2, 'GET'], [3, 'POST'], [4, 'PUT'], [5, 'DELETE']])('option %d is %s', (option, method) => {
    const { bench, asked } = beside(text(''));
    expect(bench.command(`AT+HTTPCLIENT=${option},0,"http://h/x",,,1`)).toContain(OK);
    expect(first(asked)).toMatchObject({ method, path: '/x' });
  });

  test.each([[0, 'application/x-www-form-urlencoded'], [1, 'application/json'], [2, 'multipart/form-data'], [3, 'text/xml']])('content type %d is %s', (type, value) => {
    const { bench, asked } = beside(text(''));
    bench.command(`AT+HTTPCLIENT=3,${type},"http://h/",,,1,"data"`);
    expect([headerOf(first(asked), 'Content-Type'), textOf(first(asked).body ?? new Uint8Array(0))]).toEqual([[value], 'data']);
  });

  test('host and path stand for a missing address, over TLS with transport 2', () => {
    const { bench, asked } = beside(text('ok'));
    expect(bench.command('AT+HTTPCLIENT=2,0,,"h:8080","a?b=1",1')).toBe(`+HTTPCLIENT:2,ok\r\n${OK}`);
    expect(bench.command('AT+HTTPCLIENT=2,0,"","s","/x",2')).toBe(`+HTTPCLIENT:2,ok\r\n${OK}`);
    expect(asked.map(({ url, tls }) => [url, tls?.authMode])).toEqual([['http://h:8080/a?b=1', undefined], ['https://s/x', 0]]);
  });

  test('headers follow the data of a POST, or the transport of a GET', () => {
    const { bench, asked } = beside(text(''));
    bench.command('AT+HTTPCLIENT=3,1,"http://h/",,,1,"{}","X-A: 1","Content-Type: text/x"');
    bench.command('AT+HTTPCLIENT=2,1,"http://h/",,,1,"X-B: 2"');
    expect(asked.map((request) => ['X-A', 'X-B', 'Content-Type'].map((name) => headerOf(request, name)))).toEqual([[['1'], [], ['text/x']], [[], ['2'], ['application/json']]]);
  });

  test('the body is printed as it is read, at most 2048 bytes a piece', () => {
    const body = 'x'.repeat(5000);
    const { bench } = beside(() => ({ headers: [['X-Pad', 'p'.repeat(90)]], body }));
    // 1440 bytes of a segment less a head of 140.
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/",,,1').match(/\+HTTPCLIENT:\d+/g)).toEqual(['+HTTPCLIENT:1300', '+HTTPCLIENT:1440', '+HTTPCLIENT:1440', '+HTTPCLIENT:820']);
    const large = new Bench((scheduler) => ({ http: inMemoryWeb({ scheduler, segment: 4096, servers: { 'h:80': text(body) } }) }));
    large.join();
    expect(large.command('AT+HTTPCLIENT=2,0,"http://h/",,,1').match(/\+HTTPCLIENT:\d+/g)).toEqual(['+HTTPCLIENT:2048', '+HTTPCLIENT:2007', '+HTTPCLIENT:945']);
  });

  test('a HEAD prints its header lines; up to 2.3 with a blank that no length counts', () => {
    const handler: WebHandler = () => ({ headers: [['Server', 'lab']], body: 'hello' });
    const { bench } = beside(handler);
    expect(bench.command('AT+HTTPCLIENT=1,0,"http://h/",,,1')).toBe(`+HTTPCLIENT:11,Server: lab\r\n+HTTPCLIENT:17,Content-Length: 5\r\n${OK}`);
    const old = beside(handler, { firmware: '2.1.0' }).bench;
    expect(old.command('AT+HTTPCLIENT=1,0,"http://h/",,,0')).toBe(`+HTTPCLIENT:11, Server: lab\r\n+HTTPCLIENT:17, Content-Length: 5\r\n${OK}`);
  });

  test.each([[400, '7190'], [404, '7194'], [503, '71f7']])('status %d: the body, then its code', (status, low) => {
    const { bench } = beside(() => ({ status, body: 'no' }));
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/",,,1')).toBe(`+HTTPCLIENT:2,no\r\n${code(low)}`);
  });

  test.each(['2,0,"http://nobody/",,,1', '9,0,"http://h/",,,1', '2,4,"http://h/",,,1', '2,0,"ftp://h/",,,1', '2,0,"h/x",,,1', '2,0,"http://h/",,,0', '2,0,,,,1', '2,0,"http://h/",,,1,"no header"'])(
    '%s fails with 0x010a7000',
    (parameters) => {
      expect(beside(text('')).bench.command(`AT+HTTPCLIENT=${parameters}`)).toBe(code('7000'));
    },
  );

  test('a response that breaks off fails after what came', () => {
    const { bench } = beside(() => ({ body: 'hello', drop: 3 }));
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/",,,1')).toBe(`+HTTPCLIENT:3,hel\r\n${code('7000')}`);
  });

  test('redirections are followed ten times, 303 as GET', () => {
    const { bench, asked } = beside(({ path }) => {
      if (path === '/see') return { status: 303, headers: [['Location', 'other/b']], body: 'not shown' };
      if (path === '/other/b') return { status: 302, headers: [['Location', 'http://h:8080/c']] };
      return path === '/c' ? { body: 'there' } : { status: 301, headers: [['Location', '/loop']] };
    });
    expect(bench.command('AT+HTTPCLIENT=3,0,"http://h/see",,,1,"x"')).toBe(`+HTTPCLIENT:5,there\r\n${OK}`);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST http://h/see', 'GET http://h/other/b', 'GET http://h:8080/c']);
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/loop",,,1', 500)).toBe(code('7000'));
    expect(asked.length).toBe(3 + 11);
  });

  test('a silent server is given up after five seconds', () => {
    const bench = new Bench((scheduler) => ({ http: inMemoryWeb({ scheduler, latency: 4000, servers: { 'h:80': text('') } }) }));
    bench.join();
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/",,,1', 4900)).toBe('');
    expect(bench.wait(200)).toBe(ERROR);
  });

  test('without an address nothing is asked', () => {
    const bench = new Bench((scheduler) => ({ http: inMemoryWeb({ scheduler, servers: { 'h:80': text('x') } }) }));
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/",,,1')).toBe(ERROR);
  });
});

describe('the other HTTP commands', () => {
  test('AT+HTTPGETSIZE asks with HEAD and takes any status', () => {
    const { bench, asked } = beside(() => ({ status: 404, body: 'nope' }));
    expect(bench.command('AT+HTTPGETSIZE="http://h/"')).toBe(`+HTTPGETSIZE:4\r\n${OK}`);
    expect(first(asked).method).toBe('HEAD');
    const chunked = beside(() => ({ chunks: ['x'] }));
    expect(chunked.bench.command('AT+HTTPGETSIZE="http://h/"')).toBe(code('7000'));
  });

  test('AT+HTTPCGET takes the size of its buffer and its patience', () => {
    const { bench } = beside(text('x'.repeat(300)));
    expect(bench.command('AT+HTTPCGET="http://h/",100,200').match(/\+HTTPCGET:\d+/g)).toEqual(['+HTTPCGET:200', '+HTTPCGET:100']);
    expect(bench.command('AT+HTTPCGET="http://h/",10241')).toBe(ERROR);
    expect(bench.command('AT+HTTPCGET="http://h/",1,1,1')).toBe(code('7000'));
  });

  test('AT+HTTPCPOST and AT+HTTPCPUT send what comes after the prompt, and say how it went', () => {
    const { bench, asked } = beside(({ path }) => (path === '/bad' ? { status: 500, body: 'no' } : { body: 'fine' }));
    expect(bench.command('AT+HTTPCPOST="http://h/p",4,2,"X-A: 1","X-B: 2"')).toBe(`${OK}\r\n>`);
    expect(bench.send('\0\xff\r\n')).toBe('+HTTPCPOST:4,fine\r\n\r\nSEND OK\r\n');
    bench.command('AT+HTTPCPUT="http://h/bad",1');
    expect(bench.send('x')).toBe('+HTTPCPUT:2,no\r\n\r\nSEND FAIL\r\n');
    bench.command('AT+HTTPCPUT="http://nobody/",1');
    expect(bench.send('x')).toBe('\r\nSEND FAIL\r\n');
    expect(asked.map(({ method, body }) => [method, textOf(body ?? new Uint8Array(0))])).toEqual([['POST', '\0\xff\r\n'], ['PUT', 'x']]);
    expect([headerOf(first(asked), 'X-A'), headerOf(first(asked), 'X-B')]).toEqual([['1'], ['2']]);
    expect(bench.command('AT+HTTPCPOST="http://h/p",4,2,"X-A: 1"')).toBe(ERROR);
  });

  /** A server that takes a body when it is told to, and answers when it has it. */
  const reluctant = (): { readonly bench: Bench; readonly got: string[]; next(): void; fail(): void } => {
    const got: string[] = [];
    let take = (): void => undefined;
    let fail = (): void => undefined;
    const port: HttpClientPort = {
      request: ({ body }) =>
        new Observable<HttpEvent>((subscriber) => {
          fail = () => subscriber.error(new Error('gone'));
          take = () => {
            let last = true;
            (body as HttpUpload).read().subscribe({
              next: (bytes) => {
                last = false;
                got.push(textOf(bytes));
              },
              complete: () => {
                if (!last) return;
                subscriber.next({ kind: 'head', status: 200, headers: [] });
                subscriber.complete();
              },
            });
          };
        }),
    };
    const bench = new Bench({ http: port });
    bench.join();
    return { bench, got, next: () => take(), fail: () => fail() };
  };

  test('a body goes to the server as it comes; while that takes nothing, the line stands still', () => {
    const { bench, got, next } = reluctant();
    const body = Array.from({ length: 40_000 }, (_, index) => String.fromCharCode(index % 251)).join('');
    expect(bench.command(`AT+HTTPCPOST="http://h/",${body.length}`)).toBe(`${OK}\r\n>`);
    let taken = 0;
    const writes = Array.from({ length: 40 }, (_, index) => bench.connection.write(bytesOf(body.slice(index * 1000, index * 1000 + 1000))).pipe(finalize(() => (taken += 1))));
    concat(...writes).subscribe();
    bench.wait(4000);
    // 8 KiB of the client and those of the UART.
    expect([taken > 15 && taken < 20, got]).toEqual([true, []]);
    for (let piece = 0; piece < 30; piece += 1) {
      next();
      bench.wait(10);
    }
    expect([taken, got.join('') === body, Math.max(...got.map(({ length }) => length))]).toEqual([40, true, 2048]);
  });

  test('a server that takes nothing for five seconds is given up, and the rest is thrown away', () => {
    const { bench, got, next } = reluctant();
    bench.command('AT+HTTPCPOST="http://h/",40000');
    next();
    concat(...Array.from({ length: 40 }, () => bench.connection.write(new Uint8Array(1000).fill(120)))).subscribe();
    expect(bench.wait(4900)).toBe('');
    expect(bench.wait(200)).toBe('\r\nSEND FAIL\r\n');
    expect(got).toHaveLength(1);
    expect(bench.command('AT')).toBe(OK);
  });

  test('a server that fails amid a body gets no more of it; the module counts on', () => {
    const { bench, got, next, fail } = reluctant();
    bench.command('AT+HTTPCPUT="http://h/",5000');
    next();
    bench.send('x'.repeat(1000));
    fail();
    expect([bench.send('y'.repeat(3999)), got.join('').length]).toEqual(['', 1000]);
    expect(bench.send('z')).toBe('\r\nSEND FAIL\r\n');
    expect(bench.command('AT')).toBe(OK);
  });

  test('a body that was passed on is sent to no other address', () => {
    const { bench, asked } = beside(({ path }) => (path === '/c' ? { body: 'there' } : { status: path === '/see' ? 303 : 307, headers: [['Location', '/c']] }));
    bench.command('AT+HTTPCPOST="http://h/see",1');
    expect(bench.send('x')).toBe('+HTTPCPOST:5,there\r\n\r\nSEND OK\r\n');
    bench.command('AT+HTTPCPOST="http://h/again",1');
    expect(bench.send('x')).toBe('\r\nSEND FAIL\r\n');
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /see', 'GET /c', 'POST /again']);
  });

  test('while the line is full the module reads no more, and is patient with the server', () => {
    let drawn = 0;
    const chunks = function* (): Generator<Uint8Array> {
      for (; drawn < 100; drawn += 1) yield new Uint8Array(2048);
    };
    const { bench } = beside(() => ({ chunks: chunks() }));
    bench.connection.hold?.(true);
    bench.command('AT+HTTPCGET="http://h/"', 60_000);
    expect(drawn).toBeLessThan(4);
    bench.connection.hold?.(false);
    const heard = bench.wait(10_000);
    expect([drawn, heard.match(/\+HTTPCGET:2048,/g)?.length, heard.endsWith(OK)]).toEqual([100, 100, true]);
  });

  test('AT+HTTPURLCFG stands for an empty address', () => {
    const { bench, asked } = beside(text('x'));
    expect(bench.command('AT+HTTPCGET=""')).toBe(code('7000'));
    const url = `http://h/${'long/'.repeat(100)}`;
    expect(bench.command(`AT+HTTPURLCFG=${url.length}`)).toBe(`${OK}\r\n>`);
    expect(bench.send(url)).toBe('\r\nSET OK\r\n');
    expect(bench.command('AT+HTTPURLCFG?')).toBe(`+HTTPURLCFG:${url.length},${url}\r\nOK\r\n`);
    expect(bench.command('AT+HTTPCLIENT=2,0,"",,,1')).toBe(`+HTTPCLIENT:1,x\r\n${OK}`);
    expect(first(asked).url).toBe(url);
    expect(bench.command('AT+HTTPURLCFG=7')).toBe(ERROR);
    expect(bench.command('AT+HTTPURLCFG=0')).toBe(OK);
    expect(bench.command('AT+HTTPURLCFG?')).toBe(OK);
  });

  test('AT+HTTPCHEAD adds headers to every request until it is emptied', () => {
    const { bench, asked } = beside(text(''));
    for (const line of ['X-D: 9', 'User-Agent: me']) {
      bench.command(`AT+HTTPCHEAD=${line.length}`);
      expect(bench.send(line)).toBe(OK);
    }
    bench.command('AT+HTTPCHEAD=3');
    expect(bench.send('bad')).toBe(ERROR);
    expect(bench.command('AT+HTTPCHEAD?')).toBe(`+HTTPCHEAD:0,"X-D: 9"\r\n+HTTPCHEAD:1,"User-Agent: me"\r\n${OK}`);
    bench.command('AT+HTTPCGET="http://h/"');
    bench.command('AT+HTTPCHEAD=0');
    bench.command('AT+HTTPCGET="http://h/"');
    expect(asked.map((request) => [headerOf(request, 'X-D'), headerOf(request, 'User-Agent')])).toEqual([[['9'], ['me']], [[], ['ESP32 HTTP Client/1.0']]]);
  });

  test('AT+HTTPCFG chooses certificates', () => {
    const { bench, asked } = beside(text(''));
    expect(bench.command('AT+HTTPCFG=3,1,0')).toBe(OK);
    expect(bench.command('AT+HTTPCFG=4')).toBe(ERROR);
    bench.command('AT+HTTPCGET="https://s/"');
    expect(first(asked).tls).toEqual({ authMode: 3, pkiNumber: 1, caNumber: 0 });
  });

  test('a restart forgets address and headers; 2.1 has only two of the commands', () => {
    const { bench } = beside(text(''));
    bench.command('AT+HTTPCHEAD=6');
    bench.send('X-D: 9');
    bench.command('AT+RST', 1000);
    expect(bench.command('AT+HTTPCHEAD?')).toBe(OK);
    const old = beside(text('abc'), { firmware: '2.1.0' }).bench;
    expect(old.command('AT+HTTPGETSIZE="http://h/"')).toBe(`+HTTPGETSIZE:3\r\n${OK}`);
    for (const name of ['CGET="http://h/"', 'CPOST="http://h/",1', 'CPUT="http://h/",1', 'URLCFG=0', 'CHEAD=0', 'CFG=0']) {
      expect(old.command(`AT+HTTP${name}`)).toBe(`ERR CODE:0x01090000\r\n${ERROR}`);
    }
  });
});
