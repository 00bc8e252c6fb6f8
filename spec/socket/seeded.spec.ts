import { mergeMap, type Subscription } from 'rxjs';
import { type AtModule, type Socket, tcp } from '../../lib/index.js';
import type { HostHandler } from '../../transports/emulator/network/index.js';
import { source } from '../../transports/emulator/network/index.js';
import { seeded, virtualModule } from '../support/virtualModule.js';

const bytesOf = (random: () => number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  // Text that a careless reader would take for frames stands among random bytes.
  const traps = ['\r\nOK\r\n', '\r\n>', '+IPD,4,9:', 'ready\r\n', '+++', '\r\nERROR\r\n', '+CIPRECVDATA:5,', '\0', 'CLOSED\r\n'];
  for (let at = 0; at < length; ) {
    const trap = traps[Math.floor(random() * traps.length)] ?? '';
    if (random() < 0.1) for (const character of trap) bytes[at++ % length] = character.charCodeAt(0);
    else bytes[at++] = Math.floor(random() * 256);
  }
  return bytes;
};

const concatenated = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));

interface Session {
  readonly received: Buffer;
  readonly sent: Buffer;
  readonly expected: Uint8Array;
  readonly upload: Uint8Array;
  readonly ended: boolean;
  readonly error: unknown;
  readonly timers: number;
  readonly time: number;
  readonly gaveUp: number;
}

const session = (seed: number): Session => {
  const random = seeded(seed);
  const expected = bytesOf(random, Math.floor(random() * 30_000));
  const upload = bytesOf(random, 1 + Math.floor(random() * 6000));
  const collected: Uint8Array[] = [];
  const collector: HostHandler = (socket) => {
    socket.incoming.subscribe({ next: (chunk) => collected.push(chunk.slice()), error: () => undefined });
  };
  const world = virtualModule({
    emulator: {
      dialect: random() < 0.5 ? 'v2' : 'v4',
      seed,
      ...(random() < 0.3 ? { baud: 115_200 } : {}),
      chunk: (next) => 1 + Math.floor(next() * (random() < 0.5 ? 8 : 600)),
    },
    network: { seed, latency: 1 + Math.floor(random() * 20), segment: 100 + Math.floor(random() * 1400), hosts: { '192.168.4.2': { tcp: { 9000: source(expected), 9001: collector } } } },
  });
  const received: Uint8Array[] = [];
  let ended = false;
  let error: unknown;
  let gaveUp = 0;
  const fail = (cause: unknown): void => {
    error ??= cause;
  };

  const consume = (socket: Socket): void => {
    const next = (): void => {
      const max = random() < 0.3 ? undefined : 1 + Math.floor(random() * 3000);
      let got = false;
      const reading: Subscription = socket.read(max).subscribe({
        next: (chunk) => {
          got = true;
          received.push(chunk.slice());
        },
        error: fail,
        complete: () => {
          if (got) world.scheduler.schedule(next, random() < 0.2 ? random() * 200 : 0);
        },
      });
      // Some readers lose patience at a random moment, and another one comes later.
      if (random() < 0.25) {
        world.scheduler.schedule(() => {
          if (reading.closed) return;
          reading.unsubscribe();
          gaveUp += 1;
          world.scheduler.schedule(next, random() * 50);
        }, random() * 40);
      }
    };
    next();
  };
  const transfer = (module: AtModule): void => {
    tcp(module, { host: '192.168.4.2', port: 9000 }).subscribe({ next: consume, error: fail, complete: () => (ended = true) });
    tcp(module, { host: '192.168.4.2', port: 9001 })
      .pipe(mergeMap((socket) => socket.send(upload)))
      .subscribe({ error: fail });
  };
  const life = world.joined.subscribe({ next: transfer, error: fail });
  world.run(600_000);
  const failure = error;
  life.unsubscribe();
  const time = world.run(10_000);
  return { received: concatenated(received), sent: concatenated(collected), expected, upload, ended, error: failure, timers: world.timers, time, gaveUp };
};

describe('1,000 sessions with random chunking, readers that give up, and a sender beside them', () => {
  it.each(Array.from({ length: 10 }, (_, block) => block))('block %i of 100 seeds loses, duplicates and reorders nothing', (block) => {
    let abandoned = 0;
    for (let seed = block * 100 + 1; seed <= (block + 1) * 100; seed += 1) {
      const { received, sent, expected, upload, ended, error, timers, gaveUp } = session(seed);
      abandoned += gaveUp;
      const facts = { seed, error, ended, received: received.equals(Buffer.from(expected)), sent: sent.equals(Buffer.from(upload)), timers };
      expect(facts).toEqual({ seed, error: undefined, ended: true, received: true, sent: true, timers: 0 });
    }
    expect(abandoned).toBeGreaterThan(0);
  });
});
