import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type Server as LineServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { run } from '../../bin/cli.js';
import { emulator } from '../../transports/emulator/index.js';
import { nodeNetwork, serveTcp } from '../../transports/emulator/node/index.js';
import { caCert, clientCert, clientKey, serverCert, serverKey } from '../emulator/nodeCertificates.js';
import { esp, fakeProcess, until } from './fakeIo.js';

const port = ['--port', 'emulator', '--ssid', 'Espressif'];
const env = { ESP_AT_PASSWORD: '' };
const servers: (Server | LineServer)[] = [];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'get-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
  rmSync(folder, { recursive: true });
});

const listening = async (server: Server | LineServer): Promise<number> => {
  servers.push(server);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return (server.address() as { readonly port: number }).port;
};
const web = async (answer: RequestListener) => {
  const asked: IncomingMessage[] = [];
  const number = await listening(
    createWebServer((request, response) => {
      asked.push(request);
      answer(request, response);
    }),
  );
  return { asked, at: `http://127.0.0.1:${String(number)}` };
};
const get = (url: string, ...args: string[]) => esp(['get', url, ...port, ...args], { env });

describe('esp-at get', () => {
  it('joins, asks for a page and writes its body to standard output, with nothing else', async () => {
    const { asked, at } = await web((_, response) => response.end('a page\n'));
    const host = at.slice('http://'.length);
    expect(await get(`${at}/path?a=b#part`)).toMatchObject({ code: 0, out: 'a page\n', err: '' });
    expect(asked.map(({ method, url, headers }) => ({ method, url, host: headers.host }))).toEqual([{ method: 'GET', url: '/path?a=b', host }]);
  });

  it('writes every byte of a body without a stated length to a file', async () => {
    const body = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7) & 255));
    const { at } = await web((_, response) => {
      response.write(body.subarray(0, 9000));
      response.end(body.subarray(9000));
    });
    const file = join(folder, 'body');
    writeFileSync(file, 'x'.repeat(30_000));
    expect(await get(at, '-o', file)).toMatchObject({ code: 0, out: '', err: '' });
    expect(readFileSync(file).equals(body)).toBe(true);
  });

  it('takes no more than its reader does: the server has to wait', async () => {
    const size = 24 << 20;
    let sent = 0;
    const { at } = await web((_, response) => {
      const piece = Buffer.alloc(1 << 16);
      const more = (): void => {
        while (sent < size) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const fake = fakeProcess(env);
    const { stdout } = fake.io;
    let taken = 0;
    let room: (() => void) | undefined;
    Object.assign(stdout, {
      write: (bytes: Uint8Array) => {
        taken += bytes.length;
        room = () => stdout.emit('drain');
        return false;
      },
    });
    const ended = run(['get', at, ...port], fake.io);
    await until(() => room !== undefined, 'the first bytes');
    const first = taken;
    await new Promise((done) => setTimeout(done, 300));
    expect(taken).toBe(first);
    expect(sent).toBeLessThan(size);
    room?.();
    await until(() => taken > first, 'the next bytes');
    fake.interrupt();
    expect(await ended).toBe(130);
  }, 20_000);

  it('speaks TLS for https, and asks for the server by its name', async () => {
    const names: unknown[] = [];
    const number = await listening(
      createSecureServer({ key: serverKey, cert: serverCert }, ({ socket, headers }, response) => {
        names.push(Reflect.get(socket, 'servername'), headers.host);
        response.end('a secret page');
      }),
    );
    expect(await get(`https://localhost:${String(number)}/`)).toMatchObject({ code: 0, out: 'a secret page', err: '' });
    expect(names).toEqual(['localhost', `localhost:${String(number)}`]);
  });

  it('follows redirects, relative and to another server', async () => {
    const last = await web((_, response) => response.end('here'));
    const { asked, at } = await web((request, response) => {
      response.writeHead(request.url === '/a' ? 302 : 307, { location: request.url === '/a' ? 'b/c' : `${last.at}/end` }).end('elsewhere');
    });
    expect(await get(`${at}/a`)).toMatchObject({ code: 0, out: 'here', err: '' });
    expect([...asked, ...last.asked].map(({ url }) => url)).toEqual(['/a', '/b/c', '/end']);
  });

  it('follows five redirects and no sixth', async () => {
    const { asked, at } = await web((request, response) => {
      const number = Number(request.url?.slice(1));
      if (number === 0) response.end('the end');
      else response.writeHead(301, { location: `/${String(number - 1)}` }).end();
    });
    expect(await get(`${at}/5`)).toMatchObject({ code: 0, out: 'the end' });
    expect(asked.length).toBe(6);
    expect(await get(`${at}/6`)).toMatchObject({ code: 1, out: '', err: `esp-at: more than 5 redirects, the last one to ${at}/0\n` });
    expect(asked.length).toBe(12);
  }, 20_000);

  it('goes nowhere but to web addresses', async () => {
    const { at } = await web((_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    expect(await get(at)).toMatchObject({ code: 1, out: '', err: `esp-at: ${at}/ leads to file:///etc/passwd, which is no web address\n` });
  });

  it('sends name and password of the URL to its server, and shows them nowhere', async () => {
    const { asked, at } = await web((_, response) => void response.writeHead(403).end());
    const { code, err } = await get(at.replace('//', '//user:p%40ss@'));
    expect({ code, err }).toEqual({ code: 1, err: `esp-at: ${at}/ answered 403 Forbidden\n` });
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('tells a status of 400 and up, ends with 1 and leaves the file alone', async () => {
    const { at } = await web((_, response) => void response.writeHead(404, 'Gone\tfishing').end('nothing here'));
    const file = join(folder, 'body');
    expect(await get(`${at}/x`, '-o', file)).toMatchObject({ code: 1, out: '', err: `esp-at: ${at}/x answered 404 Gone\\tfishing\n` });
    expect(existsSync(file)).toBe(false);
  });

  it.each(['nonsense', 'ftp://example.com/', 'http://', '/path'])('ends with 2 for %s', async (url) => {
    expect(await get(url)).toMatchObject({ code: 2, out: '' });
  });

  it('ends with 1 where nobody listens, or the module has joined nothing', async () => {
    const server = createServer();
    const number = await listening(server);
    await new Promise((done) => server.close(done));
    const refused = await get(`http://127.0.0.1:${String(number)}/`);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/could not be reached\n$/);
    const { code, err } = await esp(['get', 'http://127.0.0.1:1/', '--port', 'emulator']);
    expect(code).toBe(1);
    expect(err).toMatch(/could not be reached; if the module has joined no network, --ssid NAME joins one\n$/);
  });

  it('says when the answer is cut off, what of the file there is, and when it is no HTTP', async () => {
    const line = (text: string) => listening(createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(text))));
    const file = join(folder, 'body');
    const short = await get(`http://127.0.0.1:${String(await line('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd'))}/`, '-o', file);
    expect(short).toMatchObject({ code: 1, out: '', err: `esp-at: ${file} is not whole: 4 of 10 bytes\nesp-at: the connection ended before the answer was whole\n` });
    expect(readFileSync(file, 'utf8')).toBe('abcd');
    const none = await get(`http://127.0.0.1:${String(await line(''))}/`);
    expect(none).toMatchObject({ code: 1, err: expect.stringMatching(/^esp-at: 127\.0\.0\.1:\d+ closed the connection without an answer\n$/) });
    const other = await get(`http://127.0.0.1:${String(await line('220 mail\r\n'))}/`);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('did not answer in HTTP') });
  }, 20_000);

  it('ends with 66 where the file cannot be made', async () => {
    const { at } = await web((_, response) => response.end('a page'));
    expect(await get(at, '-o', join(folder, 'no', 'body'))).toMatchObject({ code: 66, err: expect.stringContaining('cannot write') });
  });

  it('closes the link on Ctrl-C, and says that the file is not whole', async () => {
    let answered: ServerResponse | undefined;
    let closed = false;
    const { at } = await web((request, response) => {
      answered = response;
      request.socket.on('close', () => (closed = true));
      response.writeHead(200, { 'content-length': 100 }).write('abc');
    });
    const file = join(folder, 'body');
    const fake = fakeProcess(env);
    const ended = run(['get', at, ...port, '-o', file], fake.io);
    await until(() => answered !== undefined && existsSync(file) && readFileSync(file).length === 3, 'the first bytes');
    fake.interrupt();
    expect(await ended).toBe(130);
    // The bytes are in the file a moment before the program knows.
    expect(['0', '3'].map((bytes) => `esp-at: ${file} is not whole: ${bytes} of 100 bytes\n`)).toContain(fake.err());
    await until(() => closed, 'closing');
  });

  it('shows a terminal how far it is, with the total where there is one, and nothing in a pipe', async () => {
    const progress = async (headers: Record<string, string>) => {
      let finish: (() => void) | undefined;
      const { at } = await web((_, response) => {
        response.writeHead(200, headers).write('abcde');
        finish = () => response.end('fghij');
      });
      const fake = fakeProcess(env);
      Object.assign(fake.io.stderr, { isTTY: true, columns: 80, cursorTo: () => true, clearLine: () => true, moveCursor: () => true });
      const ended = run(['get', at, ...port], fake.io);
      await until(() => fake.err().includes('5'), 'progress');
      finish?.();
      expect(await ended).toBe(0);
      expect(fake.out()).toBe('abcdefghij');
      return fake.err();
    };
    expect(await progress({ 'content-length': '10' })).toContain(' 5 of 10 bytes');
    expect(await progress({})).toContain('fetching … 5 bytes');
  });

  it('gives a terminal no control characters', async () => {
    const { at } = await web((_, response) => response.end('a\tb\r\n\x1b[31mred\n'));
    const fake = fakeProcess(env);
    Object.assign(fake.io.stdout, { isTTY: true });
    expect(await run(['get', at, ...port], fake.io)).toBe(0);
    expect(fake.out()).toBe('a\tb\n\\e[31mred\n');
  });

  it('gives a silent server up, before its answer and in the middle of it, with 75', async () => {
    const { at } = await web((request, response) => {
      if (request.url === '/part') response.writeHead(200, { 'content-length': 10 }).write('abcd');
    });
    const host = at.slice('http://'.length);
    expect(await get(`${at}/`, '--timeout', '1')).toMatchObject({ code: 75, out: '', err: `esp-at: ${host} was silent for 1 s\n` });
    const file = join(folder, 'body');
    expect(await get(`${at}/part`, '--timeout', '1', '-o', file)).toMatchObject({ code: 75, err: `esp-at: ${file} is not whole: 4 of 10 bytes\nesp-at: ${host} was silent for 1 s\n` });
    expect(readFileSync(file, 'utf8')).toBe('abcd');
  }, 20_000);

  it('does not count a reader that is slow as silence', async () => {
    const { at } = await web((_, response) => void response.writeHead(200, { 'content-length': 40_000 }).end('x'.repeat(40_000)));
    const fake = fakeProcess(env);
    const { stdout } = fake.io;
    let taken = 0;
    // Longer than the server may be silent, once.
    let pause = 1500;
    Object.assign(stdout, {
      write: (bytes: Uint8Array) => {
        taken += bytes.length;
        setTimeout(() => stdout.emit('drain'), pause);
        pause = 0;
        return false;
      },
    });
    expect(await run(['get', at, ...port, '--timeout', '1'], fake.io)).toBe(0);
    expect(taken).toBe(40_000);
  }, 20_000);
});

describe('esp-at get --verify', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** A module with certificates in its flash, and a server that tells whose it was shown. */
  const secure = async (options: Parameters<typeof createSecureServer>[0] = {}) => {
    const number = await listening(
      createSecureServer({ key: serverKey, cert: serverCert, ca: caCert, ...options }, ({ socket, url }, response) => {
        if (url === '/plain') return void response.writeHead(302, { location: `http://127.0.0.1:${String(number)}/` }).end();
        const { subject } = (socket as TLSSocket).getPeerCertificate() as { readonly subject?: { readonly CN: string } };
        return void response.end(`hello ${subject?.CN ?? 'nobody'}`);
      }),
    );
    const module = emulator({
      network: nodeNetwork({
        hosts: { 'server.lab': '127.0.0.1', 'other.lab': '127.0.0.1' },
        // The second authority has not signed the server.
        tls: { ca: { 0: caCert, 1: serverCert }, pki: { 0: { cert: clientCert, key: clientKey } } },
      }),
    });
    const line = await new Promise<number>((done) => {
      const serving = serveTcp(module, { port: 0 }).subscribe(({ port: at }) => done(at));
      closing.push(() => {
        serving.unsubscribe();
        module.reset();
      });
    });
    return (path: string, ...args: string[]) =>
      esp(['get', `https://${path.replace('/', `:${String(number)}/`)}`, '--port', `tcp://127.0.0.1:${String(line)}`, '--ssid', 'Espressif', ...args], { env });
  };

  it('judges the server by the authority and the name that were chosen', async () => {
    const ask = await secure();
    expect(await ask('server.lab/', '--verify', 'server')).toMatchObject({ code: 0, out: 'hello nobody', err: '' });
    for (const [path, ...args] of [['server.lab/', '--ca', '1'], ['other.lab/']] as const) {
      expect(await ask(path, '--verify', 'server', ...args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('could not be reached') });
    }
    expect(await ask('other.lab/')).toMatchObject({ code: 0, out: 'hello nobody' });
  }, 20_000);

  it('shows the certificate of the module where it is told to', async () => {
    const ask = await secure({ requestCert: true });
    expect(await ask('server.lab/', '--verify', 'both')).toMatchObject({ code: 0, out: 'hello client.lab' });
    expect(await ask('server.lab/', '--verify', 'client', '--cert', '0')).toMatchObject({ code: 0, out: 'hello client.lab' });
  }, 20_000);

  it('does not follow a redirect to where nobody proves anything', async () => {
    const ask = await secure();
    expect(await ask('server.lab/plain', '--verify', 'server')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/leads to http:\/\/.*, where nobody proves anything\n$/) });
  }, 20_000);

  it.each([
    ['http://server.lab/', '--verify', 'server'],
    ['https://server.lab/', '--ca', '1'],
    ['https://server.lab/', '--verify', 'client', '--ca', '1'],
    ['https://server.lab/', '--verify', 'server', '--cert', '1'],
    ['https://server.lab/', '--verify', 'everybody'],
    ['https://server.lab/', '--timeout', 'long'],
  ])('ends with 2 for %s %s %s %s', async (...args) => {
    expect(await esp(['get', ...args, '--port', 'tcp://127.0.0.1:1'])).toMatchObject({ code: 2, out: '' });
  });
});
