import { catchError, concat, concatMap, defer, EMPTY, ignoreElements, map, mergeMap, type Observable, of, repeat, takeWhile, tap, timer, toArray } from 'rxjs';
import { type AtError, type AtModule, type Datagram, type DatagramSocket, udp, type UdpConfig } from '../../lib/index.js';
import type { HostDatagramHandler } from '../../transports/emulator/network/index.js';
import type { VirtualModule } from '../support/virtualModule.js';
import { named, play, type Play, pattern, string, text } from './world.js';

const shown = ({ bytes, remote, truncated, joined, lost }: Datagram): string =>
  `${bytes.length > 20 ? String(bytes.length) : string(bytes)} ${remote === undefined ? '-' : `${remote.address}:${String(remote.port)}`}${truncated ? ' truncated' : ''}${joined ? ' joined' : ''}${lost > 0 ? ` lost ${String(lost)}` : ''}`;

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

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
const burst = [1, 500, 1472, 3, 200, 7, 61, 300, 12, 90];

/** The burst from three senders in turn, as one pattern; reads by length, place in it, and sender. */
const bursting = (config: Partial<UdpConfig>, setup: Parameters<typeof play>[1]): Play => {
  const whole = Buffer.from(pattern(sum(burst)));
  return open(
    (socket, _log, { network, scheduler }) => {
      const peers = [2, 3, 4].map((last) => network.bind(7, `192.168.4.${String(last)}`));
      scheduler.schedule(() => {
        burst.forEach((size, index) => peers[index % 3]?.send(pattern(size, sum(burst.slice(0, index))), { address: '192.168.4.100', port: 5000 }));
      }, 50);
      let from = 0;
      return all(socket).pipe(
        map((datagram) => {
          const at = whole.indexOf(datagram.bytes, from);
          from = at + datagram.bytes.length;
          return shown(datagram).replace(/^.* (?=192)/, `${String(datagram.bytes.length)} ${String(at)} `);
        }),
      );
    },
    { mode: 'any', ...config },
    { ...setup, module: { showSenders: true } },
  );
};

const modes = (sent: readonly string[]): string[] => sent.filter((line) => /^AT\+CIPRECV(MODE|TYPE)=/.test(line));
const pulls = (sent: readonly string[]): string[] => sent.filter((line) => line.startsWith('AT+CIPRECVDATA'));

describe.each(['v2', 'v4'] as const)('UDP on %s', (dialect) => {
  const emulator = { dialect };

  it('keeps every boundary and sender of a burst, unless it is told otherwise', () => {
    const { world, log, sent } = bursting({}, { emulator });
    world.run(20_000);
    expect(log).toEqual(burst.map((size, index) => `${String(size)} ${String(sum(burst.slice(0, index)))} 192.168.4.${String(2 + (index % 3))}:7`));
    expect([pulls(sent), modes(sent)]).toEqual([[], [dialect === 'v2' ? 'AT+CIPRECVMODE=0' : 'AT+CIPRECVTYPE=4,0']]);
  });

  it('hands over a burst without a loss in passive receive, and says where boundaries may be gone', () => {
    const { world, log, sent } = bursting({ receive: 'passive' }, { emulator });
    world.run(20_000);
    const [first = 0, ...rest] = burst;
    // The first came to an empty buffer; the rest is announced behind the OK that gave it.
    expect(log).toEqual([`${String(first)} 0 192.168.4.2:7`, `${String(sum(rest))} ${String(first)} 192.168.4.2:7 joined`]);
    expect(pulls(sent)).toEqual([first, sum(rest)].map((length) => `AT+CIPRECVDATA=4,${String(length)}`));
  });

  // A waiting reader asks after 100 ms whether there is more.
  it.each([
    ['known where a reader waits', 200, false, ''],
    ['known where it is answered', 60, true, ''],
    ['unknown where they come soon', 60, false, ' joined'],
  ] as const)('passively, whether datagrams are single is %s', (_, gap, answered, mark) => {
    const { world, log } = open(
      (socket, _log, { network, scheduler }) => {
        const peer = network.bind(7);
        for (let turn = 0; turn < 4; turn += 1) scheduler.schedule(() => peer.send(text(`d${String(turn)}`), { address: '192.168.4.100', port: 5000 }), 50 + turn * gap);
        return all(socket).pipe(concatMap((datagram) => concat(answered ? socket.send(text('got it')) : EMPTY, of(shown(datagram)))));
      },
      { receive: 'passive' },
      { emulator },
    );
    world.run(5000);
    expect(log).toEqual(['d0 -', `d1 -${mark}`, `d2 -${mark}`, `d3 -${mark}`]);
  });

  it('takes half of what the module has no memory for, and says so', () => {
    const { world, log } = open(
      (socket, _log, { network, scheduler, module }) => {
        module.faults.add({ when: (event) => event.point === 'read' && event.length > 300, act: { do: 'error' } });
        const peer = network.bind(7);
        scheduler.schedule(() => peer.send(pattern(1000), { address: '192.168.4.100', port: 5000 }), 50);
        scheduler.schedule(() => peer.send(text('next'), { address: '192.168.4.100', port: 5000 }), 5000);
        return all(socket).pipe(map(shown));
      },
      { receive: 'passive' },
      { emulator },
    );
    world.run(20_000);
    expect(log).toEqual(['250 - truncated', 'next - lost 750']);
  });

  it('believes the count that it asked for when a pull is refused', () => {
    const { world, log, sent } = open(
      (socket, _log, { network, module }) => {
        module.faults.add({ when: (event) => event.point === 'output' && event.text.includes('+IPD,4,4'), times: 1, act: { do: 'replace', text: '\r\n+IPD,4,904\r\n' } });
        module.faults.add({ when: ({ point }) => point === 'read', times: 1, act: { do: 'error' } });
        network.bind(7).send(text('four'), { address: '192.168.4.100', port: 5000 });
        return all(socket).pipe(map(shown));
      },
      { receive: 'passive' },
      { emulator },
    );
    world.run(5000);
    expect(log).toEqual(['four - joined lost 900']);
    expect(pulls(sent)).toEqual(['AT+CIPRECVDATA=4,904', 'AT+CIPRECVDATA=4,4']);
  });

  it('loses nothing where the module is short of memory for a moment', () => {
    const { world, log } = open(
      (socket, _log, { network, scheduler, module }) => {
        module.faults.add({ when: ({ point }) => point === 'read', times: 5, act: { do: 'error' } });
        scheduler.schedule(() => network.bind(7).send(pattern(1000), { address: '192.168.4.100', port: 5000 }), 50);
        return all(socket).pipe(map(shown));
      },
      { receive: 'passive' },
      { emulator },
    );
    world.run(20_000);
    expect(log).toEqual(['1000 -']);
  });

  it('ends an active one that waits when it is closed, and asks for nothing meanwhile', () => {
    const { world, log, sent } = open(
      (socket, lines, { scheduler }) => {
        scheduler.schedule(() => socket.end().subscribe({ complete: () => lines.push('closed') }), 10_000);
        return concat(all(socket), of('end'));
      },
      {},
      { emulator },
    );
    world.run(20_000);
    expect([...log].sort()).toEqual(['closed', 'end']);
    expect(sent.filter((line) => line.startsWith('AT+CIPRECVLEN'))).toEqual([]);
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
      { receive: 'passive' },
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
      { receive: 'passive' },
      { emulator },
    );
    world.run(20_000);
    expect(log).toEqual(['unheard - joined', 'closed']);
    life.unsubscribe();
    world.run(10_000);
    expect(world.timers).toBe(0);
  });

  it('holds what comes actively in a bounded queue, and says what it lost', () => {
    const results = (['error', 'drop-newest'] as const).map((overflow) => {
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
      { receive: 'passive' },
      { emulator },
    );
    world.run(20_000);
    expect(log[0]).toMatch(/^four - lost 900$|^four -$/);
    expect(log.some((line) => line.includes('lost 900'))).toBe(true);
  });

  it('refuses a receive mode or a family that it cannot have', () => {
    const { world, log } = play(
      (module, lines) =>
        udp(module, { host: '192.168.4.2', port: 7, receive: 'passive' }).pipe(
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
