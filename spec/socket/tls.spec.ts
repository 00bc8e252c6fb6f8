import { concat, EMPTY, mergeMap, type Observable, repeat, take, tap } from 'rxjs';
import { commands, type Socket, tcp, tls, type TlsConfig } from '../../lib/index.js';
import { pullMap } from '../../operators/index.js';
import { type HostHandler, type InMemoryNetworkConfig, source } from '../../transports/emulator/network/index.js';
import { pattern, play, type Play, string, text } from './world.js';

const host = '192.168.4.2';
const connect = (config: Partial<TlsConfig>, use: (socket: Socket, log: string[]) => Observable<unknown>, handler: HostHandler, setup: Parameters<typeof play>[1] = {}, network: InMemoryNetworkConfig = {}): Play =>
  play((module, log) => tls(module, { host, port: 443, ...config }).pipe(tap({ complete: () => log.push('complete') }), mergeMap((socket) => use(socket, log))), { ...setup, network: { ...network, hosts: { [host]: { tls: { 443: handler } } } } });
const settings = (sent: readonly string[]): string[] => sent.filter((line) => /^AT\+CIPS(SL|NTP)/.test(line));

describe.each(['v2', 'v4'] as const)('TLS on %s', (dialect) => {
  const emulator = { dialect };

  it('sets certificates, names, protocols and key of the link, then connects', () => {
    const { world, log, sent } = connect(
      { verify: 'client', certificate: 1, authority: 1, commonName: 'esp', serverName: 'api.example', protocols: ['h2', 'http/1.1'], key: { text: 'topsecret', hint: 'me' } },
      (socket) => socket.read().pipe(mergeMap((chunk) => [string(chunk)])),
      source(text('hello'), { end: false }),
      { emulator },
    );
    world.run(20_000);
    expect(log).toEqual(['hello']);
    expect(settings(sent)).toEqual([
      'AT+CIPSSLCCONF?',
      'AT+CIPSSLCCONF=4,1,1,1',
      'AT+CIPSSLCCN=4,"esp"',
      'AT+CIPSSLCSNI=4,"api.example"',
      'AT+CIPSSLCALPN=4,2,"h2","http/1.1"',
      'AT+CIPSSLCPSK=4,"*********","me"',
    ]);
    expect(sent.some((line) => line.includes('topsecret'))).toBe(false);
    expect(sent).toContain('AT+CIPSTART=4,"SSL","192.168.4.2",443');
  });

  it('writes nothing to flash that stands there, and clears what the last connection of a link has left', () => {
    const { world, log, sent } = play(
      (module) => {
        const once = (config: Partial<TlsConfig>): Observable<string> => tls(module, { host, port: 443, link: 4, ...config }).pipe(mergeMap((socket) => socket.read()), mergeMap((chunk) => [string(chunk)]));
        return concat(once({ serverName: 'one', protocols: ['h2'], verify: 'client' }).pipe(take(1)), once({ verify: 'client' }).pipe(take(1)));
      },
      { emulator, network: { hosts: { [host]: { tls: { 443: source(text('x')) } } } } },
    );
    world.run(60_000);
    expect(log).toEqual(['x', 'x']);
    expect(settings(sent)).toEqual(['AT+CIPSSLCCONF?', 'AT+CIPSSLCCONF=4,1,0,0', 'AT+CIPSSLCSNI=4,"one"', 'AT+CIPSSLCALPN=4,1,"h2"', 'AT+CIPSSLCCONF?', 'AT+CIPSSLCSNI=4,""', 'AT+CIPSSLCALPN=4,0']);
  });

  it('sets the clock before it judges a certificate, and only then', () => {
    const now = Date.UTC(2026, 0, 1) / 1000;
    const run = (config: Partial<TlsConfig>, time?: number): Play => {
      const played = connect(config, (socket) => socket.read().pipe(mergeMap((chunk) => [string(chunk)])), source(text('x'), { end: false }), { emulator }, time === undefined ? {} : { time });
      played.world.run(60_000);
      return played;
    };
    const set = run({ verify: 'server', clock: { servers: ['pool.ntp.org'], timezone: 2 } }, now);
    expect(set.log).toEqual(['x']);
    const order = ['AT+CIPSNTPTIME?', 'AT+CIPSNTPCFG=1,2,"pool.ntp.org"', 'AT+CIPSSLCCONF=4,2,0,0'].map((line) => set.sent.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const never = run({ verify: 'both' });
    expect(never.log).toEqual(['link/clock']);
    expect(never.sent.some((line) => line.startsWith('AT+CIPSTART='))).toBe(false);
    for (const unasked of [run({ verify: 'client' }), run({ verify: 'server', clock: false })]) {
      expect(unasked.log).toEqual(['x']);
      expect(unasked.sent.some((line) => line.startsWith('AT+CIPSNTP'))).toBe(false);
    }
    expect(never.world.timers).toBeLessThanOrEqual(1);
  });

  it('takes announced lengths as upper bounds: what is still encrypted is waited for, and its end is the end', () => {
    const { world, log } = connect(
      {},
      (socket, lines) => pullMap((chunk) => [lines.push(String(chunk.length))])(socket).pipe(mergeMap(() => EMPTY)),
      source(() => [pattern(1000), pattern(500)], { interval: 3000 }),
      { emulator },
    );
    // Twice the module counts bytes that no pull gets: 29 of a record that is not whole, and those of the closing record.
    let refusals = 0;
    world.module.faults.add({ when: ({ point }) => point === 'read' && (refusals += 1) <= 2, act: { do: 'error' } });
    world.module.faults.add({ when: (event) => event.point === 'output' && /^\r\n\+IPD,4,1000/.test(event.text), times: 1, act: { do: 'insert', text: '\r\n+IPD,4,1029\r\n' } });
    world.run(60_000);
    expect(log).toEqual(['1000', '500', 'complete']);
  });

  it('has no hexadecimal key where the dialect lacks it', () => {
    const { world, log, sent } = connect({ key: { hex: '00ff', hint: 'me' } }, (socket) => socket.read().pipe(mergeMap((chunk) => [string(chunk)])), source(text('x'), { end: false }), { emulator });
    world.run(20_000);
    expect(log).toEqual([dialect === 'v2' ? 'unsupported/command' : 'x']);
    if (dialect === 'v4') expect(sent).toContain('AT+CIPSSLCPSKHEX=4,"****","me"');
  });
});

describe('options of a TCP connection', () => {
  const open = (config: object, setup: Parameters<typeof play>[1] = {}): Play => {
    const played = play((module) => tcp(module, { host, port: 7, ...config }).pipe(mergeMap((socket) => [`${String(socket.link)} ${String(socket.localPort !== undefined)}`])), {
      ...setup,
      network: { hosts: { [host]: { tcp: { 7: () => undefined }, address6: 'fe80::2' }, 'six.example': { address6: 'fe80::6', tcp: { 7: () => undefined } } } },
    });
    played.world.run(30_000);
    return played;
  };

  it('are sent as asked for, with defaults where nothing is', () => {
    const asked = open({ link: 2, linger: 0, noDelay: true, sendTimeout: 500, keepAlive: 60, localAddress: '192.168.4.15' });
    expect(asked.log).toEqual(['2 true']);
    expect(asked.sent).toEqual(expect.arrayContaining(['AT+CIPTCPOPT=2,0,1,500', 'AT+CIPSTART=2,"TCP","192.168.4.2",7,60,"192.168.4.15"']));
    expect(open({}).sent).toContain('AT+CIPTCPOPT=4,-1,0,10000');
    expect(open({ receive: 'active' }).sent).toContain('AT+CIPRECVTYPE=4,0');
    expect(open({ keepAlive: 7201 }).log).toEqual(['usage/parameter']);
  });

  it('cost a wish on 2.0, which has none, and an error where they were asked for', () => {
    expect(open({}, { emulator: { firmware: '2.0.0' } }).log).toEqual(['4 true']);
    expect(open({ noDelay: true }, { emulator: { firmware: '2.0.0' } }).log).toEqual(['unsupported/firmware']);
  });

  it('choose IPv6 where it is on', () => {
    const on = { command: commands.tcpip.ipv6, params: { enable: true } };
    const six = open({ family: 6, host: 'six.example' }, { module: { recipe: [on] } });
    expect(six.log).toEqual(['4 true']);
    expect(six.sent).toContain('AT+CIPSTART=4,"TCPv6","six.example",7');
    expect(open({ family: 6 }, { emulator: { dialect: 'v2' } }).log).toEqual(['unsupported/parameter']);
  });

  it('give an id back only when its last command has ended, and wait for it', () => {
    const { world, log, sent } = play((module) => tcp(module, { host, port: 7 }).pipe(mergeMap((socket) => [`open ${String(socket.link)}`]), take(1), repeat(3)), {
      module: { multiple: false },
      network: { hosts: { [host]: { tcp: { 7: source(text('x')) } } } },
    });
    world.run(30_000);
    expect(log).toEqual(['open 0', 'open 0', 'open 0']);
    expect(sent.filter((line) => line === 'AT+CIPCLOSE')).toHaveLength(3);
    expect(sent).toContain('AT+CIPRECVTYPE=1');
  });
});
