import { repeat } from 'rxjs';
import { dnsServers, localAddresses, ping, receiveLengths, resolve, setDnsServers, tcp } from '../../lib/index.js';
import { source } from '../../transports/emulator/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';

const hosts = {
  '10.0.0.7': { names: ['sensor.lan'], address6: 'fd00::7', latency: 20, tcp: { 7000: source(new Uint8Array(3000)) } },
  '10.0.0.8': { state: 'silent' as const },
};

describe.each(['v2', 'v4'] as const)('names and addresses of %s', (dialect) => {
  const joined = () => joinedModule({ emulator: { dialect }, network: { hosts, latency: 2 } });

  it('resolves a name, and gives an address back', () => {
    const module = joined();
    const found = ['sensor.lan', '10.0.0.7'].map((host) => observed(resolve(module.at, host)));
    module.run(5000);
    expect(found).toMatchObject([{ values: ['10.0.0.7'], completed: true }, { values: ['10.0.0.7'], completed: true }]);
  });

  it('says that a name is not known', () => {
    const module = joined();
    const found = observed(resolve(module.at, 'nosuch.invalid'));
    module.run(60_000);
    expect(found).toMatchObject({ values: [], error: { kind: 'link', code: 'unresolved', retry: 'safe', details: { host: 'nosuch.invalid' } } });
  });

  it('resolves to the wanted family where the firmware can', () => {
    const module = joined();
    const found = observed(resolve(module.at, 'sensor.lan', { network: 'ipv6' }));
    module.run(5000);
    if (dialect === 'v4') expect(found).toMatchObject({ values: ['fd00::7'], completed: true });
    else expect(found).toMatchObject({ error: { kind: 'unsupported', code: 'parameter' } });
    expect(module.sent).toEqual(dialect === 'v4' ? ['AT+CIPDOMAIN="sensor.lan",3'] : []);
  });

  it('pings in ms, again and again', () => {
    const module = joined();
    const found = observed(ping(module.at, 'sensor.lan').pipe(repeat(3)));
    module.run(5000);
    expect(found).toMatchObject({ values: [40, 40, 40], completed: true });
  });

  it('says that nobody answers a ping', () => {
    const module = joined();
    const found = observed(ping(module.at, '10.0.0.8'));
    module.run(30_000);
    expect(found).toMatchObject({ values: [], error: { kind: 'link', code: 'timeout', retry: 'safe' } });
  });

  it('sets DNS servers and leaves them to DHCP again', () => {
    const module = joined();
    const log: unknown[] = [];
    const look = () => dnsServers(module.at).subscribe((found) => log.push(found));
    look();
    setDnsServers(module.at, ['9.9.9.9', '1.1.1.1']).subscribe({ complete: () => log.push('set') });
    look();
    setDnsServers(module.at, 'automatic').subscribe({ complete: () => log.push('left') });
    look();
    module.run(5000);
    expect(log).toMatchObject([{ manual: false }, 'set', { manual: true, servers: ['9.9.9.9', '1.1.1.1'] }, 'left', { manual: false }]);
    expect(module.sent.filter((line) => line.includes('DNS='))).toEqual(['AT+CIPDNS=1,"9.9.9.9","1.1.1.1"', 'AT+CIPDNS=0']);
  });

  it.each([[[]], [['1.1.1.1', '1.1.1.1']], [['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4']], [['no address']]])('refuses %j as DNS servers before a byte is sent', (servers) => {
    const module = joined();
    const found = observed(setDnsServers(module.at, servers));
    module.run(1000);
    expect(found.error).toMatchObject({ kind: 'usage', code: 'parameter' });
    expect(module.sent).toEqual([]);
  });

  it('gives the addresses by interface', () => {
    const module = joined();
    const found = observed(localAddresses(module.at));
    module.run(1000);
    expect(found.completed).toBe(true);
    expect(found.values[0]?.station).toEqual({ ip: '192.168.4.15', mac: '10:01:00:c4:0a:24' });
    module.module.world.setAccessPoints([]);
    module.run(1000);
    const offline = observed(localAddresses(module.at));
    module.run(1000);
    expect(offline.values[0]?.station).toEqual({ mac: '10:01:00:c4:0a:24' });
    expect(offline.values[0]).not.toHaveProperty('ethernet');
  });

  it('counts what waits in the module', () => {
    const module = joined();
    const before = observed(receiveLengths(module.at));
    module.run(1000);
    expect(before).toMatchObject({ values: [new Map()], completed: true });
    observed(tcp(module.at, { host: '10.0.0.7', port: 7000, link: 2 }));
    module.run(1000);
    const after = observed(receiveLengths(module.at));
    module.run(1000);
    expect([...(after.values[0] ?? [])]).toEqual([[2, 3000]]);
  });
});
