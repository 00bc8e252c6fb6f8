import { defer, filter, map, mergeMap, Observable, Subscription, take, VirtualTimeScheduler } from 'rxjs';
import { type AtModule, type Connection, isAtError, listen, openModule, type Socket, station, tcp, type TraceEntry, type Transport } from 'rx-esp-at';
import { type Emulator, emulator, type Fault, type FaultEvent, type HostHandler, type HostSocket, inMemoryNetwork, type InMemoryNetwork } from 'rx-esp-at/emulator';
import { ownTimers } from './ownTimers.js';
import { randomBytes, seeded } from './seeded.js';

/** What became of one session. */
export interface FaultSession {
  /** What was done to it. */
  readonly faults: readonly string[];
  /** Empty when every promise was kept. */
  readonly broken: readonly string[];
  /** How the download and the upload ended: `whole`, `left`, or the error's kind and code. */
  readonly outcomes: readonly [string, string];
  /** Virtual time in ms. */
  readonly time: number;
}

const host = '192.168.4.2';
const port = 9000;
/** Longest time a session may take before it counts as hanging, in virtual ms: two recoveries of a silent module. */
const patience = 600_000;

type Random = () => number;
const upTo = (random: Random, limit: number): number => Math.floor(random() * limit);

/** One behaviour of the world, by name; `small` ones need all data in one segment. */
interface Trouble {
  readonly name: string;
  readonly small?: boolean;
  readonly apply: (world: World, random: Random) => void;
}

interface World {
  readonly scheduler: VirtualTimeScheduler;
  readonly module: Emulator;
  readonly network: InMemoryNetwork;
  /** The host's end, once connected. */
  peer?: HostSocket;
  /** The subscription that holds the connection. */
  readonly life: Subscription;
  left: boolean;
  /** The module has answered a send by SEND FAIL. */
  refused: boolean;
}

const always = (point: FaultEvent['point']): Fault['when'] => (event) => event.point === point;
const onLine = (pattern: RegExp): Fault['when'] => (event) => (event.point === 'command' || event.point === 'terminal') && pattern.test(event.line);
const onOutput = (pattern: RegExp): Fault['when'] => (event) => event.point === 'output' && pattern.test(event.text);
const inTransfer = /^AT\+CIP(?:SEND|RECVDATA|RECVLEN)/;

const troubles: readonly Trouble[] = [
  { name: 'early CLOSED', small: true, apply: ({ module }) => void module.faults.add({ when: always('announce'), times: 1, act: { do: 'close' } }) },
  { name: 'withheld CLOSED', apply: ({ module }) => void module.faults.add({ when: onOutput(/^(?:\d,)?CLOSED\r\n$/), times: 1, act: { do: 'drop' } }) },
  { name: 'lost announcement', apply: ({ module }, random) => void module.faults.add({ when: always('announce'), times: 1 + upTo(random, 3), act: { do: 'drop' } }) },
  { name: 'busy', apply: ({ module }, random) => void module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith('AT+CIP') && random() < 0.4, times: 1 + upTo(random, 4), act: { do: 'busy' } }) },
  { name: 'reset', apply: ({ module, scheduler }, random) => void scheduler.schedule(() => module.reset(), 250 + random() * 600) },
  { name: 'reset in a line', apply: ({ module }, random) => void module.faults.add({ when: onOutput(random() < 0.5 ? /\+IPD/ : /\+CIPRECVDATA/), times: 1, act: { do: 'reset', after: upTo(random, 200) } }) },
  { name: 'heap', apply: ({ module }, random) => void module.faults.add({ when: always('read'), times: 1 + upTo(random, 4), act: { do: 'error' } }) },
  { name: 'stall', apply: ({ module }) => void module.faults.add({ when: onLine(inTransfer), times: 1, act: { do: 'stall' } }) },
  { name: 'late answer', apply: ({ module }, random) => void module.faults.add({ when: (event) => event.point === 'terminal' && inTransfer.test(event.line), times: 1, act: { do: 'late', ms: random() * 60_000 } }) },
  {
    name: 'SEND FAIL',
    apply: (world) => {
      const accepts = onOutput(/^\r\nSEND OK\r\n$/);
      const refuses: Fault['when'] = (event) => {
        const now = accepts(event);
        world.refused ||= now;
        return now;
      };
      world.module.faults.add({ when: refuses, times: 1, act: { do: 'replace', text: '\r\nSEND FAIL\r\n' } });
    },
  },
  { name: 'delay', apply: ({ module }, random) => void module.faults.add({ when: (event) => event.point === 'output' && random() < 0.1, times: 3, act: { do: 'delay', ms: random() * 2000 } }) },
  { name: 'split', apply: ({ module }, random) => void module.faults.add({ when: (event) => event.point === 'output' && event.text.length > 4 && random() < 0.3, times: 10, act: { do: 'split', at: [1 + upTo(random, 3)], gap: random() * 30 } }) },
  { name: 'glue', apply: ({ module }, random) => void module.faults.add({ when: (event) => event.point === 'output' && random() < 0.3, times: 10, act: { do: 'glue' } }) },
  // The host's handler sees to it.
  { name: 'peer that stops reading', apply: () => undefined },
  { name: 'peer that resets', apply: (world, random) => void world.scheduler.schedule(() => world.peer?.destroy(), 250 + random() * 400) },
  {
    name: 'user who leaves',
    apply: (world, random) =>
      void world.scheduler.schedule(() => {
        world.left = true;
        world.life.unsubscribe();
      }, 250 + random() * 500),
  },
];

const nameOf = (error: unknown): string | undefined => (isAtError(error) ? `${error.kind}/${error.code}` : undefined);
const starts = (whole: Uint8Array, part: Uint8Array): boolean => part.length <= whole.length && part.every((byte, index) => byte === whole[index]);
const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
};

/** Reads to the end with readers that give up at random and come back. */
const consume = (socket: Socket, scheduler: VirtualTimeScheduler, random: Random, got: (chunk: Uint8Array) => void, over: (outcome: string) => void): Subscription => {
  const life = new Subscription();
  const next = (): void => {
    if (life.closed) return;
    let some = false;
    const reading = socket.read(random() < 0.5 ? undefined : 1 + upTo(random, 2000)).subscribe({
      next: (chunk) => {
        some = true;
        got(chunk.slice());
      },
      error: (error: unknown) => over(nameOf(error) ?? `untyped ${String(error)}`),
      complete: () => (some ? life.add(scheduler.schedule(next, random() < 0.2 ? random() * 100 : 0)) : over('whole')),
    });
    life.add(reading);
    if (random() < 0.2) {
      life.add(
        scheduler.schedule(() => {
          if (reading.closed) return;
          reading.unsubscribe();
          life.add(scheduler.schedule(next, random() * 50));
        }, random() * 40),
      );
    }
  };
  next();
  return life;
};

/** A transport, and how many of its Observables are subscribed to. */
const watched = (transport: Transport): { readonly transport: Transport; readonly live: () => number } => {
  let live = 0;
  const counted = <T>(source: Observable<T>): Observable<T> =>
    new Observable<T>((subscriber) => {
      live += 1;
      subscriber.add(() => (live -= 1));
      return source.subscribe(subscriber);
    });
  const open = (): Observable<Connection> =>
    transport.open().pipe(map((connection) => ({ ...connection, incoming: counted(connection.incoming), write: (bytes: Uint8Array) => counted(connection.write(bytes)) })));
  return { transport: { open: () => counted(defer(open)) }, live: () => live };
};

/** One session in virtual time: a connection, made or accepted, that is read and written while things go wrong. The seed decides everything; `follow` sees the lines. */
export const faultSession = (seed: number, follow?: (entry: TraceEntry) => void): FaultSession => {
  const random = seeded(seed);
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  const chosen = troubles.filter(() => random() < 1.6 / troubles.length);
  const small = chosen.some((trouble) => trouble.small === true);
  const download = randomBytes(random, small ? 1 + upTo(random, 1400) : upTo(random, 14_000));
  const upload = randomBytes(random, 1 + upTo(random, 5000));
  const stops = chosen.some(({ name }) => name === 'peer that stops reading');
  const resets = chosen.some(({ name }) => name === 'peer that resets');
  /** What was accepted may be lost with the module, or at the peer. */
  const loses = stops || resets || chosen.some(({ name }) => name.startsWith('reset'));
  /** The peer ends as soon as it has sent everything, and not only when it has everything too. */
  const hasty = stops || small || random() < 0.3;
  const arrived: Uint8Array[] = [];
  const received: Uint8Array[] = [];
  const outcomes: [string, string] = ['', ''];
  let accepted = 0;

  const handler: HostHandler = (socket) => {
    world.peer = socket;
    let sent = 0;
    const more = (): void => {
      if (sent < download.length) sent += socket.send(download.subarray(sent));
      if (sent === download.length && (hasty || got >= upload.length)) socket.end();
    };
    let got = 0;
    const take = (chunk: Uint8Array): void => {
      arrived.push(chunk.slice());
      got += chunk.length;
      more();
    };
    socket.writable.subscribe({ next: more, error: () => undefined });
    socket.incoming.subscribe({ next: take, error: () => undefined });
    if (stops) socket.hold(true);
    more();
  };
  const network = inMemoryNetwork({ scheduler, seed, latency: 1 + upTo(random, 10), segment: small ? 1440 : 200 + upTo(random, 1240), hosts: { [host]: { tcp: { [port]: handler }, ...(stops ? { window: 1000 } : {}) } } });
  const dialect = random() < 0.5 ? 'v2' : 'v4';
  /** One AT+CIPSENDL; a sender that gives up ends it by `+++`. */
  const bulk = dialect === 'v4' && random() < 0.3;
  const quits = random() < 0.15;
  const module = emulator({
    scheduler,
    network,
    seed,
    dialect,
    ...(random() < 0.3 ? { baud: 115_200 } : {}),
    chunk: (line) => 1 + Math.floor(line() * (random() < 0.2 ? 8 : 600)),
    timing: { boot: 50, join: 5, dhcp: 5 },
  });
  const life = new Subscription();
  const world: World = { scheduler, module, network, life, left: false, refused: false };

  const leave = (): void => {
    world.left = true;
    life.unsubscribe();
  };
  const both = (socket: Socket): void => {
    life.add(consume(socket, scheduler, random, (chunk) => received.push(chunk), (outcome) => (outcomes[0] = outcome)));
    const cut = (outcome: string): void => {
      outcomes[1] = outcome;
      // The peer may wait for the rest for ever.
      scheduler.schedule(leave, 30_000);
    };
    const sending = socket.send(upload, bulk ? { bulk: upload.length } : {}).subscribe({
      next: ({ sent }) => (accepted = sent),
      error: (error: unknown) => cut(nameOf(error) ?? `untyped ${String(error)}`),
      complete: () => (outcomes[1] = 'whole'),
    });
    life.add(sending);
    if (quits) {
      scheduler.schedule(() => {
        if (sending.closed) return;
        sending.unsubscribe();
        cut('left');
      }, random() * 200);
    }
  };
  const ended = (error: unknown): void => {
    const name = nameOf(error) ?? `untyped ${String(error)}`;
    if (outcomes[0] === '') outcomes[0] = name;
    if (outcomes[1] === '') outcomes[1] = name;
  };
  const serving = random() < 0.3;
  const line = watched(module);
  const sdk = ownTimers(scheduler);
  let facts = 0;
  const use = (opened: AtModule): void => {
    facts += 1;
    opened.links.subscribe({ complete: () => (facts -= 1), error: () => undefined });
    for (const { apply } of chosen) apply(world, random);
    if (serving) {
      life.add(listen(opened, { port, sendTimeout: 2000 }).subscribe({ next: both, error: ended }));
      const connect = (): void => void network.connectTo(port, stops ? { window: 1000 } : {}).subscribe({ next: handler, error: () => outcomes.includes('') && !world.left && scheduler.schedule(connect, 200) });
      connect();
    } else life.add(tcp(opened, { host, port, sendTimeout: 2000 }).subscribe({ next: both, error: ended }));
  };
  const holding = openModule(line.transport, { scheduler: sdk.scheduler, ...(follow === undefined ? {} : { trace: { next: follow } }) })
    .pipe(mergeMap((opened) => station(opened, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => [opened]))))
    .subscribe({ next: use, error: ended });

  let time = 0;
  const run = (ms: number): void => {
    time += ms;
    scheduler.maxFrames = time;
    scheduler.flush();
  };
  while (time < patience && !world.left && outcomes.includes('')) run(1000);
  life.unsubscribe();
  run(1000);
  holding.unsubscribe();
  // With the line the last timer goes: later, one that is left would fire, and be gone too.
  while (line.live() > 0 && time < 2 * patience) run(1);
  const timers = sdk.left();
  module.faults.clear();
  // A module whose server nobody could close looks for idle clients for ever.
  module.reset();
  run(200_000);

  if (world.left) outcomes.forEach((outcome, index) => outcome === '' && (outcomes[index] = 'left'));
  const got = joined(received);
  const there = joined(arrived);
  const broken = [
    ...(outcomes.includes('') ? [`hangs: download ${outcomes[0] || '-'}, upload ${outcomes[1] || '-'}`] : []),
    ...outcomes.filter((outcome) => outcome.startsWith('untyped')),
    ...(starts(download, got) ? [] : ['bytes received twice, out of order or foreign']),
    // A reset looks like an end from here: CLOSED, and no more bytes.
    ...(outcomes[0] === 'whole' && !resets && got.length !== download.length ? [`${String(got.length)} of ${String(download.length)} bytes, and no error`] : []),
    // After a failed send the module may have been given fill bytes: what it had accepted before must be right.
    ...(starts(upload, chosen.length === 0 ? there : there.subarray(0, accepted)) ? [] : ['bytes sent twice, out of order or foreign']),
    ...(outcomes[1] === 'whole' && !stops && !resets && outcomes[0] === 'whole' && there.length !== upload.length ? [`${String(there.length)} of ${String(upload.length)} bytes at the peer`] : []),
    ...(loses || accepted <= there.length ? [] : [`${String(accepted)} bytes accepted, ${String(there.length)} at the peer`]),
    ...(world.refused && outcomes[1] === 'whole' ? ['sent in spite of SEND FAIL'] : []),
    ...(timers === 0 ? [] : [`${String(timers)} timers left when the line was let go`]),
    ...(scheduler.actions.length === 0 ? [] : [`${String(scheduler.actions.length)} timers left`]),
    ...(line.live() === 0 && facts === 0 ? [] : [`subscriptions left: ${String(line.live())} of the line, ${String(facts)} of the module`]),
  ];
  const faults = [...chosen.map(({ name }) => name), ...(hasty && download.length > 0 ? ['data with a FIN'] : []), ...(quits ? ['sender who leaves'] : [])];
  return { faults, broken, outcomes, time: scheduler.frame };
};
