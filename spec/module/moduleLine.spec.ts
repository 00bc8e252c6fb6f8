import { concat, EMPTY, ignoreElements, merge, NEVER, observeOn, of, take, throwError, timer } from 'rxjs';
import { type AtError, type AtModule, commands, type LineAlone } from '../../lib/index.js';
import { featureHarness } from '../features/featureHarness.js';

const { memory, sleepQuery, version } = commands.basic;
const mode = commands.wifi.modeQuery;

describe('the line for one alone', () => {
  it('lets the work go past the waiting, and nobody else', () => {
    const { world, opened, sent } = featureHarness();
    opened((module) => {
      const rest = timer(500, world.scheduler).pipe(ignoreElements());
      concat(module.exec(mode), module.line.alone(({ exec }) => concat(exec(memory), rest, exec(sleepQuery)))).subscribe();
      // Queued before the work begins, and while it runs.
      module.exec(version).subscribe();
      world.scheduler.schedule(() => module.exec(commands.basic.clockQuery).subscribe(), 100);
    });
    world.run(5000);
    expect(sent().slice(-5)).toEqual(['AT+CWMODE?', 'AT+SYSRAM?', 'AT+SLEEP?', 'AT+GMR', 'AT+SYSTIMESTAMP?']);
  });

  const ends: [string, (module: AtModule, scheduler: ReturnType<typeof featureHarness>['world']['scheduler']) => void][] = [
    ['completes', (module) => void module.line.alone(() => EMPTY).subscribe()],
    ['emits and completes', (module) => void module.line.alone(() => of(1)).subscribe()],
    ['errors', (module) => void module.line.alone(() => throwError(() => new Error('no'))).subscribe({ error: () => undefined })],
    [
      'throws',
      (module) =>
        void module.line
          .alone(() => {
            throw new Error('no');
          })
          .subscribe({ error: () => undefined }),
    ],
    [
      'is unsubscribed',
      (module, scheduler) => {
        const life = module.line.alone(() => NEVER).subscribe();
        scheduler.schedule(() => life.unsubscribe(), 300);
      },
    ],
  ];

  it.each(ends)('goes on when the work %s', (_, begin) => {
    const { world, opened } = featureHarness();
    const answers: unknown[] = [];
    opened((module) => {
      begin(module, world.scheduler);
      module.exec(memory).subscribe(() => answers.push('answered'));
    });
    world.run(5000);
    expect(answers).toEqual(['answered']);
  });

  it('belongs to every holder until the last one lets go', () => {
    const { world, opened } = featureHarness();
    const answers: number[] = [];
    opened((module) => {
      const hold = (ms: number) => module.line.alone(() => timer(ms, world.scheduler));
      merge(hold(1000), hold(3000)).subscribe();
      module.exec(memory).subscribe(() => answers.push(world.scheduler.frame));
    });
    world.run(10_000);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toBeGreaterThanOrEqual(3000);
  });

  it('is set up anew after a command of the work got no answer', () => {
    const { world, opened, sent } = featureHarness();
    const outcomes: unknown[] = [];
    opened((module) => {
      world.module.faults.add({ when: (event) => event.point === 'terminal' && event.line === 'AT+SYSRAM?', times: 1, act: { do: 'late', ms: 5000 } });
      module.line.alone(({ exec }) => exec(memory)).subscribe({ error: ({ code }: AtError) => outcomes.push(code) });
      module.exec(sleepQuery).subscribe({ next: ({ mode: found }) => outcomes.push(found), error: (error: unknown) => outcomes.push(error) });
    });
    world.run(60_000);
    expect(outcomes).toEqual(['timeout', 'modem-dtim']);
    expect(sent().filter((line) => line === 'AT+CIPMUX=1')).toHaveLength(2);
  });

  it('is not given to others by a restart before the prologue ran, and not before it is let go', () => {
    const { world, opened, sent } = featureHarness();
    const kept: string[] = [];
    const multiplexed: boolean[] = [];
    opened((module) => {
      // Lets go in the very event.
      const untilReady = ({ exec }: LineAlone) => merge(exec(memory).pipe(ignoreElements()), module.events.pipe(take(1)));
      module.line.alone(untilReady).subscribe();
      world.scheduler.schedule(() => world.module.reset(), 100);
      module.events.pipe(take(1), observeOn(world.scheduler)).subscribe(() => {
        multiplexed.push(module.settings.cipmux);
        module.exec(sleepQuery).subscribe();
      });
      world.scheduler.schedule(() => module.line.alone(() => timer(5000, world.scheduler)).subscribe(), 2000);
      world.scheduler.schedule(() => world.module.reset(), 3000);
      world.scheduler.schedule(() => module.exec(memory).subscribe({ next: () => kept.push(String(world.scheduler.frame >= 7000)) }), 4500);
    });
    world.run(20_000);
    const lines = sent();
    expect(multiplexed).toEqual([true]);
    expect(lines.indexOf('AT+SLEEP?')).toBe(lines.indexOf('AT+CIPDINFO=0', lines.indexOf('AT+CIPDINFO=0') + 1) + 1);
    expect(kept).toEqual(['true']);
  });

  it('gives the work two seconds to end when the module is closed', () => {
    const { world, opened, sent, close } = featureHarness();
    opened((module) => {
      module.line.alone(({ exec, leaving }) => concat(leaving.pipe(take(1), ignoreElements()), exec(sleepQuery))).subscribe({ error: () => undefined });
      module.line.alone(() => NEVER).subscribe({ error: () => undefined });
    });
    world.run(1000);
    const closedAt = world.scheduler.frame;
    close();
    const end = world.run(10_000);
    expect(sent().slice(-1)).toEqual(['AT+SLEEP?']);
    expect(end - closedAt).toBeLessThanOrEqual(2000);
    expect(world.timers).toBe(0);
  });

  it("is nobody else's while the module is being closed", () => {
    const { world, opened, sent, close } = featureHarness();
    const errors: unknown[] = [];
    opened((module) => {
      module.line.alone(({ leaving }) => leaving.pipe(take(1))).subscribe({ error: () => undefined });
      module.exec(sleepQuery).subscribe({ error: ({ kind, code }: AtError) => errors.push([kind, code]) });
    });
    world.run(1000);
    const before = sent();
    close();
    world.run(10_000);
    expect(sent()).toEqual(before);
    expect(errors).toEqual([['module', 'closed']]);
  });
});
