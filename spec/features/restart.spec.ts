import { concat, ignoreElements } from 'rxjs';
import { type AtError, type AtModule, deepSleep, firmwareSlots, hostname, memory, restart, restore, rollback, timestamp } from '../../lib/index.js';
import { featureHarness, userLines } from './featureHarness.js';

const versions = [
  ['v2', undefined],
  ['v4', undefined],
  ['v2', 115_200],
  ['v4', 115_200],
] as const;

describe.each(versions)('restarts of %s at %s bit/s', (dialect, baud) => {
  const harness = () => featureHarness({ emulator: { dialect, ...(baud === undefined ? {} : { baud }) } });
  const echoOff = (lines: readonly string[]): number => lines.filter((line) => line === 'ATE0').length;

  it.each([
    ['restart', restart, 'AT+RST'],
    ['restore', restore, 'AT+RESTORE'],
  ] as const)('%s completes when the module is set up again, and takes waiting commands along', (_, feature, line) => {
    const { world, opened, sent, violations } = harness();
    const steps: string[] = [];
    opened((module) => {
      const same: AtModule = module;
      feature(module).subscribe({ next: () => steps.push('value'), complete: () => steps.push(`complete ${String(echoOff(sent()))}`) });
      world.scheduler.schedule(() => memory(module).subscribe({ next: () => steps.push('waited'), error: ({ code }: AtError) => steps.push(code) }), 50);
      world.scheduler.schedule(() => memory(same).subscribe(() => steps.push('again')), 5000);
    });
    world.run(10_000);
    expect(steps).toEqual(['complete 2', 'waited', 'again']);
    expect(sent()).toContain(line);
    expect(violations).toEqual([]);
  });

  it('restore forgets what was stored', () => {
    const { world, opened, sent } = harness();
    const names: string[] = [];
    opened((module) => concat(hostname(module, 'renamed'), restore(module), hostname(module)).subscribe((name) => names.push(name)));
    world.run(10_000);
    expect(names[0]).toBe('renamed');
    expect(names[1]).not.toBe('renamed');
    expect(userLines(sent()).slice(-1)).toEqual(['AT+CWHOSTNAME?']);
  });

  it('rollback is refused where there is nothing to go back to', () => {
    const { world, opened } = harness();
    const errors: unknown[] = [];
    const slots: unknown[] = [];
    opened((module) => {
      rollback(module).subscribe({ error: ({ kind, code }: AtError) => errors.push([kind, code]) });
      firmwareSlots(module).subscribe({ next: ({ version }) => slots.push(version), error: ({ kind, code }: AtError) => slots.push([kind, code]) });
    });
    world.run(10_000);
    expect(errors).toEqual([['command', 'rejected']]);
    expect(slots).toEqual(dialect === 'v2' ? [['unsupported', 'command']] : ['v4.1.0.0-dev']);
  });

  it('deepSleep completes when the module has woken up; others wait, and are written then', () => {
    const { world, opened, sent, violations } = harness();
    const steps: unknown[] = [];
    opened((module) => {
      deepSleep(module, 600_000).subscribe({ complete: () => steps.push(`awake ${String(echoOff(sent()))}`) });
      world.scheduler.schedule(() => memory(module).subscribe({ next: () => steps.push('waited'), error: ({ code }: AtError) => steps.push(code) }), 300_000);
      world.scheduler.schedule(() => memory(module).subscribe(() => steps.push('late')), 601_000);
    });
    world.run(599_000);
    expect(steps).toEqual([]);
    expect(userLines(sent()).slice(-1)).toEqual(['AT+GSLP=600000']);
    world.run(400_000);
    expect(steps).toEqual(['awake 2', 'waited', 'late']);
    expect(violations).toEqual([]);
  });

  it('sends again for each subscription', () => {
    const { world, opened, sent } = harness();
    const clocks: number[] = [];
    opened((module) => {
      const again = restart(module);
      concat(again, again, timestamp(module, 1_700_000_000)).subscribe({ next: (seconds) => clocks.push(seconds) });
      restart(module).pipe(ignoreElements());
    });
    world.run(20_000);
    expect(sent().filter((line) => line === 'AT+RST')).toHaveLength(2);
    expect(clocks[0]).toBeGreaterThanOrEqual(1_700_000_000);
  });
});
