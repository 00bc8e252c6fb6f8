import { concat, type Observable } from 'rxjs';
import { type AtError, type AtModule, autoConnect, commands, country, dhcp, hostname, memory, rfPower, sleep, stationAddress, stationMac, systemStore, timestamp, wakeUp } from '../../lib/index.js';
import { featureHarness, userLines } from './featureHarness.js';

/** What a feature emits on a fresh module, and the lines it sends. */
const outcome = (dialect: 'v2' | 'v4', features: (module: AtModule) => readonly Observable<unknown>[]) => {
  const { world, opened, sent } = featureHarness({ emulator: { dialect } });
  const values: unknown[] = [];
  const errors: unknown[] = [];
  let complete = false;
  opened((module) => {
    concat(...features(module)).subscribe({ next: (value) => values.push(value), error: ({ kind, code, details }: AtError) => errors.push([kind, code, details['parameter']]), complete: () => (complete = true) });
  });
  world.run(20_000);
  return { values, errors, complete, lines: userLines(sent()) };
};

describe.each(['v2', 'v4'] as const)('settings of %s', (dialect) => {
  it('reads without a value, sets and reads back with one', () => {
    const { values, complete, lines } = outcome(dialect, (module) => [autoConnect(module), autoConnect(module, false)]);
    expect([values, complete]).toEqual([[true, false], true]);
    expect(lines).toEqual(['AT+CWAUTOCONN?', 'AT+CWAUTOCONN=0', 'AT+CWAUTOCONN?']);
  });

  it('is cold: nothing is sent without a subscriber', () => {
    const { world, opened, sent } = featureHarness({ emulator: { dialect } });
    opened((module) => {
      for (const feature of [hostname(module, 'x'), dhcp(module), sleep(module, 'off'), timestamp(module), wakeUp(module, { source: 'timer', time: 1 })]) expect(feature).toBeDefined();
    });
    world.run(5000);
    expect(userLines(sent())).toEqual([]);
  });

  it('names the station', () => {
    const { values, lines } = outcome(dialect, (module) => [hostname(module, 'my,"name"')]);
    expect(values).toEqual(['my,"name"']);
    expect(lines.slice(-2)).toEqual(['AT+CWHOSTNAME="my\\,\\"name\\""', 'AT+CWHOSTNAME?']);
    expect(outcome(dialect, (module) => [hostname(module, 'x'.repeat(33))]).errors).toEqual([['usage', 'parameter', 'hostname']]);
  });

  it('sets the country', () => {
    expect(outcome(dialect, (module) => [country(module, { policy: 'fixed', country: 'CH', start: 1, count: 13 })]).values).toEqual([{ policy: 'fixed', country: 'CH', start: 1, count: 13 }]);
  });

  it('switches DHCP of each interface', () => {
    const { values, lines } = outcome(dialect, (module) => [dhcp(module, { station: false, softAp: false }), dhcp(module, { station: true, softAp: false })]);
    expect(values).toEqual([expect.objectContaining({ station: false, softAp: false }), expect.objectContaining({ station: true, softAp: false })]);
    expect(lines).toEqual(['AT+CWDHCP=0,3', 'AT+CWDHCP?', 'AT+CWDHCP=0,2', 'AT+CWDHCP=1,1', 'AT+CWDHCP?']);
    expect(outcome(dialect, (module) => [dhcp(module, { ethernet: true })]).errors).toEqual(dialect === 'v2' ? [['usage', 'parameter', 'interfaces']] : []);
  });

  it('gives the station a static address, and takes its DHCP away', () => {
    const { values } = outcome(dialect, (module) => [
      module.exec(commands.wifi.mode, { mode: 'station' }),
      stationAddress(module, { ip: '10.0.0.7' }),
      dhcp(module),
    ]);
    expect(values.slice(1)).toEqual([{ ip: '10.0.0.7', gateway: '10.0.0.1', netmask: '255.255.255.0' }, expect.objectContaining({ station: false })]);
  });

  it('sets the MAC of the station, not to a group address', () => {
    expect(outcome(dialect, (module) => [stationMac(module, '1A:FE:35:98:D3:7B')]).values).toEqual(['1a:fe:35:98:d3:7b']);
    expect(outcome(dialect, (module) => [stationMac(module, '01:00:5e:00:00:01')]).errors).toEqual([['command', 'rejected', undefined]]);
    expect(outcome(dialect, (module) => [stationMac(module, 'no mac')]).errors).toEqual([['usage', 'parameter', 'mac']]);
  });

  it('sets the sleep mode and what ends it', () => {
    const { values, complete, lines } = outcome(dialect, (module) => [
      wakeUp(module, { source: 'timer', time: 1000 }),
      wakeUp(module, { source: 'uart', uart: 1 }),
      wakeUp(module, { source: 'gpio', gpio: 12, level: 'low' }),
      sleep(module, 'off'),
      sleep(module, 'modem-dtim'),
    ]);
    expect([values, complete]).toEqual([['off', 'modem-dtim'], true]);
    expect(lines.slice(0, 3)).toEqual(['AT+SLEEPWKCFG=0,1000', 'AT+SLEEPWKCFG=1,1', 'AT+SLEEPWKCFG=2,12,0']);
  });

  it('sets the radio power in dBm', () => {
    const { values, lines } = outcome(dialect, (module) => [rfPower(module, { wifi: 16.5, bleAdvertising: -2, bleScan: 7, bleConnection: -14 })]);
    expect(lines[0]).toBe('AT+RFPOWER=66,3,0,7');
    expect(values).toEqual([{ wifi: 16.5, bleAdvertising: -2, bleScan: 7, bleConnection: -14 }]);
    expect(outcome(dialect, (module) => [rfPower(module, { wifi: 16.6 })]).errors).toEqual([['usage', 'parameter', 'wifi']]);
    expect(outcome(dialect, (module) => [rfPower(module, { wifi: 15, bleScan: 0 })]).errors).toEqual([['usage', 'parameter', 'bleScan']]);
  });

  it('reads the heap, keeps settings out of flash, sets the clock', () => {
    const { values } = outcome(dialect, (module) => [memory(module), systemStore(module, false), timestamp(module, 1_700_000_000)]);
    expect(values[0]).toMatchObject({ free: expect.any(Number) });
    expect(values[1]).toBe(false);
    expect(values[2]).toBe(1_700_000_000);
  });
});
