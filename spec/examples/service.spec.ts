import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom, ReplaySubject } from 'rxjs';
import { listening } from '../../examples/listening.js';
import { online } from '../../examples/online.js';
import { service } from '../../examples/service.js';
import { emulator } from '../../transports/emulator/index.js';
import { nodeNetwork } from '../../transports/emulator/node/index.js';

const page = 'x'.repeat(40_000);
const origin = createServer((request, response) => {
  if (request.url === '/page') response.setHeader('content-type', 'text/plain').end(page);
  else if (request.url === '/cut') response.writeHead(200, { 'content-length': 100 }).write('half', () => setTimeout(() => response.destroy(), 50));
  else response.writeHead(404).end('nothing here');
});

const fetched = async (url: string): Promise<{ status: number | undefined; type: string | undefined; text: string }> => {
  const [response] = (await once(get(url), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return { status: response.statusCode, type: response.headers['content-type'], text };
};

describe('examples/service.ts', () => {
  const board = emulator({ network: nodeNetwork() });
  const address = new ReplaySubject<string>(1);
  let life: { unsubscribe(): void } | undefined;
  let base = '';

  beforeAll(async () => {
    origin.listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const target = new URL(`http://127.0.0.1:${String((origin.address() as AddressInfo).port)}/`);
    life = online(board, (module) => listening(() => service(module, target))).subscribe(address);
    base = `${await firstValueFrom(address)}/`;
  }, 20_000);
  afterAll(() => {
    life?.unsubscribe();
    origin.close();
  });

  it('serves a page that came through the module', async () => {
    const before = board.traffic.toHost;
    expect(await fetched(`${base}page`)).toEqual({ status: 200, type: 'text/plain', text: page });
    expect(board.traffic.toHost - before).toBeGreaterThan(page.length);
  }, 20_000);

  it('passes what the origin does not have', async () => {
    expect(await fetched(`${base}nothing`)).toMatchObject({ status: 404, text: 'nothing here' });
  }, 20_000);

  it('breaks off where the origin does', async () => {
    await expect(fetched(`${base}cut`)).rejects.toThrow();
  }, 20_000);

  it('says so when the origin is gone', async () => {
    origin.close();
    origin.closeAllConnections();
    expect(await fetched(`${base}page`)).toMatchObject({ status: 502, text: expect.stringContaining('could not be reached') });
  }, 20_000);
});
