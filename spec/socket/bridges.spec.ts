import { createServer, get } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { firstValueFrom, mergeMap, of, ReplaySubject, take, toArray, lastValueFrom } from 'rxjs';
import { fromAsyncIterable, openModule, type Socket, station, tcp, toAsyncIterable } from '../../lib/index.js';
import { toNodeDuplex } from '../../lib/bridges/node/index.js';
import { toReadableStream, toWritableStream } from '../../lib/bridges/web/index.js';
import { emulator } from '../../transports/emulator/index.js';
import { nodeNetwork } from '../../transports/emulator/node/index.js';
import { memorySource } from '../support/byteSources.js';

const chunks = (...lengths: number[]): Uint8Array[] => lengths.map((length, index) => new Uint8Array(length).fill(index + 1));

describe('toAsyncIterable', () => {
  it('reads once a turn, never ahead, and ends with the source', async () => {
    const source = memorySource(chunks(3, 2, 4));
    const seen: number[] = [];
    for await (const chunk of toAsyncIterable(source)) {
      seen.push(chunk.length);
      expect(source.reads).toHaveLength(seen.length);
    }
    expect(seen).toEqual([3, 2, 4]);
  });

  it('leaves the rest in the source when the loop is left', async () => {
    const source = memorySource(chunks(3, 2));
    for await (const chunk of toAsyncIterable(source)) {
      expect(chunk).toHaveLength(3);
      break;
    }
    expect(source.left.map((left) => left.length)).toEqual([2]);
  });

  it('throws the error of the source', async () => {
    const source = memorySource(chunks(1), { failure: new Error('gone') });
    await expect(
      (async () => {
        for await (const chunk of toAsyncIterable(source)) expect(chunk).toHaveLength(1);
      })(),
    ).rejects.toThrow('gone');
  });
});

describe('fromAsyncIterable', () => {
  it('asks the iterator once a read, splits long chunks and passes over empty ones', async () => {
    let asked = 0;
    const iterable = {
      async *[Symbol.asyncIterator]() {
        for (const chunk of chunks(0, 5, 2)) {
          asked += 1;
          yield await Promise.resolve(chunk);
        }
      },
    };
    const source = fromAsyncIterable(iterable);
    expect((await firstValueFrom(source.read(4))).length).toBe(4);
    expect(asked).toBe(2);
    expect((await firstValueFrom(source.read(4))).length).toBe(1);
    expect(asked).toBe(2);
    expect((await firstValueFrom(source.read())).length).toBe(2);
    expect(await lastValueFrom(source.read().pipe(toArray()))).toEqual([]);
  });
});

describe('web streams', () => {
  it('read nothing before the reader asks, and fill the reader’s own buffer', async () => {
    const source = memorySource(chunks(6, 3));
    const stream = toReadableStream(source);
    await Promise.resolve();
    expect(source.reads).toEqual([]);
    const reader = stream.getReader({ mode: 'byob' });
    const first = await reader.read(new Uint8Array(4));
    expect([...(first.value ?? [])]).toEqual([1, 1, 1, 1]);
    expect(source.reads).toEqual([4]);
    const second = await reader.read(new Uint8Array(100));
    expect(second.value?.length).toBe(2);
    expect((await reader.read(new Uint8Array(10))).value?.length).toBe(3);
    expect((await reader.read(new Uint8Array(1))).done).toBe(true);
  });
});

describe('over a module', () => {
  const joined = () => {
    const module = emulator({ network: nodeNetwork() });
    const opened = new ReplaySubject<{ connect(port: number): ReplaySubject<Socket> }>(1);
    const life = openModule(module)
      .pipe(mergeMap((open) => station(open, { ssid: 'Espressif', password: '' }).pipe(mergeMap((state) => (state.state === 'got-ip' ? of(open) : [])), take(1))))
      .subscribe((open) => {
        opened.next({
          connect: (port) => {
            const socket = new ReplaySubject<Socket>(1);
            life.add(tcp(open, { host: '127.0.0.1', port }).subscribe({ next: (value) => socket.next(value), error: (error: unknown) => socket.error(error) }));
            return socket;
          },
        });
      });
    return { opened, life };
  };

  it('node:http fetches a page through a socket', async () => {
    const body = 'x'.repeat(30_000);
    const server = createServer((request, response) => response.end(`${String(request.url)} ${body}`)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { opened, life } = joined();
    const { connect } = await firstValueFrom(opened);
    const socket = await firstValueFrom(connect((server.address() as AddressInfo).port));
    const response = await new Promise<string>((resolve, reject) => {
      const request = get({ path: '/page', headers: { connection: 'close' }, createConnection: () => toNodeDuplex(socket) }, (incoming) => {
        let text = '';
        incoming.setEncoding('latin1').on('data', (part: string) => (text += part)).on('end', () => resolve(text));
      });
      request.on('error', reject);
    });
    expect(response).toBe(`/page ${body}`);
    life.unsubscribe();
    server.close();
  }, 30_000);

  it('a WritableStream resolves its writes when the module has taken them', async () => {
    const received: Buffer[] = [];
    const server = createTcpServer((peer) => peer.on('data', (data) => received.push(data))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { opened, life } = joined();
    const { connect } = await firstValueFrom(opened);
    const socket = await firstValueFrom(connect((server.address() as AddressInfo).port));
    const writer = toWritableStream(socket).getWriter();
    await writer.write(new Uint8Array([1, 2, 3]));
    await writer.write(new Uint8Array([4]));
    await writer.close();
    expect([...Buffer.concat(received)]).toEqual([1, 2, 3, 4]);
    life.unsubscribe();
    server.close();
  }, 30_000);
});
