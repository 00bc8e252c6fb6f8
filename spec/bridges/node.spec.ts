import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { openNodeDuplex, toNodeDuplex } from '../../lib/bridges/node/index.js';
import type { Duplex, SendProgress } from '../../lib/index.js';
import { memorySource } from '../support/byteSources.js';
import { memoryDuplex, silentSource } from './memoryDuplex.js';

const chunks = (...lengths: number[]): Uint8Array[] => lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('reading a Node stream', () => {
  it('asks nothing before its reader asks', async () => {
    const source = memorySource(chunks(4, 4));
    const stream = toNodeDuplex(memoryDuplex(source));
    stream.on('end', () => undefined);
    await turn();
    expect(source.reads).toEqual([]);
    stream.destroy();
  });

  it('asks no more than one read for each chunk that is taken', async () => {
    const source = memorySource(chunks(3, 2, 4));
    const stream = toNodeDuplex(memoryDuplex(source), { chunk: 100 });
    const seen: number[] = [];
    for await (const chunk of stream) {
      seen.push((chunk as Buffer).length);
      // The one that was just asked for may be under way, never a second.
      expect(source.reads.length).toBeLessThanOrEqual(seen.length + 1);
      await turn();
      expect(source.reads.length).toBeLessThanOrEqual(seen.length + 1);
    }
    expect(seen).toEqual([3, 2, 4]);
    expect(new Set(source.reads)).toEqual(new Set([100]));
  });

  it('stops asking while it is paused', async () => {
    const source = memorySource(chunks(1, 1, 1, 1, 1, 1), { delay: 1 });
    const stream = toNodeDuplex(memoryDuplex(source));
    stream.once('data', () => stream.pause());
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(source.reads.length).toBeLessThanOrEqual(2);
    stream.destroy();
  });

  it.each([undefined, 0])('never reads twice at a time, with answers after %s ms', async (delay) => {
    const lengths = Array.from({ length: 300 }, (_, index) => 1 + (index % 7));
    const source = memorySource(chunks(...lengths), delay === undefined ? {} : { delay });
    const stream = toNodeDuplex(memoryDuplex(source));
    let total = 0;
    // Reads inside the stack of `data`, which is where a second read could slip in.
    stream.on('data', (chunk: Buffer) => {
      total += chunk.length;
      stream.read(0);
    });
    await once(stream, 'end');
    expect(total).toBe(lengths.reduce((sum, length) => sum + length, 0));
  });

  it('gives up the read and closes the connection when it is destroyed', async () => {
    const source = silentSource();
    const duplex = memoryDuplex(source);
    const stream = toNodeDuplex(duplex);
    stream.resume();
    await turn();
    expect(source.outstanding).toBe(1);
    stream.destroy();
    await once(stream, 'close');
    expect([source.outstanding, duplex.ends]).toEqual([0, 1]);
  });

  it('passes the error of a read, and closes', async () => {
    const failure = new Error('gone');
    const duplex = memoryDuplex(memorySource(chunks(1), { failure }));
    const stream = toNodeDuplex(duplex);
    const seen: unknown[] = [];
    stream.on('data', (chunk: Buffer) => seen.push(chunk.length)).on('error', (error) => seen.push(error));
    await new Promise((resolve) => stream.on('close', resolve));
    expect(seen).toEqual([1, failure]);
    expect(duplex.ends).toBe(1);
  });
});

describe('writing a Node stream', () => {
  it('calls back when the module has accepted the bytes, and joins what has to wait', async () => {
    const duplex = memoryDuplex(silentSource());
    const gates: Subject<SendProgress>[] = [];
    duplex.onSend = () => {
      const gate = new Subject<SendProgress>();
      gates.push(gate);
      return gate;
    };
    const stream = toNodeDuplex(duplex);
    const done: number[] = [];
    for (const [index, bytes] of chunks(2, 3, 4).entries()) expect(stream.write(bytes, () => done.push(index))).toBe(false);
    await turn();
    expect([duplex.sent.map(({ length }) => length), done]).toEqual([[2], []]);
    gates[0]?.complete();
    await turn();
    expect([duplex.sent.map(({ length }) => length), done]).toEqual([[2, 7], [0]]);
    expect([...(duplex.sent[1] ?? [])]).toEqual([2, 2, 2, 3, 3, 3, 3]);
    gates[1]?.complete();
    await turn();
    expect(done).toEqual([0, 1, 2]);
    stream.destroy();
  });

  it('passes the error of a send', async () => {
    const failure = new Error('no room');
    const duplex = memoryDuplex(silentSource());
    duplex.onSend = () => throwError(() => failure);
    const stream = toNodeDuplex(duplex);
    const errors: unknown[] = [];
    stream.on('error', (error) => errors.push(error));
    stream.write('x', (error) => errors.push(error));
    await new Promise((resolve) => stream.on('close', resolve));
    expect(errors).toEqual([failure, failure]);
    expect(duplex.ends).toBe(1);
  });

  it('gives up a send that does not come to an end', async () => {
    const duplex = memoryDuplex(silentSource());
    duplex.onSend = () => NEVER;
    const stream = toNodeDuplex(duplex);
    stream.write('x');
    await turn();
    stream.destroy();
    await once(stream, 'close');
    expect([duplex.given, duplex.ends]).toEqual([1, 1]);
  });

  it('closes the connection with `end`, once everything is written', async () => {
    const order: string[] = [];
    const duplex = memoryDuplex(silentSource());
    duplex.onSend = (bytes) => of({ sent: bytes.length });
    const closing: Duplex = {
      ...duplex,
      send: (data) => {
        order.push('send');
        return duplex.send(data);
      },
      end: () => {
        order.push('end');
        return duplex.end();
      },
    };
    const stream = toNodeDuplex(closing);
    stream.write('a');
    stream.end('b');
    await once(stream, 'finish');
    expect(order).toEqual(['send', 'send', 'end']);
    stream.destroy();
  });

  it('with `onEnd: read` lets the answer in first', async () => {
    const duplex = memoryDuplex(memorySource(chunks(5), { delay: 5 }));
    const stream = toNodeDuplex(duplex, { onEnd: 'read' });
    stream.end('question');
    const heard: Buffer[] = [];
    for await (const chunk of stream) heard.push(chunk as Buffer);
    expect(Buffer.concat(heard)).toHaveLength(5);
    if (!stream.closed) await once(stream, 'close');
    expect(duplex.ends).toBe(1);
  });

  it('is a link of a pipeline, and everything arrives', async () => {
    const source = memorySource(chunks(1000, 2000, 3000), { delay: 0 });
    const target = memoryDuplex(silentSource());
    await pipeline(toNodeDuplex(memoryDuplex(source)), toNodeDuplex(target));
    expect(target.sent.reduce((sum, { length }) => sum + length, 0)).toBe(6000);
    expect(target.ends).toBe(1);
  });
});

describe('openNodeDuplex', () => {
  it('waits with reads and writes until the connection is open', async () => {
    const opening = new Subject<Duplex>();
    const duplex = memoryDuplex(memorySource(chunks(3)));
    const stream = openNodeDuplex(opening);
    const events: string[] = [];
    stream.on('connect', () => events.push('connect')).on('data', (chunk: Buffer) => events.push(`data ${String(chunk.length)}`));
    stream.write('hello', () => events.push('written'));
    await turn();
    expect(events).toEqual([]);
    opening.next(duplex);
    await turn();
    await turn();
    expect(events[0]).toBe('connect');
    expect(events.slice(1).sort()).toEqual(['data 3', 'written']);
    stream.destroy();
    await once(stream, 'close');
    expect([duplex.ends, opening.observed]).toEqual([1, false]);
  });

  it.each([
    ['before it is open', undefined],
    ['later', 5],
  ])('passes an error of the connection %s', async (_, length) => {
    const failure = new Error('refused');
    const opening = new Subject<Duplex>();
    const stream = openNodeDuplex(opening);
    if (length !== undefined) opening.next(memoryDuplex(silentSource()));
    await turn();
    opening.error(failure);
    const [error] = (await once(stream, 'error')) as [unknown];
    expect(error).toBe(failure);
    if (!stream.closed) await once(stream, 'close');
  });

  it('gives the connection up when it is destroyed before it is open', async () => {
    let left = 0;
    const stream = openNodeDuplex(new Observable(() => () => left++));
    stream.write('x', () => undefined);
    stream.on('error', () => undefined);
    stream.destroy();
    await once(stream, 'close');
    expect(left).toBe(1);
  });

  it('does not pretend that a connection without an opening is one', async () => {
    const opening = new Subject<Duplex>();
    const stream = openNodeDuplex(opening);
    opening.complete();
    const [error] = (await once(stream, 'error')) as [unknown];
    expect(error).toMatchObject({ kind: 'link', code: 'closed' });
  });

  it('emits `connect` also for a connection that is open at once', async () => {
    const stream = openNodeDuplex(of(memoryDuplex(silentSource())));
    await once(stream, 'connect');
    stream.destroy();
  });
});
