import { mergeMap, type Observable, tap } from 'rxjs';
import { AtError, type AtModule, type Socket, tcp, type TcpConfig } from '../../lib/index.js';
import { pullMap } from '../../operators/index.js';
import { echo, type HostHandler, type HostSocket, sink, source } from '../../transports/emulator/network/index.js';
import { virtualModule, type VirtualModule, type VirtualModuleConfig } from '../support/virtualModule.js';

const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));
const string = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

interface Run {
  readonly world: VirtualModule;
  readonly log: string[];
  readonly sent: string[];
  readonly life: { unsubscribe(): void };
}

/** Opens one socket to port 9000 of a host and lets `use` log what happens. */
const run = (handler: HostHandler, use: (socket: Socket, log: string[], world: VirtualModule, module: AtModule) => Observable<unknown> | void, tcpConfig: Partial<TcpConfig> = {}, config: VirtualModuleConfig = {}): Run => {
  const log: string[] = [];
  const sent: string[] = [];
  const world = virtualModule({
    ...config,
    network: { hosts: { '192.168.4.2': { tcp: { 9000: handler } } } },
    module: { ...config.module, trace: { next: ({ dir, text: line }) => dir === 'tx' && sent.push(line) } },
  });
  const life = world.joined
    .pipe(
      mergeMap((module) =>
        tcp(module, { host: '192.168.4.2', port: 9000, ...tcpConfig }).pipe(
          tap({ complete: () => log.push('complete') }),
          mergeMap((socket) => {
            log.push(`open ${String(socket.link)}`);
            return use(socket, log, world, module) ?? [];
          }),
        ),
      ),
    )
    .subscribe({ next: (value) => log.push(String(value)), error: (error: unknown) => log.push(error instanceof AtError ? `${error.kind}/${error.code} ${JSON.stringify(error.details)}` : String(error)) });
  return { world, log, sent, life };
};

const pulls = (sent: readonly string[]): string[] => sent.filter((line) => line.startsWith('AT+CIPRECVDATA'));

describe.each(['v2', 'v4'] as const)('a socket of %s', (dialect) => {
  const emulator = { dialect };

  it('sends no command without a reader, and the peer stops at the window', () => {
    let host: HostSocket | undefined;
    const pushing: HostHandler = (socket) => {
      host = socket;
      socket.send(new Uint8Array(60_000));
    };
    const { world, sent } = run(pushing, () => undefined, {}, { emulator });
    world.run(60_000);
    expect(pulls(sent)).toEqual([]);
    expect(host?.stats.acknowledged).toBeLessThanOrEqual(5760);
    expect(host?.stats.acknowledged).toBeGreaterThan(5000);
    expect(sent.filter((line) => line.startsWith('AT+CIPRECVLEN'))).toEqual([]);
  });

  it('gives one chunk a read, as long as asked for, and keeps the rest in the module', () => {
    const { world, log, sent } = run(source(text('abcdefghij'), { end: false }), (socket) => socket.read(4).pipe(mergeMap((first) => [string(first)])), {}, { emulator });
    world.run(10_000);
    expect(log).toEqual(['open 4', 'abcd']);
    expect(pulls(sent)).toEqual(['AT+CIPRECVDATA=4,4']);
  });

  it('keeps the chunk of a read that was left, for the next one, split to what that one takes', () => {
    const { world, log, sent } = run(source(text('abcdefghij'), { end: false }), (socket, lines, { scheduler }) => {
      const left = socket.read(6).subscribe((chunk) => lines.push(`left ${string(chunk)}`));
      // Left as soon as the pull is on the wire: its answer has not come.
      const leave = (): void => {
        if (pulls(sent).length > 0) left.unsubscribe();
        else scheduler.schedule(leave, 0.1);
      };
      leave();
      scheduler.schedule(() => socket.read(4).subscribe((chunk) => {
        lines.push(string(chunk));
        socket.read(4).subscribe((next) => lines.push(string(next)));
      }), 200);
    }, {}, { emulator });
    world.run(10_000);
    expect(log.join('|')).toBe('open 4|abcd|ef');
  });

  it('refuses a second read while one is outstanding', () => {
    const { world, log } = run(() => undefined, (socket, lines) => {
      socket.read().subscribe();
      socket.read().subscribe({ error: (error: AtError) => lines.push(`${error.kind}/${error.code}`) });
    }, {}, { emulator });
    world.run(1000);
    expect(log).toEqual(['open 4', 'usage/overlap']);
  });

  it('ends only when closed and drained, with data that came together with the FIN', () => {
    const { world, log } = run(source(text('last words')), (socket, lines) => pullMap((chunk) => [lines.push(string(chunk))])(socket).pipe(mergeMap(() => [])), {}, { emulator });
    world.run(60_000);
    expect(log).toEqual(['open 4', 'last words', 'complete']);
    expect(world.timers).toBe(0);
  });

  it('reads after an early CLOSED whatever the module still holds', () => {
    const { world, log } = run(source(text('early'), { end: true }), (socket, lines, { scheduler }) => {
      scheduler.schedule(() => pullMap((chunk) => [lines.push(string(chunk))])(socket).subscribe(), 500);
    }, {}, { emulator });
    world.module.faults.add({ when: ({ point }) => point === 'announce', times: 1, act: { do: 'close' } });
    world.run(60_000);
    expect(log).toEqual(['open 4', 'early', 'complete']);
  });

  it('finds data whose announcement was lost', () => {
    const { world, log } = run(source(text('unannounced'), { end: false }), (socket) => socket.read().pipe(mergeMap((chunk) => [string(chunk)])), {}, { emulator });
    world.module.faults.add({ when: ({ point }) => point === 'announce', act: { do: 'drop' } });
    world.run(60_000);
    expect(log).toEqual(['open 4', 'unannounced']);
  });

  it('hears soon what a server says with its goodbye, which is announced by nothing', () => {
    const parting: HostHandler = (socket) => {
      const answer = (): void => {
        socket.send(text('the answer'));
        socket.end();
      };
      socket.incoming.subscribe({ next: answer, error: () => undefined });
    };
    const times: number[] = [];
    const { world, log } = run(parting, (socket, lines, { scheduler }) => {
      const noted = (line: string): void => void times.push(scheduler.frame, lines.push(line));
      // A reader that has waited for long.
      pullMap((chunk) => [noted(string(chunk))])(socket).subscribe();
      scheduler.schedule(() => socket.send(text('the question')).subscribe(() => noted('asked')), 30_000);
    }, {}, { emulator });
    world.module.faults.add({ when: ({ point }) => point === 'announce', act: { do: 'drop' } });
    world.run(60_000);
    expect(log).toEqual(['open 4', 'asked', 'the answer', 'complete']);
    const [asked = 0, , answered = Infinity] = times;
    expect(answered - asked).toBeLessThan(400);
  });

  it('asks a silent link less and less often', () => {
    const { world, sent } = run(sink({}), (socket) => socket.read(), {}, { emulator });
    world.run(60_000);
    const asked = sent.filter((line) => line.startsWith('AT+CIPRECVLEN')).length;
    expect([asked > 20, asked < 36]).toEqual([true, true]);
  });

  it('ends although CLOSED was lost: the link itself is asked for', () => {
    const { world, log } = run(source(text('last words')), (socket, lines) => pullMap((chunk) => [lines.push(string(chunk))])(socket).pipe(mergeMap(() => [])), {}, { emulator });
    world.module.faults.add({ when: (event) => event.point === 'output' && event.text === '4,CLOSED\r\n', act: { do: 'drop' } });
    world.run(60_000);
    expect(log).toEqual(['open 4', 'last words', 'complete']);
    expect(world.timers).toBe(0);
  });

  it('opens a second link beside a first one, whose receive mode may not be set again', () => {
    const world = virtualModule({ emulator, network: { hosts: { '192.168.4.2': { tcp: { 7: echo() } } } } });
    const log: string[] = [];
    world.joined.subscribe((module) => {
      const open = (then: () => void): void =>
        void tcp(module, { host: '192.168.4.2', port: 7 }).subscribe({
          next: (socket) => {
            log.push(String(socket.link));
            then();
          },
          error: (error: AtError) => log.push(`${error.kind}/${error.code}`),
        });
      open(() => open(() => tcp(module, { host: '192.168.4.2', port: 7, receive: 'active' }).subscribe({ next: ({ link }) => log.push(`active ${String(link)}`), error: (error: AtError) => log.push(`${error.kind}/${error.code}`) })));
    });
    world.run(30_000);
    // One switch serves every link of 2.x.
    expect(log).toEqual(['4', '3', dialect === 'v2' ? 'link/receive-mode' : 'active 2']);
  });

  it('fails rather than pass on data that comes by itself in passive receive', () => {
    const { world, log } = run(() => undefined, (socket, lines, { module, scheduler }) => {
      module.faults.add({ when: (event) => event.point === 'output' && event.text.startsWith('+CIPRECVLEN'), times: 1, act: { do: 'insert', text: '\r\n+IPD,4,3:abc\r\n' } });
      scheduler.schedule(() => socket.read().subscribe({ next: (chunk) => lines.push(string(chunk)), error: (error: AtError) => lines.push(`read ${error.kind}/${error.code}`) }), 100);
    }, {}, { emulator });
    world.run(10_000);
    expect(log.map((line) => line.replace(/ \{.*/, ''))).toEqual(['open 4', 'read framing/active', 'framing/active']);
  });

  it('halves the pull when the module has no heap for it', () => {
    const { world, log, sent } = run(source(new Uint8Array(4000).fill(120), { end: false }), (socket) => socket.read().pipe(mergeMap((chunk) => [chunk.length])), {}, { emulator });
    world.module.faults.add({ when: (event) => event.point === 'read' && event.length > 1500, act: { do: 'error' } });
    world.run(60_000);
    expect(log[1]).toBe(String((dialect === 'v2' ? 5744 : 5760) / 4));
    expect(pulls(sent).length).toBeGreaterThan(1);
  });

  it('sends in slices of the dialect and says what was accepted', () => {
    const parts: Uint8Array[] = [];
    const data = Uint8Array.from({ length: 20_000 }, (_, index) => index & 255);
    const { world, log, sent } = run(sink({ each: (bytes) => parts.push(bytes.slice()) }), (socket) => socket.send(data).pipe(mergeMap(({ sent: count }) => [count])), {}, { emulator });
    world.run(60_000);
    expect(Buffer.concat(parts).equals(Buffer.from(data))).toBe(true);
    const limit = dialect === 'v2' ? 2048 : 8192;
    expect(log.slice(1).map(Number)).toEqual(Array.from({ length: Math.ceil(data.length / limit) }, (_, index) => Math.min(data.length, (index + 1) * limit)));
    expect(sent.filter((line) => line.startsWith('AT+CIPSEND')).length).toBe(log.length - 1);
  });

  it('keeps the order of sends, and stops one at a slice boundary when it is left', () => {
    const parts: Uint8Array[] = [];
    const { world } = run(sink({ each: (bytes) => parts.push(bytes.slice()) }), (socket, lines, { scheduler }) => {
      const first = socket.send(new Uint8Array(30_000).fill(97)).subscribe();
      socket.send(text('second')).subscribe({ complete: () => lines.push('second sent') });
      socket.send(text('third')).subscribe({ complete: () => lines.push('third sent') });
      scheduler.schedule(() => first.unsubscribe(), 12);
    }, {}, { emulator });
    world.run(60_000);
    const all = string(Buffer.concat(parts));
    const head = all.length - 'secondthird'.length;
    expect(all.slice(head)).toBe('secondthird');
    expect(/^a*$/.test(all.slice(0, head))).toBe(true);
    expect(head % (dialect === 'v2' ? 2048 : 8192)).toBe(0);
    expect(head).toBeLessThan(30_000);
  });

  it('fails a send on a closed connection with what was accepted', () => {
    const { world, log } = run(source(text('bye')), (socket, lines, { scheduler }) => {
      pullMap((chunk) => [chunk])(socket).subscribe();
      scheduler.schedule(() => socket.send(text('late')).subscribe({ error: (error: AtError) => lines.push(`${error.kind}/${error.code} ${String(error.details['accepted'])}`) }), 5000);
    }, {}, { emulator });
    world.run(60_000);
    expect(log).toEqual(['open 4', 'complete', 'link/closed 0']);
  });

  it('fails readers when the module restarts', () => {
    const { world, log } = run(() => undefined, (socket, lines, { module, scheduler }) => {
      socket.read().subscribe({ error: (error: AtError) => lines.push(`read ${error.kind}/${error.code}`) });
      scheduler.schedule(() => module.reset(), 100);
    }, {}, { emulator });
    world.run(60_000);
    expect(log[1]).toBe('read module/reset');
    expect(log[2]).toContain('module/reset');
  });

  it('closes the link when it is left, also in the middle of connecting', () => {
    const { world, sent, life } = run(echo(), () => undefined, {}, { emulator });
    world.run(2000);
    life.unsubscribe();
    world.run(5000);
    expect(sent.filter((line) => line === 'AT+CIPCLOSE=4')).toHaveLength(1);
    expect(world.timers).toBe(0);
  });

  it('says who cannot be reached', () => {
    const world = virtualModule({ emulator, network: { hosts: { '192.168.4.2': {} } } });
    const errors: string[] = [];
    const fail = { error: (error: AtError) => errors.push(`${error.kind}/${error.code}`) };
    world.joined.subscribe((module) => {
      tcp(module, { host: '192.168.4.2', port: 1 }).subscribe(fail);
      tcp(module, { host: 'nobody.invalid', port: 1 }).subscribe(fail);
      tcp(module, { host: 'a\r\nAT+RST', port: 1 }).subscribe(fail);
      tcp(module, { host: 'x'.repeat(65), port: 1 }).subscribe(fail);
      tcp(module, { host: '192.168.4.2', port: 70_000 }).subscribe(fail);
    });
    world.run(120_000);
    expect(errors.sort()).toEqual(['link/refused', 'link/refused', 'usage/parameter', 'usage/parameter', 'usage/parameter']);
  });

  it('uses five links and refuses a sixth', () => {
    const world = virtualModule({ emulator, network: { hosts: { '192.168.4.2': { tcp: { 7: echo() } } } } });
    const log: string[] = [];
    world.joined.subscribe((module) => {
      for (let index = 0; index < 6; index += 1) {
        tcp(module, { host: '192.168.4.2', port: 7 }).subscribe({ next: ({ link }) => log.push(String(link)), error: (error: AtError) => log.push(error.code) });
      }
    });
    world.run(30_000);
    expect(log.sort()).toEqual(['0', '1', '2', '3', '4', 'none-free']);
  });
});

describe('active receive behind the same interface', () => {
  it('hands over what came, in order, and ends after it', () => {
    const data = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7) & 255);
    const parts: Uint8Array[] = [];
    const { world, log, sent } = run(source(data), (socket) => pullMap((chunk) => [parts.push(chunk.slice())])(socket).pipe(mergeMap(() => [])), { receive: 'active' });
    world.run(60_000);
    expect(Buffer.concat(parts).equals(Buffer.from(data))).toBe(true);
    expect(log).toEqual(['open 4', 'complete']);
    expect(pulls(sent)).toEqual([]);
  });

  it('fails with the count it lost when nobody reads', () => {
    const { world, log } = run(source(new Uint8Array(20_000), { end: false }), () => undefined, { receive: 'active', queueLimit: 8000 });
    world.run(60_000);
    expect(log[1]).toMatch(/^link\/overflow .*"limit":8000/);
  });
});

describe('one connection at a time (AT+CIPMUX=0)', () => {
  it('reads, sends and closes without link ids', () => {
    const { world, log, sent, life } = run(echo(), (socket) => socket.send(text('ping')).pipe(mergeMap(() => socket.read()), mergeMap((chunk) => [string(chunk)])), {}, { module: { multiple: false } });
    world.run(10_000);
    life.unsubscribe();
    world.run(5000);
    expect(log).toEqual(['open 0', 'ping']);
    expect(sent).toContain('AT+CIPSEND=4');
    expect(sent).toContain('AT+CIPCLOSE');
  });
});
