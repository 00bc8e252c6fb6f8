import { firmwareVersions, ota, type OtaConfig, ping } from '../../lib/index.js';
import type { UpdateConfig } from '../../transports/emulator/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';

const steps = ['server', 'connected', 'version', 'done'];
const newer: Readonly<Record<'v2' | 'v4', UpdateConfig>> = { v2: { version: 'v2.1.5.0', older: ['v2.0.0.0'] }, v4: { version: 'v4.1.5.0', older: ['v4.1.1.0'] } };

describe.each(['v2', 'v4'] as const)('updates of %s', (dialect) => {
  const joined = (updates: Partial<UpdateConfig> | undefined = {}, seed = 1) =>
    joinedModule({ emulator: { dialect, seed, ...(updates === undefined ? {} : { updates: { ...newer[dialect], ...updates } }) } });

  it.each<[OtaConfig, string]>([
    [{}, 'AT+CIUPDATE'],
    [{ tls: true }, 'AT+CIUPDATE=1'],
    [{ version: newer[dialect].older?.[0] ?? '' }, `AT+CIUPDATE=0,"${newer[dialect].older?.[0] ?? ''}"`],
  ])('%j tells every step and ends with the new firmware at work', (config, line) => {
    const module = joined();
    const found = observed(ota(module.at, config));
    module.run(10_000);
    expect(found).toMatchObject({ values: [...steps, 'restarted'], completed: true, error: undefined });
    expect(module.sent[0]).toBe(line);
    const version = (config.version ?? newer[dialect].version).slice(1);
    expect(module.at.firmware.version).toBe(version);
  });

  it('lets nothing else through meanwhile, and what waits is sent to the new firmware', () => {
    const module = joined({ stage: 5000 });
    const found = observed(ota(module.at));
    const waiting = observed(ping(module.at, '127.0.0.1'));
    module.run(12_000);
    expect(found.values).toEqual(steps.slice(0, 3));
    expect(module.sent).toEqual(['AT+CIUPDATE']);
    module.run(20_000);
    expect(found.completed).toBe(true);
    expect(module.sent.indexOf('AT+GMR')).toBeLessThan(module.sent.findIndex((line) => line.startsWith('AT+PING')));
    expect(waiting.values.length + Number(waiting.error !== undefined)).toBe(1);
  });

  it.each([1, 2, 3, 4] as const)('tells the last step before it failed: %i', (failsAt) => {
    const module = joined({ failsAt });
    const found = observed(ota(module.at));
    module.run(10_000);
    expect(found.values).toEqual(steps.slice(0, failsAt - 1));
    expect(found.error).toMatchObject({ kind: 'module', code: 'update-failed', retry: 'safe', details: { step: steps[failsAt - 2] } });
  });

  it('fails on a version that the server does not have, and where there is no server', () => {
    const strange = joined();
    const found = observed(ota(strange.at, { version: 'v9.9.9.9' }));
    strange.run(10_000);
    expect(found.error).toMatchObject({ code: 'update-failed', details: { step: 'connected' } });
    const alone = joinedModule({ emulator: { dialect } });
    const nobody = observed(ota(alone.at));
    alone.run(10_000);
    expect(nobody.error).toMatchObject({ code: 'update-failed', details: { step: undefined } });
  });

  it('does not take a reset in the middle for the end', () => {
    const module = joined({ stage: 2000 });
    const found = observed(ota(module.at));
    module.run(3000);
    module.module.reset();
    module.run(10_000);
    expect(found).toMatchObject({ values: steps.slice(0, 2), error: { kind: 'module', code: 'reset' } });
    expect(module.at.firmware.version).not.toBe(newer[dialect].version.slice(1));
  });

  it('lists what the server has, where the firmware can', () => {
    const module = joined();
    const found = observed(firmwareVersions(module.at));
    module.run(1000);
    if (dialect === 'v4') expect(found).toMatchObject({ values: [['v4.1.1.0', 'v4.1.5.0']], completed: true });
    else expect(found.error).toMatchObject({ kind: 'unsupported', code: 'command' });
  });

  it('cannot work beside an update where the firmware cannot', () => {
    if (dialect === 'v4') return;
    const module = joined();
    const found = observed(ota(module.at, { blocking: false }));
    module.run(1000);
    expect(found.error).toMatchObject({ kind: 'unsupported', code: 'parameter' });
    expect(module.sent).toEqual([]);
  });
});

describe('an update beside other work', () => {
  const joined = (updates: Partial<UpdateConfig>, seed: number) => joinedModule({ emulator: { seed, updates: { version: 'v4.1.5.0', ...updates } } });
  const seeds = [1, 1_234_567, 987_654_321, 1_999_999_973, 55_555_555, 314_159_265];

  it('takes OK before and after the first step, and restarts in the end', () => {
    const orders = new Set<boolean>();
    for (const seed of seeds) {
      const module = joined({}, seed);
      const found = observed(ota(module.at, { blocking: false }));
      module.run(10_000);
      expect(found).toMatchObject({ values: [...steps, 'restarted'], completed: true, error: undefined });
      const begun = module.trace.slice(module.trace.lastIndexOf('AT+CIUPDATE=0,,,1'));
      orders.add(begun.indexOf('OK') < begun.indexOf('+CIPUPDATE:1'));
      expect(module.sent.filter((line) => line === 'AT+RST')).toHaveLength(1);
      expect(module.at.firmware.version).toBe('4.1.5.0');
    }
    expect(orders).toEqual(new Set([true, false]));
  });

  it('leaves the restart to the user who wants that', () => {
    const module = joined({}, 1);
    const found = observed(ota(module.at, { blocking: false, restart: false, tls: true, firmware: 'mqtt_ca' }));
    module.run(10_000);
    expect(found).toMatchObject({ values: steps, completed: true });
    expect(module.sent).toEqual(['AT+CIUPDATE=1,,"mqtt_ca",1']);
  });

  it('lets commands through meanwhile', () => {
    const module = joined({ stage: 5000 }, 1);
    const found = observed(ota(module.at, { blocking: false }));
    module.run(2000);
    const versions = observed(firmwareVersions(module.at));
    module.run(1000);
    expect(versions.completed).toBe(true);
    expect(found.completed).toBe(false);
  });

  it.each([1, 2, 3, 4] as const)('tells a failure by its -1: step %i', (failsAt) => {
    for (const seed of seeds) {
      const module = joined({ failsAt }, seed);
      const found = observed(ota(module.at, { blocking: false }));
      module.run(10_000);
      expect(found.values).toEqual(steps.slice(0, failsAt - 1));
      expect(found.error).toMatchObject({ kind: 'module', code: 'update-failed', details: { step: steps[failsAt - 2] } });
      expect(module.sent).not.toContain('AT+RST');
    }
  });

  it('gives up after three minutes of silence', () => {
    const module = joined({ stage: 500_000 }, 1);
    const found = observed(ota(module.at, { blocking: false }));
    module.run(179_000);
    expect(found.error).toBeUndefined();
    module.run(3000);
    expect(found.error).toMatchObject({ kind: 'command', code: 'timeout', retry: 'unknown', details: { step: 'server' } });
  });
});
