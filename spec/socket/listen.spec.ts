import { EMPTY, mergeMap, type Observable, tap } from 'rxjs';
import { type AtError, type AtModule, listen, type ListenConfig, type Socket, tcp } from '../../lib/index.js';
import { pullMap } from '../../operators/index.js';
import type { HostSocket } from '../../transports/emulator/network/index.js';
import type { VirtualModule } from '../support/virtualModule.js';
import { named, pattern, play, type Play, string, text } from './world.js';

const serve = (use: (socket: Socket, log: string[], world: VirtualModule, module: AtModule) => Observable<unknown>, before: (world: VirtualModule, log: string[], module: AtModule) => void, config: ListenConfig = {}, setup: Parameters<typeof play>[1] = {}): Play =>
  play((module, log, world) => {
    world.scheduler.schedule(() => before(world, log, module), 500);
    return listen(module, config).pipe(mergeMap((socket) => use(socket, log, world, module)));
  }, setup);

const echoing = (socket: Socket): Observable<never> => pullMap((chunk: Uint8Array) => socket.send(chunk))(socket).pipe(mergeMap(() => EMPTY));

/** A client that says something, collects what comes back, and ends after so many bytes. */
const client = (world: VirtualModule, port: number, data: Uint8Array, expected: number, done: (bytes: Buffer) => void): void => {
  const parts: Buffer[] = [];
  world.network.connectTo(port).subscribe((socket) => {
    let rest = socket.send(data);
    socket.writable.subscribe(() => {
      if (rest < data.length) rest += socket.send(data.subarray(rest));
    });
    socket.incoming.subscribe((bytes) => {
      parts.push(Buffer.from(bytes));
      const all = Buffer.concat(parts);
      if (all.length < expected) return;
      socket.end();
      done(all);
    });
  });
};

describe.each(['v2', 'v4'] as const)('the server of %s', (dialect) => {
  const emulator = { dialect };

  it('emits a socket per client, which reads, sends and ends like any other', () => {
    const { world, log, sent } = serve(
      (socket, lines) => {
        lines.push(`client ${String(socket.link)} ${socket.remote.address} ${String(socket.localPort)}`);
        return echoing(socket).pipe(tap({ complete: () => lines.push(`end ${String(socket.link)}`) }));
      },
      (here, lines) => {
        for (let index = 0; index < 3; index += 1) client(here, 8080, pattern(4000, index), 4000, (bytes) => lines.push(String(bytes.equals(Buffer.from(pattern(4000, index))))));
      },
      { port: 8080, maxConnections: 4, idleTimeout: 60 },
      { emulator },
    );
    world.run(30_000);
    expect([...log].sort()).toEqual(['client 0 192.168.4.2 8080', 'client 1 192.168.4.2 8080', 'client 2 192.168.4.2 8080', 'end 0', 'end 1', 'end 2', 'true', 'true', 'true']);
    const order = ['AT+CIPSERVERMAXCONN=4', 'AT+CIPSTO=60', 'AT+CIPSERVER=1,8080'].map((line) => sent.indexOf(line));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(sent).toContain(dialect === 'v2' ? 'AT+CIPRECVMODE=1' : 'AT+CIPRECVTYPE=5,1');
  });

  it('finds what came with the connection without an announcement', () => {
    const { world, log } = serve(
      (socket) => socket.read().pipe(mergeMap((chunk) => [`${string(chunk)} ${String(world.scheduler.now() - connected < 300)}`])),
      (here) => {
        here.module.faults.add({ when: ({ point }) => point === 'announce', act: { do: 'drop' } });
        connected = here.scheduler.now();
        here.network.connectTo(333).subscribe((socket) => socket.send(text('hello')));
      },
      {},
      { emulator },
    );
    let connected = 0;
    world.run(30_000);
    expect(log).toEqual(['hello true']);
  });

  it('closes the server and its clients when it is left, and can be opened again at once', () => {
    const hosts: string[] = [];
    const sockets: Socket[] = [];
    const { world, log, sent } = play((module, lines, here) => {
      const subscribe = (name: string): { unsubscribe(): void } =>
        listen(module, { port: 80 }).subscribe({
          next: (socket) => {
            lines.push(`${name} ${String(socket.link)}`);
            sockets.push(socket);
            socket.read().subscribe({ error: (error: unknown) => lines.push(`read ${named(error)}`) });
          },
          error: (error: unknown) => lines.push(`${name} ${named(error)}`),
        });
      const connect = (): void =>
        void here.network.connectTo(80).subscribe({
          next: (socket: HostSocket) => socket.incoming.subscribe({ complete: () => hosts.push('fin'), error: () => hosts.push('rst') }),
          error: () => hosts.push('refused'),
        });
      const first = subscribe('first');
      subscribe('second');
      [500, 600].forEach((at) => here.scheduler.schedule(connect, at));
      here.scheduler.schedule(() => {
        first.unsubscribe();
        subscribe('third');
      }, 1000);
      here.scheduler.schedule(connect, 2000);
      return EMPTY;
    }, { emulator });
    world.run(30_000);
    expect(log.sort()).toEqual(['first 0', 'first 1', 'read link/closed', 'read link/closed', 'second usage/second-server', 'third 0']);
    expect(hosts).toHaveLength(2);
    const closing = sent.slice(sent.findIndex((line) => line.startsWith('AT+CIPSERVER=0')));
    expect(closing.filter((line) => /CIPSERVER=0|CIPCLOSE/.test(line))).toEqual(dialect === 'v2' ? ['AT+CIPSERVER=0', 'AT+CIPCLOSE=0', 'AT+CIPCLOSE=1'] : ['AT+CIPSERVER=0,1']);
    sockets.slice(0, 2).forEach((socket) => socket.state.subscribe((state) => expect(state).toBe('closed')));
  });

  it('never lets a command of an old connection touch its successor', () => {
    const got: string[] = [];
    const { world, log } = serve(
      (socket, lines, { scheduler }) => {
        const name = `client ${String(socket.remote.port)}`;
        lines.push(`${name} on ${String(socket.link)}`);
        if (lines.filter((line) => line.startsWith('client')).length > 1) return socket.read().pipe(mergeMap((chunk) => [`second reads ${string(chunk)}`]));
        // Both are asked for while the link is about to change hands.
        scheduler.schedule(() => {
          socket.send(pattern(6000)).subscribe({ error: (error: AtError) => lines.push(`send ${named(error)}`) });
          socket.read().subscribe({ next: (chunk) => lines.push(`first reads ${string(chunk)}`), error: (error: AtError) => lines.push(`read ${named(error)}`) });
        }, 100);
        return EMPTY;
      },
      (here) => {
        here.network.connectTo(333, { from: { address: '192.168.4.2', port: 1001 } }).subscribe((first) => {
          here.scheduler.schedule(() => {
            first.destroy();
            here.network.connectTo(333, { from: { address: '192.168.4.2', port: 1002 } }).subscribe((second) => {
              second.send(text('for the second'));
              second.incoming.subscribe((bytes) => got.push(string(bytes)));
            });
          }, 101);
        });
      },
      {},
      { emulator },
    );
    world.run(30_000);
    expect(log.filter((line) => line.startsWith('client'))).toEqual(['client 1001 on 0', 'client 1002 on 0']);
    expect(log).toContain('second reads for the second');
    expect(log.some((line) => line.startsWith('first reads for'))).toBe(false);
    expect(log.some((line) => /^send (link|send)\//.test(line))).toBe(true);
    // What the module took before the change may have gone either way; a slice of its own the successor never gets.
    expect(got.join('').length).toBeLessThanOrEqual(0);
  });

  it('hands over what a pull of the old connection brought from the new one', () => {
    const { world, log } = serve(
      (socket, lines) => {
        lines.push(`on ${String(socket.link)}`);
        if (lines.length > 1) return pullMap((chunk: Uint8Array) => [lines.push(`second ${string(chunk)}`)])(socket).pipe(mergeMap(() => EMPTY));
        socket.read().subscribe({ next: () => lines.push('first read'), error: (error: unknown) => lines.push(`first ${named(error)}`) });
        return EMPTY;
      },
      (here) => {
        // CLOSED makes the reader pull; before the pull is answered the link has a new client with data.
        here.module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith('AT+CIPRECVDATA'), times: 1, act: { do: 'late', ms: 0 } });
        here.network.connectTo(333).subscribe((first) => {
          here.scheduler.schedule(() => {
            first.end();
            here.network.connectTo(333).subscribe((second) => second.send(text('new')));
          }, 100);
        });
      },
      {},
      { emulator: { ...emulator, timing: { command: 20 } } },
    );
    world.run(30_000);
    expect(log[0]).toBe('on 0');
    expect(log).toContain('on 0');
    expect(log[log.length - 1]).toBe('second new');
    expect(log.some((line) => line === 'first read')).toBe(false);
  });

  it('fails when the module restarts, and needs multiple connections', () => {
    const { world, log } = serve(() => EMPTY, (here) => here.module.reset(), {}, { emulator });
    world.run(30_000);
    expect(log).toEqual(['module/reset']);
    const single = serve(() => EMPTY, () => undefined, {}, { emulator, module: { multiple: false } });
    single.world.run(5000);
    expect(single.log).toEqual(['usage/single']);
    expect(single.sent.filter((line) => line.startsWith('AT+CIPSERVER='))).toEqual([]);
  });

  it('opens a TLS server as the dialect spells it', () => {
    const { world, sent } = serve(() => EMPTY, () => undefined, { port: 443, tls: { verifyClient: true } }, { emulator });
    world.run(5000);
    expect(sent).toContain('AT+CIPSERVER=1,443,"SSL",1');
  });

  it('leaves a link alone that is in use, and names clients where the module does not', () => {
    const { world, log, sent } = play(
      (module, lines, here) =>
        tcp(module, { host: '192.168.4.2', port: 7 }).pipe(
          mergeMap(() => {
            here.scheduler.schedule(() => client(here, 333, text('x'), 1, () => undefined), 500);
            return listen(module).pipe(mergeMap((socket) => [`${socket.remote.address} on ${String(socket.link)}`]), tap({ next: () => lines.push('accepted') }));
          }),
        ),
      { emulator, module: { systemMessages: 0 }, network: { hosts: { '192.168.4.2': { tcp: { 7: () => undefined } } } } },
    );
    world.run(10_000);
    expect(log).toEqual(['accepted', '192.168.4.2 on 0']);
    if (dialect === 'v4') expect(sent.filter((line) => line.startsWith('AT+CIPRECVTYPE'))).toEqual(['AT+CIPRECVTYPE=4,1', ...[0, 1, 2, 3].map((link) => `AT+CIPRECVTYPE=${String(link)},1`)]);
  });
});
