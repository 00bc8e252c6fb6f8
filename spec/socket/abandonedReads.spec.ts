import { type Subscription, tap } from 'rxjs';
import { commands, type Socket, tcp, udp } from '../../lib/index.js';
import { source } from '../../transports/emulator/network/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { pattern } from './world.js';

const host = '192.168.4.2';
const data = pattern(40_000);

const opened = (end = false) => {
  const world = joinedModule({
    emulator: { baud: 115_200 },
    network: {
      hosts: {
        [host]: {
          tcp: { 9000: source(data, { end }) },
          udp: { 7: ({ send, incoming }) => incoming.pipe(tap(({ bytes, remote }) => send(bytes, remote))) },
        },
      },
    },
  });
  const pulls = (): number => world.sent.filter((line) => line.startsWith('AT+CIPRECVDATA')).length;
  const lengths = (): number => world.sent.filter((line) => line.startsWith('AT+CIPRECVLEN')).length;
  return { ...world, pulls, lengths };
};

const connected = (world: ReturnType<typeof opened>): Socket => {
  const seen = observed(tcp(world.at, { host, port: 9000 }));
  world.run(1000);
  const [socket] = seen.values;
  if (socket === undefined) throw new Error(String(seen.error));
  return socket;
};

/** Something is on the line for a while. */
const occupied = (world: ReturnType<typeof opened>): Subscription => world.at.exec(commands.wifi.scan).subscribe();

describe('a read that is left before its pull is written', () => {
  it('never pulls, however often', () => {
    const world = opened();
    const socket = connected(world);
    occupied(world);
    for (let index = 0; index < 50; index += 1) socket.read().subscribe().unsubscribe();
    world.run(10_000);
    expect(world.pulls()).toBe(0);
    const read = observed(socket.read(1000));
    world.run(1000);
    expect([read.values.length, world.pulls()]).toEqual([1, 1]);
  });

  it('gives its place to the read after it: one pull for both', () => {
    const world = opened();
    const socket = connected(world);
    occupied(world);
    socket.read(100).subscribe().unsubscribe();
    const read = observed(socket.read(300));
    world.run(10_000);
    expect(world.sent.filter((line) => line.startsWith('AT+CIPRECVDATA'))).toEqual(['AT+CIPRECVDATA=4,300']);
    expect(read.values.map((bytes) => bytes.length)).toEqual([300]);
  });

  it('on the wire: its chunk is kept, and is the next read', () => {
    const world = opened();
    const socket = connected(world);
    socket.read(1000).subscribe().unsubscribe();
    world.run(1000);
    expect(world.pulls()).toBe(1);
    const read = observed(socket.read(400));
    const rest = observed(socket.read(4000));
    expect([read.values, rest.values].map(([bytes]) => bytes?.length)).toEqual([400, 600]);
    expect(world.pulls()).toBe(1);
  });

  it('asks for no length either', () => {
    const world = opened();
    const socket = connected(world);
    let got = 0;
    while (got < data.length) {
      const read = observed(socket.read());
      world.run(5000);
      got += read.values[0]?.length ?? 0;
      if (read.values.length === 0) throw new Error('nothing came');
    }
    const { length } = world.sent;
    const read = socket.read().subscribe();
    world.run(90);
    occupied(world);
    world.run(15);
    // The question is due, and waits for the scan.
    read.unsubscribe();
    world.run(10_000);
    expect(world.sent.slice(length)).toEqual(['AT+CWLAP']);
  });

  it('of datagrams neither', () => {
    const world = opened();
    const seen = observed(udp(world.at, { host, port: 7, receive: 'passive' }));
    world.run(1000);
    const [socket] = seen.values;
    if (socket === undefined) throw new Error(String(seen.error));
    socket.send(pattern(20)).subscribe();
    world.run(1000);
    occupied(world);
    for (let index = 0; index < 10; index += 1) socket.read().subscribe().unsubscribe();
    world.run(10_000);
    expect([world.pulls(), world.lengths()]).toEqual([0, 0]);
    const read = observed(socket.read());
    world.run(1000);
    expect([read.values.length, world.pulls()]).toEqual([1, 1]);
  });

  it.each([1, 2, 3, 4])('at random, beside other commands: every byte once, in order, and pulls are no more than chunks and one (seed %i)', (seed) => {
    const world = opened();
    const socket = connected(world);
    const random = seeded(seed);
    const got: Uint8Array[] = [];
    let total = 0;
    for (let turn = 0; total < data.length; turn += 1) {
      if (turn > 5000) throw new Error(`stuck at ${String(total)}`);
      if (random() < 0.3) world.at.exec(commands.wifi.modeQuery).subscribe();
      const reading = socket.read(1 + Math.floor(random() * 3000)).subscribe((bytes) => {
        got.push(bytes);
        total += bytes.length;
      });
      world.run(random() < 0.5 ? 500 : Math.floor(random() * 30));
      reading.unsubscribe();
    }
    expect(Buffer.concat(got).equals(Buffer.from(data))).toBe(true);
    // A chunk longer than its reader wants is more than one read.
    expect(world.pulls()).toBeLessThanOrEqual(got.length + 1);
  });
});
