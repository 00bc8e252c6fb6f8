import { concat, ignoreElements } from 'rxjs';
import { type AtError, commands, softAp, softApAddress, softApKick, softApMac, softApStations, dhcpServer, station, type SoftApEvent } from '../../lib/index.js';
import { featureHarness, userLines } from './featureHarness.js';

const phone = '02:00:00:00:00:01';
const tablet = '02:00:00:00:00:02';
const tell = (event: SoftApEvent): string => Object.values(event).join(' ');

describe.each(['v2', 'v4'] as const)('softAP of %s', (dialect) => {
  it('tells who joins, gets an address and leaves, and lists them on demand', () => {
    const { world, opened, trace } = featureHarness({ emulator: { dialect } });
    const events: string[] = [];
    const listed: unknown[] = [];
    opened((module) => {
      softAp(module, { ssid: 'Lab, "1"', password: 'p,a"ss\\word', channel: 6, maxStations: 4 }).subscribe((event) => {
        events.push(tell(event));
        if (event.event === 'addressed' && event.mac === tablet) softApStations(module).subscribe((found) => listed.push(...found));
      });
    });
    world.run(2000);
    world.module.world.visit({ mac: phone, password: 'p,a"ss\\word' });
    world.module.world.visit({ mac: '02:00:00:00:00:99', password: 'wrongpassword' });
    world.run(1000);
    world.module.world.visit({ mac: tablet, password: 'p,a"ss\\word' });
    world.run(1000);
    world.module.world.leave(phone);
    world.run(1000);
    expect(events).toEqual(['started', `joined ${phone}`, `addressed ${phone} 192.168.4.2`, `joined ${tablet}`, `addressed ${tablet} 192.168.4.3`, `left ${phone}`]);
    expect(listed).toEqual([
      { address: '192.168.4.2', mac: phone },
      { address: '192.168.4.3', mac: tablet },
    ]);
    expect(trace.join('\n')).not.toContain('ss\\word');
  });

  it('disconnects one station, then all', () => {
    const { world, opened } = featureHarness({ emulator: { dialect } });
    const events: string[] = [];
    const errors: AtError[] = [];
    let completed = 0;
    opened((module) => {
      softAp(module, { ssid: 'Open' }).subscribe((event) => events.push(tell(event)));
      const done = { complete: () => (completed += 1), error: (error: AtError) => errors.push(error) };
      world.scheduler.schedule(() => softApKick(module, phone).subscribe(done), 3000);
      world.scheduler.schedule(() => softApKick(module, phone).subscribe(done), 4000);
      world.scheduler.schedule(() => softApKick(module).subscribe(done), 5000);
    });
    world.run(1000);
    for (const mac of [phone, tablet]) world.module.world.visit({ mac, ip: null });
    world.run(20_000);
    expect(events).toEqual(['started', `joined ${phone}`, `joined ${tablet}`, `left ${phone}`, `left ${tablet}`]);
    expect(completed).toBe(2);
    expect(errors.map(({ kind, code }) => [kind, code])).toEqual([['command', 'rejected']]);
  });

  it.each([
    [false, []],
    [true, ['AT+CWMODE?', 'AT+CWMODE=1']],
  ])('keeps a running station; with stop: %s unsubscribing sends %j', (stop, after) => {
    const { world, opened, sent } = featureHarness({ emulator: { dialect } });
    const states: string[] = [];
    opened((module) => {
      concat(module.exec(commands.wifi.mode, { mode: 'station' }).pipe(ignoreElements()), station(module, { ssid: 'Espressif', password: '' })).subscribe(({ state }) => {
        states.push(state);
        if (state !== 'got-ip') return;
        const life = softAp(module, { ssid: 'Beside', stop }).subscribe();
        world.scheduler.schedule(() => life.unsubscribe(), 10_000);
      });
    });
    world.run(9000);
    const before = sent();
    expect(userLines(before).slice(-3)).toEqual(['AT+CWMODE?', 'AT+CWMODE=3', 'AT+CWSAP="Beside","",1,0']);
    world.run(20_000);
    expect(sent(before.length)).toEqual(after);
    expect(states).toEqual(['connected', 'got-ip']);
  });

  it('is configured again after a restart of the module', () => {
    const { world, opened, sent } = featureHarness({ emulator: { dialect } });
    const events: string[] = [];
    opened((module) => void softAp(module, { ssid: 'Again' }).subscribe((event) => events.push(tell(event))));
    world.run(2000);
    world.module.reset();
    world.run(5000);
    expect(events).toEqual(['started', 'started']);
    expect(sent().filter((line) => line.startsWith('AT+CWSAP='))).toHaveLength(2);
  });

  it('refuses bad parameters before AT+CWSAP is sent', () => {
    const { world, opened, sent } = featureHarness({ emulator: { dialect } });
    const errors: unknown[] = [];
    opened((module) => {
      const fail = { error: ({ kind, details }: AtError) => errors.push([kind, details['parameter']]) };
      softAp(module, { ssid: 'Short', password: '1234567' }).subscribe(fail);
      softAp(module, { ssid: 'x'.repeat(33) }).subscribe(fail);
      softAp(module, { ssid: 'Channel', channel: 15 }).subscribe(fail);
      softAp(module, { ssid: 'Many', maxStations: dialect === 'v2' ? 11 : 16 }).subscribe(fail);
    });
    world.run(5000);
    expect(errors.map(String).sort()).toEqual(['usage,channel', 'usage,maxStations', 'usage,password', 'usage,ssid']);
    expect(sent().filter((line) => line.startsWith('AT+CWSAP='))).toEqual([]);
  });

  it('has addresses, a MAC and a range of its own', () => {
    const { world, opened } = featureHarness({ emulator: { dialect } });
    const seen: unknown[] = [];
    opened((module) => {
      softAp(module, { ssid: 'Net' }).subscribe(() => {
        concat<unknown[]>(
          softApAddress(module),
          softApAddress(module, { ip: '10.0.0.1', gateway: '10.0.0.1', netmask: '255.255.255.0' }),
          dhcpServer(module, { lease: 30, start: '10.0.0.20', end: '10.0.0.29' }),
          dhcpServer(module, 'default'),
          softApMac(module, '1a:fe:35:98:d3:7c'),
        ).subscribe((found) => seen.push(found));
      });
    });
    world.run(20_000);
    expect(seen).toEqual([
      { ip: '192.168.4.1', gateway: '192.168.4.1', netmask: '255.255.255.0' },
      { ip: '10.0.0.1', gateway: '10.0.0.1', netmask: '255.255.255.0' },
      { lease: 30, start: '10.0.0.20', end: '10.0.0.29' },
      { lease: 120, start: '192.168.4.2', end: '192.168.4.101' },
      '1a:fe:35:98:d3:7c',
    ]);
  });
});
