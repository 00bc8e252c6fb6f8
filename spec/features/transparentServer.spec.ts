import { defer, EMPTY, endWith, repeat } from 'rxjs';
import { commands, type Duplex, tcp, transparentServer, type TransparentServerConfig } from '../../lib/index.js';
import { echo, type HostSocket } from '../../transports/emulator/network/index.js';
import { joinedModule, type JoinedModule, observed, type Observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { named } from '../socket/world.js';
import { bytesOf, host, hostile, nothingLeft, textOf } from './transparentHarness.js';

interface Client {
  readonly got: () => string;
  readonly ended: () => boolean;
  say(text: string): void;
  leave(): void;
}

interface Served extends JoinedModule {
  readonly violations: string[];
  readonly seen: Observed<Duplex>;
  client(greeting?: string, hasty?: boolean): Client;
}

const served = (config: TransparentServerConfig = {}, firmware: '4.1.0' | '2.1.0' = '4.1.0', multiple = true): Served => {
  const world = joinedModule({ emulator: { firmware }, module: { multiple }, network: { hosts: { [host]: { tcp: { 9001: echo() } } } } });
  const violations: string[] = [];
  world.module.violations.subscribe(({ kind, text }) => violations.push(`${kind} ${text}`));
  const seen = observed(transparentServer(world.at, config));
  world.run(1000);
  const client = (greeting = '', hasty = false): Client => {
    let socket: HostSocket | undefined;
    let got = '';
    let ended = false;
    const end = (): void => void (ended = true);
    world.network.connectTo(config.port ?? 333).subscribe((found) => {
      socket = found;
      if (greeting !== '') found.send(bytesOf(greeting));
      if (hasty) found.end();
      found.incoming.subscribe({ next: (bytes) => (got += textOf(bytes)), error: end, complete: end });
    });
    world.run(1000);
    return { got: () => got, ended: () => ended, say: (text) => void socket?.send(bytesOf(text)), leave: () => socket?.end() };
  };
  return { ...world, violations, seen, client };
};

/** Everything that can be read now. */
const unreadText = (world: JoinedModule, duplex: Duplex | undefined): string => {
  let all = '';
  const reading = defer(() => duplex?.read() ?? EMPTY).pipe(repeat()).subscribe((bytes) => (all += textOf(bytes)));
  world.run(1000);
  reading.unsubscribe();
  return all;
};

describe('transparentServer', () => {
  it('passes its clients through, one after the other, and serves nobody else meanwhile', () => {
    const world = served({ port: 8080, sendInterval: 10, idleTimeout: 60 });
    expect(world.sent).toEqual(['AT+TRANSINTVL=10', 'AT+CIPRECVTYPE=5,0', 'AT+CIPSERVERMAXCONN=1', 'AT+CIPSTO=60', 'AT+CIPSERVER=1,8080']);
    const first = world.client('hello');
    expect(world.seen.values).toHaveLength(1);
    expect(world.sent.slice(-3)).toEqual([expect.stringMatching(/^AT\+CIPTCPOPT=0/), 'AT+CIPMODE=1', 'AT+CIPSEND']);
    const [duplex] = world.seen.values;
    first.say(' and more');
    expect(unreadText(world, duplex)).toBe('hello and more');
    const sent = observed((duplex as Duplex).send(bytesOf('OK\r\nAT\r\n+++x')));
    const mode = observed(world.at.exec(commands.wifi.modeQuery));
    world.run(1000);
    expect([sent.completed, first.got(), mode.completed]).toEqual([true, 'OK\r\nAT\r\n+++x', false]);

    const ended = observed((duplex as Duplex).end());
    world.run(5000);
    expect([ended.completed, first.ended(), mode.completed]).toEqual([true, true, true]);
    expect(world.sent.slice(world.sent.indexOf('+++'))).toEqual(['+++', 'AT+CIPMODE?', 'AT+CIPMODE=0', 'AT+CIPMODE?', 'AT+CWMODE?', 'AT+CIPCLOSE=0']);

    const second = world.client('again');
    expect(world.seen.values).toHaveLength(2);
    expect(unreadText(world, world.seen.values[1])).toBe('again');
    world.seen.leave();
    world.run(10_000);
    expect(second.ended()).toBe(true);
    expect(world.sent.slice(-2)).toEqual(['AT+CIPMODE?', 'AT+CIPSERVER=0,1']);
    expect(world.violations).toEqual([]);
    const other = observed(tcp(world.at, { host, port: 9001 }));
    world.run(1000);
    expect(other.values).toHaveLength(1);
    other.leave();
    nothingLeft(world);
  });

  it('carries any bytes, lone plus signs among them, both ways', () => {
    const world = served();
    const client = world.client();
    const [duplex] = world.seen.values as [Duplex];
    const sent: Uint8Array[] = [];
    const sending = observed(duplex.send(hostile(world, 60_000, seeded(3), sent)));
    let back = '';
    const reading = defer(() => duplex.read()).pipe(repeat()).subscribe((bytes) => (back += textOf(bytes)));
    const spoken = Array.from({ length: 2000 }, (_, index) => `${String(index)}\r\nOK\r\n`).join('');
    client.say(spoken);
    world.run(120_000);
    reading.unsubscribe();
    expect(sending.completed).toBe(true);
    expect(client.got()).toBe(Buffer.concat(sent).toString('latin1'));
    expect(back).toBe(spoken);
    expect(world.violations).toEqual([]);
  });

  it('does not hear that a client has gone; whoever comes then speaks in the same duplex', () => {
    const world = served();
    const first = world.client('one ');
    first.leave();
    world.run(1000);
    world.client('two');
    const [duplex] = world.seen.values as [Duplex];
    expect(world.seen.values).toHaveLength(1);
    expect(unreadText(world, duplex)).toBe('one two');
    observed(duplex.end());
    world.run(5000);
    expect(world.sent.at(-1)).toBe('AT+CIPCLOSE=0');
    world.client('three');
    expect(unreadText(world, world.seen.values[1])).toBe('three');
  });

  it('waits for the next client where one has gone before it was passed through', () => {
    const world = served();
    world.at.exec(commands.wifi.scan).subscribe();
    world.client('', true);
    world.run(10_000);
    expect(world.sent).toContain('AT+CIPMODE=0');
    expect([world.seen.values.length, world.seen.error]).toEqual([0, undefined]);
    world.client('patient');
    expect(unreadText(world, world.seen.values.at(-1))).toBe('patient');
  });

  it('ends with the module, in order', () => {
    const world = served();
    world.client();
    const closed = observed(world.at.close().pipe(endWith('closed')));
    world.run(3000);
    expect(closed.values).toEqual(['closed']);
    expect(world.sent).toContain('+++');
    expect(named(world.seen.error)).toBe('module/closed');
  });

  it('is unsupported where the firmware lets no client through, and needs the module to itself', () => {
    const old = served({}, '2.1.0');
    expect([named(old.seen.error), old.sent]).toEqual(['unsupported/feature', []]);
    expect(named(served({}, '4.1.0', false).seen.error)).toBe('usage/single');
    const world = joinedModule({ network: { hosts: { [host]: { tcp: { 9001: echo() } } } } });
    observed(tcp(world.at, { host, port: 9001 }));
    world.run(1000);
    const seen = observed(transparentServer(world.at));
    expect(named(seen.error)).toBe('link/taken');
  });
});
