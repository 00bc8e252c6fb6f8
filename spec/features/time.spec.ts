import { sntp, time } from '../../lib/index.js';
import { civilCases } from '../support/civilCases.js';
import { joinedModule, observed } from '../support/joinedModule.js';

const start = 1_700_000_000;

describe.each(['v2', 'v4'] as const)('the time of %s', (dialect) => {
  const joined = (time: number | undefined = start) => joinedModule({ emulator: { dialect }, network: time === undefined ? {} : { time } });

  it.each([0, 8, -5, ...(dialect === 'v4' ? ['+0545', '-0930', '1245', '-12', 14, '0015', '+0800'].filter((zone) => zone !== '-12') : [13, '+0800', '-1100'])])('is UTC whatever the zone: %s', (zone) => {
    const module = joined();
    const begun = module.scheduler.frame;
    const found = observed(sntp(module.at, { zone, servers: ['10.0.0.1'] }));
    module.run(5000);
    expect(found).toMatchObject({ completed: true, error: undefined });
    const [utc = 0] = found.values;
    expect(utc % 1000).toBe(0);
    expect(Math.abs(utc - start * 1000 - begun)).toBeLessThan(4000);
    const later = [time(module.at), time(module.at, { zone })].map(observed);
    module.run(2000);
    for (const { values } of later) expect(Math.abs((values[0] ?? 0) - utc)).toBeLessThanOrEqual(4000);
  });

  it('is an error as long as the clock was not set', () => {
    const module = joinedModule({ emulator: { dialect } });
    const found = [time(module.at), time(module.at, { zone: 8 })].map(observed);
    module.run(2000);
    for (const { error } of found) expect(error).toMatchObject({ kind: 'module', code: 'clock-unset', retry: 'safe' });
  });

  it('gives up on servers that do not answer, in time', () => {
    const module = joinedModule({ emulator: { dialect } });
    const found = observed(sntp(module.at, { timeout: 7000 }));
    module.run(6500);
    expect(found.error).toBeUndefined();
    module.run(1000);
    expect(found).toMatchObject({ values: [], error: { kind: 'link', code: 'timeout', retry: 'safe' } });
    const sent = module.sent.length;
    module.run(60_000);
    expect(module.sent).toHaveLength(sent);
  });

  it('ends with a restart, which forgets the setting', () => {
    const module = joinedModule({ emulator: { dialect } });
    const found = observed(sntp(module.at, { timeout: 60_000 }));
    module.run(5000);
    module.module.reset();
    module.run(2000);
    expect(found.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'safe' });
  });

  it.each([15, -13, 1.5, '545', '+1500', '-1201x', '+0860', '0010', '-0012', ''])('refuses the zone %j before a byte is sent', (zone) => {
    const module = joined();
    const found = [sntp(module.at, { zone }), time(module.at, { zone })].map(observed);
    module.run(2000);
    for (const { error } of found) expect(error).toMatchObject({ kind: 'usage', code: 'parameter', details: { parameter: 'zone' } });
    expect(module.sent).toEqual([]);
  });

  it('refuses what this firmware cannot take before a byte is sent', () => {
    const module = joined();
    const found = [sntp(module.at, { interval: 60 }), sntp(module.at, { zone: '+0545' }), sntp(module.at, { servers: ['a', 'b', 'c', 'd'] })].map(observed);
    module.run(40_000);
    expect(found[2]?.error).toMatchObject({ kind: 'usage', details: { parameter: 'servers' } });
    if (dialect === 'v4') {
      expect(module.sent).toContain('AT+CIPSNTPINTV=60');
      expect(found.slice(0, 2)).toMatchObject([{ completed: true }, { completed: true }]);
    } else {
      expect(found[0]?.error).toMatchObject({ kind: 'unsupported' });
      expect(found[1]?.error).toMatchObject({ kind: 'usage' });
      expect(module.sent).toEqual([]);
    }
  });

  it('polls only where the firmware does not say that its clock is set', () => {
    const module = joined();
    observed(sntp(module.at, { zone: 8 }));
    module.run(10_000);
    expect(module.trace.includes('+TIME_UPDATED')).toBe(dialect === 'v4');
    expect(module.sent.filter((line) => line === 'AT+CIPSNTPTIME?').length).toBeGreaterThan(0);
    expect(module.sent.filter((line) => line === 'AT+CIPSNTPTIME?').length).toBeLessThanOrEqual(dialect === 'v4' ? 1 : 3);
  });
});

describe('dates', () => {
  it.each(civilCases)('%i s, at zone %s', (seconds, zone) => {
    const module = joinedModule({ network: { time: seconds } });
    const found = observed(sntp(module.at, { zone }));
    module.run(3000);
    expect(Math.abs((found.values[0] ?? 0) / 1000 - seconds)).toBeLessThan(15);
  });
});
