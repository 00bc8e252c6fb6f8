import { catchError, concat, concatMap, defer, EMPTY, ignoreElements, map, mergeMap, type Observable, of, repeat, takeWhile, tap, timer, toArray } from 'rxjs';
import { type AtError, type AtModule, type Datagram, type DatagramSocket, udp, type UdpConfig } from '../../lib/index.js';
import type { HostDatagramHandler } from '../../transports/emulator/network/index.js';
import type { VirtualModule } from '../support/virtualModule.js';
import { named, play, type Play, pattern, string, text } from './world.js';

const shown = ({ bytes, remote, truncated, lost }: Datagram): string =>
  `${bytes.length > 20 ? String(bytes.length) : string(bytes)} ${remote === undefined ? '-' : `${remote.address}:${String(remote.port)}`}${truncated ? ' truncated' : ''}${lost > 0 ? ` lost ${String(lost)}` : ''}`;

const all = (socket: DatagramSocket): Observable<Datagram> => {
  let got = true;
  return defer(() => {
    got = false;
    return socket.read().pipe(tap(() => (got = true)));
  }).pipe(repeat({ delay: () => (got ? [0] : EMPTY) }));
};

const open = (use: (socket: DatagramSocket, log: string[], world: VirtualModule, module: AtModule) => Observable<unknown>, config: Partial<UdpConfig> = {}, setup: Parameters<typeof play>[1] = {}, handler?: HostDatagramHandler): Play =>
  play((module, log, world) => udp(module, { host: '192.168.4.2', port: 7, localPort: 5000, ...config }).pipe(mergeMap((socket) => use(socket, log, world, module))), {
    ...setup,
    network: { hosts: { '192.168.4.2': { udp: handler === undefined ? {} : { 7: handler } } } },
  });

const pulls = (sent: readonly string[]): string[] => sent.filter((line) => line.startsWith('AT+CIPRECVDATA'));

describe.each(['v2', 'v4'] as const)('UDP on %s', (dialect) => {
  const emulator = { dialect };

  it('reads one datagram at a time, by one pull each, whole', () => {
    const sizes = [1, 500, 1472, 3, 2000];
    const { world, log, sent } = open(
      (socket, _log, { network, scheduler }) => {
        const peer = network.bind(7);
        scheduler.schedule(() => sizes.forEach((size) => peer.send(pattern(size), { address: '192.168.4.100', port: 5000 })), 50);
        return all(socket).pipe(map(({ bytes }) => Buffer.from(bytes).equals(Buffer.from(pattern(bytes.length))) && bytes.length));
      },
      {},
      { emulator },
    );
    world.run(20_000);
    expect(log).toEqual(sizes.map(String));
    expect(pulls(sent)).toHaveLength(sizes.length);
  });

  it('sends nothing without a reader, and keeps the datagram of a reader that left for the next', () => {
    const { world, log, sent } = open(
      (socket, lines, { network, scheduler }) => {
        const peer = network.bind(7);
        scheduler.schedule(() => ['first', 'second'].forEach((word) => peer.send(text(word), { address: '192.168.4.100', port: 5000 })), 10);
        scheduler.schedule(() => {
          lines.push(`pulls ${String(pulls(sent).length)}`);
          const left = socket.read().subscribe(() => lines.push('left'));
          scheduler.schedule(() => left.unsubscribe(), 0.5);
        }, 1000);
        scheduler.schedule(() => socket.read().subscribe((datagram) => lines.push(shown(datagram))), 2000);
        return EMPTY;
      },
      {},
      { emulator },
    );
    world.run(20_000);
    expect(log.slice(0, 2)).toEqual(['pulls 0', 'first -']);
  });

  it('names the sender of each datagram where senders are shown', () => {
    const { world, log } = open(
      (socket, _log, { network, scheduler }) => {
        const [one, other] = [network.bind(7), network.bind(9, '192.168.4.3')];
        scheduler.schedule(() => {
          one.send(text('"a",1,x'), { address: '192.168.4.100', port: 5000 });
          other.send(text('b'), { address: '192.168.4.100', port: 5000 });
        }, 10);
        return all(socket).pipe(map(shown));
      },
      { mode: 'any' },
      { emulator, module: { showSenders: true } },
    );
    world.run(20_000);
    expect(log).toEqual(['"a",1,x 192.168.4.2:7', 'b 192.168.4.3:9']);
  });

  it('sends to the peer, and to whoever is named', () => {
    const got: string[] = [];
    const { world, log } = open(
      (socket, _log, { network }) => {
        network.bind(9, '192.168.4.3').incoming.subscribe(({ bytes }) => got.push(`other ${string(bytes)}`));
        const refused = (source: Observable<unknown>): Observable<string> => source.pipe(map(() => 'sent'), catchError((error: unknown) => of(named(error))));
        return socket.send(text('one')).pipe(
          toArray(),
          concatMap(() => socket.send(text('two'), { address: '192.168.4.3', port: 9 }).pipe(toArray())),
          concatMap(() => refused(socket.send(new Uint8Array(dialect === 'v2' ? 2049 : 8193)))),
          concatMap((first) => refused(socket.send(new Uint8Array(0))).pipe(map((second) => `${first} ${second}`))),
        );
      },
      { mode: 'any' },
      { emulator },
      (socket) => socket.incoming.pipe(tap(({ bytes }) => got.push(`peer ${string(bytes)}`))),
    );
    world.run(20_000);
    expect(got).toEqual(['peer one', 'other two']);
    expect(log).toEqual(['usage/parameter usage/parameter']);
  });

  it.each([
    ['fixed', ['peer a', 'peer b']],
    ['once', ['peer a', 'first b']],
    ['any', ['peer a', 'second b']],
  ] as const)('answers in mode %s whom that mode names', (mode, expected) => {
    const got: string[] = [];
    const { world, log, sent } = open(
      (socket, _log, { network, scheduler }) => {
        const hosts = { first: network.bind(8, '192.168.4.3'), second: network.bind(9, '192.168.4.4') };
        for (const [name, end] of Object.entries(hosts)) end.incoming.subscribe(({ bytes }) => got.push(`${name} ${string(bytes)}`));
        const say = (end: keyof typeof hosts): Observable<unknown> =>
          defer(() => {
            hosts[end].send(text(end), { address: '192.168.4.100', port: 5000 });
            return timer(50, scheduler);
          });
        return concat(socket.send(text('a')), say('first').pipe(ignoreElements()), say('second').pipe(ignoreElements()), socket.send(text('b')));
      },
      { mode },
      { emulator },
      (socket) => socket.incoming.pipe(tap(({ bytes }) => got.push(`peer ${string(bytes)}`))),
    );
    world.run(20_000);
    expect([got, log]).toEqual([expected, []]);
    expect(sent.find((line) => line.startsWith('AT+CIPSTART'))).toMatch(new RegExp(`,5000,${String(['fixed', 'once', 'any'].indexOf(mode))}$`));
  });

  it.each([
    ['multicast', '239.1.2.3'],
    ['broadcast', '255.255.255.255'],
    ['broadcast of its network', '192.168.4.255'],
  ])('sends by %s to whoever listens, and hears what others send so', (_, group) => {
    const got: string[] = [];
    const { world, log } = open(
      (socket, _log, { network, scheduler }) => {
        const there = group.startsWith('239') ? [network.bind(7, group)] : [network.bind(7), network.bind(7, '192.168.4.3')];
        const elsewhere = [network.bind(8, '192.168.4.3'), network.bind(7, '239.9.9.9')];
        there.forEach((end, index) => end.incoming.subscribe(({ bytes }) => got.push(`${String(index)} ${string(bytes)}`)));
        const speaker = network.bind(5000, '192.168.4.5');
        scheduler.schedule(() => {
          speaker.send(text('to all'), { address: group, port: 5000 });
          speaker.send(text('to others'), { address: '239.9.9.9', port: 5000 });
          speaker.send(text('to one'), { address: '192.168.4.100', port: 5000 });
        }, 20);
        void elsewhere;
        return concat(socket.send(text('hello')), all(socket).pipe(map(shown)));
      },
      { host: group },
      { emulator, module: { showSenders: true } },
    );
    world.run(20_000);
    expect(got).toEqual(group.startsWith('239') ? ['0 hello'] : ['0 hello', '1 hello']);
    expect(log).toEqual(['to all 192.168.4.5:5000', 'to one 192.168.4.5:5000']);
  });

  it('finds datagrams whose announcement was lost, and ends when it is closed', () => {
    const { world, log, life } = open(
      (socket, lines, { network, scheduler, module }) => {
        module.faults.add({ when: ({ point }) => point === 'announce', times: 1, act: { do: 'drop' } });
        network.bind(7).send(text('unheard'), { address: '192.168.4.100', port: 5000 });
        scheduler.schedule(() => socket.end().subscribe({ complete: () => lines.push('closed') }), 10_000);
        return all(socket).pipe(map(shown));
      },
      {},
      { emulator },
    );
    world.run(20_000);
    expect(log).toEqual(['unheard -', 'closed']);
    life.unsubscribe();
    world.run(10_000);
    expect(world.timers).toBe(0);
  });

  it('holds what comes actively in a bounded queue, and says what it lost', () => {
    const results = (['error', 'drop'] as const).map((overflow) => {
      const { world, log } = open(
        (socket, lines, { network, scheduler }) => {
          const peer = network.bind(7);
          for (let index = 0; index < 6; index += 1) peer.send(text(`d${String(index)}`), { address: '192.168.4.100', port: 5000 });
          scheduler.schedule(() => all(socket).subscribe({ next: (datagram) => lines.push(shown(datagram)), error: (error: AtError) => lines.push(`read ${named(error)}`) }), 1000);
          scheduler.schedule(() => peer.send(text('late'), { address: '192.168.4.100', port: 5000 }), 2000);
          return EMPTY;
        },
        { receive: 'active', queueLimit: 3, overflow },
        { emulator },
      );
      world.run(20_000);
      return log;
    });
    expect(results[0]).toEqual(['link/overflow', 'd0 -', 'd1 -', 'd2 -', 'read link/overflow']);
    expect(results[1]).toEqual(['d0 -', 'd1 -', 'd2 -', 'late - lost 6']);
  });

  it('says how much was announced and never handed over', () => {
    const { world, log } = open(
      (socket, _log, { network, module }) => {
        // The second announcement claims 900 bytes more than there are.
        module.faults.add({ when: (event) => event.point === 'output' && event.text.includes('+IPD,4,4'), times: 1, act: { do: 'insert', text: '\r\n+IPD,4,904\r\n' } });
        const peer = network.bind(7);
        peer.send(text('four'), { address: '192.168.4.100', port: 5000 });
        return all(socket).pipe(
          tap({ next: ({ lost }) => lost === 0 && peer.send(text('more'), { address: '192.168.4.100', port: 5000 }) }),
          takeWhile(({ lost }) => lost === 0, true),
          map(shown),
        );
      },
      {},
      { emulator },
    );
    world.run(20_000);
    expect(log[0]).toMatch(/^four - lost 900$|^four -$/);
    expect(log.some((line) => line.includes('lost 900'))).toBe(true);
  });

  it('refuses a receive mode or a family that it cannot have', () => {
    const { world, log } = play(
      (module, lines) =>
        udp(module, { host: '192.168.4.2', port: 7 }).pipe(
          tap({ next: () => udp(module, { host: '192.168.4.2', port: 8, receive: 'active' }).subscribe({ next: () => lines.push('second'), error: (error: unknown) => lines.push(named(error)) }) }),
          mergeMap(() => EMPTY),
        ),
      { emulator, network: { hosts: { '192.168.4.2': {} } } },
    );
    world.run(10_000);
    expect(log).toEqual([dialect === 'v2' ? 'link/receive-mode' : 'second']);
    const six = play((module) => udp(module, { host: '192.168.4.2', port: 7, family: 6 }), { emulator, network: { hosts: { '192.168.4.2': {} } } });
    six.world.run(10_000);
    expect(six.log).toEqual([dialect === 'v2' ? 'unsupported/parameter' : 'link/refused']);
  });
});
