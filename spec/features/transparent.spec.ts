import { filter, map, mergeMap, take, tap } from 'rxjs';
import { commands, type Duplex, listen, openModule, restart, station, tcp, transparent, type TransparentConfig, transparentOnBoot } from '../../lib/index.js';
import { fromBytes, pullMap } from '../../operators/index.js';
import { echo, type HostSocket, sink, source } from '../../transports/emulator/network/index.js';
import type { Transport } from '../../lib/transport.js';
import { joinedModule, observed } from '../support/joinedModule.js';
import { virtualModule } from '../support/virtualModule.js';
import { bytesOf, firmwares, host, keeping, kinds, nothingLeft, passage, server, textOf, usable } from './transparentHarness.js';

describe.each(kinds)('passthrough of $firmware at $baud bit/s', ({ emulator }) => {
  it.each(['+++', '+', '++', '++++', '++++++', 'a+++', '+++a', 'a+++b'])('keeps %s of the user from being the escape, whatever comes before', (word) => {
    const world = passage(sink(), emulator);
    let expected = '';
    for (const before of ['', '+', '++', '+++', 'x', '+x']) {
      for (const pause of [0, 1, 19, 21, 39, 41, 100]) {
        for (const piece of [before, word]) {
          if (piece === '') continue;
          const sent = observed(world.duplex.send(bytesOf(piece)));
          expected += piece;
          world.run(pause);
          void sent;
        }
        world.run(500);
      }
    }
    world.run(2000);
    expect(world.atPeer()).toBe(expected);
    expect(world.violations).toEqual([]);
  });

  it('goes on when the peer closes: the module connects again by itself', () => {
    let peers = 0;
    const world = passage((socket) => {
      peers += 1;
      if (peers === 1) socket.scheduler.schedule(() => socket.end(), 1500);
      return echo()(socket);
    }, emulator);
    const got: string[] = [];
    observed(pullMap((chunk: Uint8Array) => (got.push(textOf(chunk)), []))(world.duplex));
    observed(world.duplex.send(bytesOf('one')));
    world.run(4000);
    observed(world.duplex.send(bytesOf('two')));
    world.run(1000);
    expect([got.join(''), peers, world.seen.completed, world.seen.error]).toEqual(['onetwo', 2, false, undefined]);
    world.seen.leave();
    usable(world);
    nothingLeft(world);
  });

  it.each([0, 3, 7, 10, 11, 12, 13, 14, 15, 16, 20, 40, 300, 1000, 1020, 1041, 1100, 2100, 2150])('can be left %i ms after it was asked for', (after) => {
    const world = joinedModule({ emulator, network: { hosts: { [host]: { tcp: { 9000: echo(), 9001: echo() } } } } });
    const violations: unknown[] = [];
    world.module.violations.subscribe((violation) => violations.push(violation));
    const seen = observed(transparent(world.at, server));
    if (after > 1000) {
      world.run(1000);
      observed((seen.values[0] as Duplex).end());
      world.run(after - 1000);
    } else if (after > 0) world.run(after);
    seen.leave();
    usable(world);
    expect(world.sent.filter((line) => line === 'AT+CIPMUX=0').length).toBe(world.sent.filter((line) => line === 'AT+CIPMUX=1').length);
    expect(violations).toEqual([]);
    nothingLeft(world);
  });

  it('hands over what comes between +++ and the end, +QUITT apart', () => {
    for (const systemMessages of [1, 2, 3]) {
      const world = passage((socket) => source(function* () { for (let n = 0; ; n += 1) yield bytesOf(`${String(n)} `); }, { interval: 50 })(socket), emulator, {}, { module: { systemMessages } });
      world.run(1000);
      const got: string[] = [];
      const reading = observed(pullMap((chunk: Uint8Array) => (got.push(textOf(chunk)), []))(world.duplex));
      const ended = observed(world.duplex.end());
      world.run(3000);
      expect([ended.completed, ended.error, world.seen.completed, reading.completed, reading.error]).toEqual([true, undefined, true, true, undefined]);
      const words = got.join('').trim().split(' ');
      expect(words).toEqual(Array.from({ length: words.length }, (_, index) => String(index)));
      // Those of the second that `+++` takes are among them.
      expect(words.length).toBeGreaterThan(55);
      usable(world);
    }
  });
});

describe('passthrough', () => {
  it('is not begun while a link is open or a server runs', () => {
    const world = joinedModule({ network: { hosts: { [host]: { tcp: { 9000: echo(), 9001: echo() } } } } });
    const other = observed(tcp(world.at, { host, port: 9001 }));
    world.run(1000);
    const refused = observed(transparent(world.at, server));
    world.run(1000);
    expect(refused.error).toMatchObject({ kind: 'link', code: 'taken', retry: 'safe', details: { links: [4] } });
    other.leave();
    const again = observed(transparent(world.at, server));
    world.run(2000);
    expect(again.values).toHaveLength(1);
    again.leave();
    world.run(5000);
    const listening = observed(listen(world.at, { port: 333 }));
    world.run(1000);
    const beside = observed(transparent(world.at, server));
    world.run(2000);
    expect(beside.error).toMatchObject({ kind: 'link', code: 'taken' });
    listening.leave();
    world.run(2000);
    usable(world);
    nothingLeft(world);
  });

  it('says that the peer refused, and goes back', () => {
    const world = joinedModule({ network: { hosts: { [host]: { tcp: { 9001: echo() } } } } });
    const seen = observed(transparent(world.at, server));
    world.run(5000);
    expect(seen.error).toMatchObject({ kind: 'link', code: 'refused', retry: 'safe', details: { host, port: 9000 } });
    expect(world.sent).toEqual(['AT', 'AT+CIPRECVTYPE=0,0', 'AT+CIPMUX=0', 'AT+CIPSTART="TCP","192.168.4.2",9000', 'AT+CIPMUX=1']);
    usable(world);
  });

  it('needs no change of a module with single connections', () => {
    const world = passage(echo(), {}, {}, { module: { multiple: false } });
    world.seen.leave();
    world.run(5000);
    expect(world.sent.filter((line) => line.includes('CIPMUX'))).toEqual([]);
    usable(world);
  });

  it('lets commands of others wait until it has ended', () => {
    const world = passage(echo());
    const others = observed(world.at.exec(commands.basic.version));
    world.run(60_000);
    expect([others.values, others.error]).toEqual([[], undefined]);
    world.seen.leave();
    world.run(3000);
    expect(others.completed).toBe(true);
  });

  it('holds the port while nobody reads, so that the peer stops', () => {
    const pouring = new Uint8Array(500_000).map((_, index) => index * 7);
    let host: HostSocket | undefined;
    const world = passage((socket) => {
      host = socket;
      return source(pouring, { end: false })(socket);
    }, { baud: 921_600 }, { queueLimit: 4096 });
    world.run(60_000);
    expect(host?.stats.acknowledged).toBeLessThan(40_000);
    const got: Uint8Array[] = [];
    observed(pullMap((chunk: Uint8Array) => (got.push(chunk.slice()), []), { chunk: 1000 })(world.duplex));
    world.run(60_000);
    expect(Buffer.concat(got).equals(pouring)).toBe(true);
    world.seen.leave();
    usable(world);
  });

  it('fails with an overflow on a port that cannot be held, and is left', () => {
    const world = virtualModule({ network: { hosts: { [host]: { tcp: { 9000: source(new Uint8Array(30_000), { end: false }), 9001: echo() } } } } });
    const bare: Transport = {
      open: () =>
        world.module.open().pipe(
          map((connection) => {
            const { hold, ...rest } = connection;
            void hold;
            return rest;
          }),
        ),
    };
    const errors: unknown[] = [];
    let duplex: Duplex | undefined;
    openModule(bare, { scheduler: world.scheduler })
      .pipe(
        mergeMap((opened) => station(opened, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => transparent(opened, { ...server, queueLimit: 8192 })))),
      )
      .subscribe({ next: (opened) => (duplex = opened), error: (error: unknown) => errors.push(error) });
    world.run(10_000);
    expect(errors).toEqual([expect.objectContaining({ kind: 'link', code: 'overflow' })]);
    // What had come until then can be read, then the error.
    let got = 0;
    pullMap((chunk: Uint8Array) => ((got += chunk.length), []))(duplex as Duplex).subscribe({ error: (error: unknown) => errors.push(error) });
    world.run(100);
    expect([got > 6000, got <= 8192, errors[1]]).toEqual([true, true, errors[0]]);
  });

  it('finds a restart when it is left, and the module is set up again', () => {
    const world = passage(echo());
    observed(world.duplex.send(bytesOf('before')));
    world.run(100);
    world.module.reset();
    world.run(2000);
    expect(world.seen.error).toBeUndefined();
    const ended = observed(world.duplex.end());
    world.run(20_000);
    expect(world.seen.error).toMatchObject({ kind: 'module', code: 'reset' });
    expect(ended.completed).toBe(true);
    const answered = observed(world.at.exec(commands.tcpip.multipleConnectionsQuery));
    world.run(2000);
    expect(answered.values).toEqual([{ enable: true }]);
    nothingLeft(world);
  });

  it('ends when the module is closed, within its two seconds', () => {
    const world = passage(echo());
    const closed = observed(world.at.close());
    world.run(2000);
    expect(closed.completed).toBe(true);
    expect(world.sent.slice(-6)).toEqual(['+++', 'AT+CIPMODE?', 'AT+CIPMODE=0', 'AT+CIPMODE?', 'AT+CIPCLOSE', 'AT+CIPMUX=1']);
    expect(world.violations).toEqual([]);
  });

  it.each(['v2', 'v4'] as const)('over UDP and TLS, as far as %s has it', (dialect) => {
    const datagrams: string[] = [];
    const world = joinedModule({
      emulator: { dialect },
      network: { hosts: { [host]: { tls: { 443: echo() }, udp: { 7: (socket) => socket.incoming.pipe(tap(({ bytes, remote }) => { datagrams.push(textOf(bytes)); socket.send(bytes, remote); })) } } } },
    });
    const word = (config: TransparentConfig): { got: string; error: unknown } => {
      const result = { got: '', error: undefined as unknown };
      const life = transparent(world.at, config)
        .pipe(mergeMap((duplex) => duplex.send(bytesOf('word')).pipe(mergeMap(() => duplex.read()))))
        .subscribe({ next: (bytes) => (result.got += textOf(bytes)), error: (error: unknown) => (result.error = error) });
      world.run(20_000);
      life.unsubscribe();
      world.run(5000);
      return result;
    };
    expect(word({ host, port: 7, type: 'UDP', localPort: 5000 })).toEqual({ got: 'word', error: undefined });
    expect(datagrams).toEqual(['word']);
    const secure = word({ host, port: 443, type: 'SSL' });
    if (dialect === 'v4') expect(secure).toEqual({ got: 'word', error: undefined });
    else expect(secure.error).toMatchObject({ kind: 'unsupported', code: 'parameter' });
  });

  it('ends in an error where the last bytes may be the answer of the module', () => {
    const world = passage((socket) => source(function* () { for (;;) yield bytesOf('\r\nOK\r\n+CIPMODE:1\r\n\r\nOK\r\n'); }, { interval: 30 })(socket));
    const ended = observed(world.duplex.end());
    world.run(20_000);
    expect(ended.completed).toBe(true);
    expect(world.seen.error).toMatchObject({ kind: 'link', code: 'mixed' });
    world.run(10_000);
    nothingLeft(world);
  });
});

describe.each(firmwares)('a start of %s into passthrough', (firmware) => {
  it('is left by +++ when the module is opened, or restarts', () => {
    const got: Uint8Array[] = [];
    const world = joinedModule({ emulator: { firmware }, network: { hosts: { [host]: { tcp: { 9000: keeping(echo(), got), 9001: echo() } } } } });
    const saved = observed(transparentOnBoot(world.at, server));
    world.run(1000);
    expect([saved.completed, world.sent]).toEqual([true, ['AT+SAVETRANSLINK=1,"192.168.4.2",9000,"TCP"']]);
    observed(restart(world.at));
    world.run(10_000);
    // It says so itself: the peer is not asked anything.
    expect(Buffer.concat(got).toString()).toBe('');
    usable(world);
    world.module.reset();
    world.run(10_000);
    usable(world);
    world.end();
    world.run(5000);
    world.module.reset();
    world.run(5000);
    // Nobody heard the prompt: it is found out by silence.
    const failures: unknown[] = [];
    let version = '';
    const life = openModule(world.module, { scheduler: world.scheduler }).subscribe({ next: (module) => (version = module.firmware.version, transparentOnBoot(module, false).subscribe({ error: (error: unknown) => failures.push(error) })), error: (error: unknown) => failures.push(error) });
    world.run(30_000);
    expect([version.startsWith(firmware.slice(0, 3)), failures]).toEqual([true, []]);
    got.length = 0;
    world.module.reset();
    world.run(5000);
    expect(Buffer.concat(got).toString()).toBe('');
    life.unsubscribe();
    world.run(5000);
  });
});

test('fromBytes is a source too', () => {
  const world = passage(sink());
  observed(world.duplex.send(fromBytes(bytesOf('from a source'))));
  world.run(1000);
  expect(world.atPeer()).toBe('from a source');
});
