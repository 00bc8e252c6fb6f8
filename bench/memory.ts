/**
 * `node --expose-gc dist/cjs/bench/memory.js`: 100 MB (or as many as the first argument says) through one passive socket into a slow consumer, over the
 * in-memory network in virtual time. The heap and the buffers after each tenth must not grow, and the peer must be held at the module's window. Exit
 * code 1 when they do or cannot be measured, when it is not, or when bytes are missing.
 */
import { createHash } from 'node:crypto';
import { filter, mergeMap, Observable, take, VirtualTimeScheduler } from 'rxjs';
import { openModule, station, tcp } from 'rx-esp-at';
import { emulator, type HostSocket, inMemoryNetwork, source } from 'rx-esp-at/emulator';
import { pullMap } from 'rx-esp-at/operators';

const total = Number(process.argv[2] ?? '100') * 1_000_000;
const allowed = 4_000_000;
/** What a link of the module holds unread. */
const window = 5760;
const samples = 10;
/** Longest virtual time without a byte, in ms, before nothing more is expected. */
const patience = 60_000;
const block = Uint8Array.from({ length: 1 << 16 }, (_, index) => (index * 31) & 255);

function* blocks(): Generator<Uint8Array> {
  for (let left = total; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
}

const used = (): number => {
  // Twice: buffers are freed by finalizers of the first.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
};

const sent = createHash('sha256');
for (const part of blocks()) sent.update(part);
const came = createHash('sha256');

const scheduler = new VirtualTimeScheduler(undefined, Infinity);
const host = '192.168.4.2';
let peer: HostSocket | undefined;
const network = inMemoryNetwork({
  scheduler,
  hosts: {
    [host]: {
      tcp: {
        9000: (socket) => {
          peer = socket;
          return source(blocks)(socket);
        },
      },
    },
  },
});
const marks: number[] = [];
let received = 0;
/** Most bytes that the peer was ahead of the consumer. */
let ahead = 0;
/** When a byte came last, in virtual ms. */
let lately = 0;
let failure: unknown;

/** Takes 10 ms for a chunk: longer than the module would need to fetch the next one. */
const slow = (chunk: Uint8Array): Observable<never> =>
  new Observable<never>((subscriber) => {
    received += chunk.length;
    lately = scheduler.now();
    came.update(chunk);
    return scheduler.schedule(() => {
      ahead = Math.max(ahead, (peer?.stats.sent ?? 0) - received);
      if (received >= ((marks.length + 1) * total) / samples) marks.push(used());
      subscriber.complete();
    }, 10);
  });

const life = openModule(emulator({ scheduler, network }), { scheduler })
  .pipe(
    mergeMap((module) =>
      station(module, { ssid: 'Espressif', password: '' }).pipe(
        filter(({ state }) => state === 'got-ip'),
        take(1),
        mergeMap(() => tcp(module, { host, port: 9000 })),
      ),
    ),
    mergeMap((socket) => pullMap(slow)(socket)),
  )
  .subscribe({ error: (error: unknown) => (failure = error) });

const started = Date.now();
// The last sample is taken a little after the last byte.
for (let time = 0; marks.length < samples && failure === undefined && time < lately + patience; ) {
  time += 1000;
  scheduler.maxFrames = time;
  scheduler.flush();
}
life.unsubscribe();

const growth = Math.max(...marks) - Math.min(...marks);
const whole = came.digest('hex') === sent.digest('hex');
const kilobytes = marks.map((mark) => String(Math.round(mark / 1000)));
process.stdout.write(`${String(received / 1e6)} MB in ${String(Date.now() - started)} ms; checksum ${whole ? 'equal' : 'DIFFERENT'}; kB in use after each tenth: ${kilobytes.join(' ')}; the peer was ahead by ${String(ahead)} bytes at most\n`);
if (failure !== undefined) console.error(failure);
if (globalThis.gc === undefined) process.stdout.write('without --expose-gc nothing is known about the memory\n');
const flat = globalThis.gc !== undefined && marks.length === samples && growth < allowed;
process.exitCode = whole && ahead === window && flat && failure === undefined ? 0 : 1;
