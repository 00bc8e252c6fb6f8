import { once } from 'node:events';
import { get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { filter, firstValueFrom, mergeMap, ReplaySubject, take } from 'rxjs';
import { dashboard } from '../../examples/dashboard.js';
import { type AtModule, openModule, station } from '../../lib/index.js';
import { emulator } from '../../transports/emulator/index.js';

describe('examples/dashboard.ts', () => {
  const board = emulator({ accessPoints: [{ ssid: '<script>' }] });
  const opened = new ReplaySubject<AtModule>(1);
  let life: { unsubscribe(): void } | undefined;
  let server: Server | undefined;
  let base = '';

  beforeAll(async () => {
    life = openModule(board)
      .pipe(mergeMap((open) => station(open, { ssid: '<script>', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => [open]))))
      .subscribe(opened);
    server = dashboard(await firstValueFrom(opened), 100).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }, 20_000);
  afterAll(() => {
    // A module that looks for its access point does so for ever, host or not.
    board.world.setAccessPoints([{ ssid: '<script>' }]);
    life?.unsubscribe();
    server?.closeAllConnections();
    server?.close();
  });

  const fetched = async (path: string): Promise<IncomingMessage> => ((await once(get(base + path), 'response')) as [IncomingMessage])[0];

  it('serves a page that listens to its events, and nothing else', async () => {
    const response = await fetched('/');
    let html = '';
    for await (const chunk of response.setEncoding('utf8')) html += chunk as string;
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain("new EventSource('/events')");
    // Texts of others must not become part of the page.
    expect(html).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write/);
    expect((await fetched('/other')).resume().statusCode).toBe(404);
  });

  it('feeds the page, until it is closed', async () => {
    const response = (await fetched('/events')).setEncoding('utf8');
    expect(response.headers['content-type']).toBe('text/event-stream');
    let heard = '';
    response.on('data', (chunk: string) => (heard += chunk)).on('error', () => undefined);
    const until = async (pattern: RegExp): Promise<void> => {
      for (let turn = 0; turn < 200 && !pattern.test(heard); turn++) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(heard).toMatch(pattern);
    };
    await until(/event: module\ndata: \{"version":"4\.1\.0/);
    await until(/event: links\ndata: \[\]/);
    await until(/event: addresses\ndata: .*"station":\{"ip":"192\.168\.4\.15"/);
    await until(/event: memory\ndata: \{"free":\d+/);
    board.world.setAccessPoints([]);
    await until(/event: events\ndata: \{"name":"WIFI DISCONNECT"/);
    await until(/event: trace\ndata: "→ AT\+CIFSR"/);
    expect(heard.split('\n\n').slice(0, -1).every((message) => /^event: \w+\ndata: .+$/.test(message))).toBe(true);
    response.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { toModule } = board.traffic;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(board.traffic.toModule).toBe(toModule);
  }, 20_000);
});
