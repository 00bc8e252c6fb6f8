import { NEVER, of, Subject, throwError } from 'rxjs';
import { toReadableStream, toWritableStream } from '../../lib/bridges/web/index.js';
import type { SendProgress } from '../../lib/index.js';
import { memorySource } from '../support/byteSources.js';
import { memoryDuplex, silentSource } from './memoryDuplex.js';

const chunks = (...lengths: number[]): Uint8Array[] => lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('toReadableStream', () => {
  it('asks nothing before its reader asks, and once for each of its reads', async () => {
    const source = memorySource(chunks(3, 2));
    const reader = toReadableStream(source, { chunk: 100 }).getReader();
    await turn();
    expect(source.reads).toEqual([]);
    expect((await reader.read()).value).toEqual(new Uint8Array(3).fill(1));
    await turn();
    expect(source.reads).toEqual([100]);
    expect((await reader.read()).value).toEqual(new Uint8Array(2).fill(2));
    expect((await reader.read()).done).toBe(true);
    expect(source.reads).toEqual([100, 100, 100]);
  });

  it('fills the buffer that the reader brings, at its offset, and no further', async () => {
    const source = memorySource(chunks(10));
    const reader = toReadableStream(source).getReader({ mode: 'byob' });
    const { value } = await reader.read(new Uint8Array(new ArrayBuffer(16), 4, 6));
    expect([value?.byteOffset, value?.length, value?.buffer.byteLength]).toEqual([4, 6, 16]);
    expect(source.reads).toEqual([6]);
    expect((await reader.read(new Uint8Array(100))).value).toEqual(new Uint8Array(4).fill(1));
    const last = await reader.read(new Uint8Array(8));
    expect([last.done, last.value?.length]).toEqual([true, 0]);
  });

  it('does not take the memory behind a chunk away from its owner', async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const source = memorySource([bytes.subarray(1, 3)]);
    const { value } = await toReadableStream(source).getReader().read();
    expect(value).toEqual(Uint8Array.of(2, 3));
    expect([...bytes]).toEqual([1, 2, 3, 4]);
  });

  it('gives up the read under way when it is cancelled, and the rest stays in the source', async () => {
    const silent = silentSource();
    const waiting = toReadableStream(silent).getReader();
    const read = waiting.read();
    await turn();
    expect(silent.outstanding).toBe(1);
    await waiting.cancel();
    expect(silent.outstanding).toBe(0);
    expect((await read).done).toBe(true);
    const source = memorySource(chunks(3, 2));
    const reader = toReadableStream(source).getReader();
    await reader.read();
    await reader.cancel();
    expect(source.left).toHaveLength(1);
  });

  it('errors with the error of the source, also for a reader with a buffer', async () => {
    const failure = new Error('gone');
    const reader = toReadableStream(memorySource(chunks(1), { failure })).getReader();
    await reader.read();
    await expect(reader.read()).rejects.toBe(failure);
    await expect(reader.closed).rejects.toBe(failure);
    const byob = toReadableStream(memorySource([], { failure })).getReader({ mode: 'byob' });
    await expect(byob.read(new Uint8Array(4))).rejects.toBe(failure);
  });
});

describe('toWritableStream', () => {
  it('resolves a write when the module has accepted it, one at a time', async () => {
    const duplex = memoryDuplex(silentSource());
    const gate = new Subject<SendProgress>();
    duplex.onSend = () => gate;
    const writer = toWritableStream(duplex).getWriter();
    await writer.ready;
    let written = 0;
    const writes = chunks(2, 3).map((bytes) => writer.write(bytes).then(() => written++));
    await turn();
    expect([duplex.sent.length, written, writer.desiredSize]).toEqual([1, 0, -1]);
    duplex.onSend = (bytes) => of({ sent: bytes.length });
    gate.complete();
    await Promise.all(writes);
    expect(duplex.sent.map(({ length }) => length)).toEqual([2, 3]);
    await writer.close();
    expect(duplex.ends).toBe(1);
  });

  it('takes a whole stream by `pipeTo`', async () => {
    const target = memoryDuplex(silentSource());
    await toReadableStream(memorySource(chunks(1000, 2000, 3000))).pipeTo(toWritableStream(target));
    expect(target.sent.map(({ length }) => length)).toEqual([1000, 2000, 3000]);
    expect(target.ends).toBe(1);
  });

  it('aborts a write that does not come to an end, and closes', async () => {
    const duplex = memoryDuplex(silentSource());
    duplex.onSend = () => NEVER;
    const writer = toWritableStream(duplex).getWriter();
    const reason = new Error('enough');
    const write = writer.write(Uint8Array.of(1)).catch((error: unknown) => error);
    await turn();
    await writer.abort(reason);
    expect(await write).toBe(reason);
    await expect(writer.closed).rejects.toBe(reason);
    expect([duplex.given, duplex.ends]).toEqual([1, 1]);
  });

  it('errors with the error of a send, once and for all', async () => {
    const failure = new Error('no room');
    const duplex = memoryDuplex(silentSource());
    duplex.onSend = () => throwError(() => failure);
    const writer = toWritableStream(duplex).getWriter();
    writer.closed.catch(() => undefined);
    await expect(writer.write(Uint8Array.of(1))).rejects.toBe(failure);
    await expect(writer.write(Uint8Array.of(2))).rejects.toBe(failure);
    expect(duplex.sent).toHaveLength(1);
  });
});
