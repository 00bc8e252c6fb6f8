import { type AtError, type AtModule, hostname, memory, smartConfig, type SmartConfigStage, type Secret } from '../../lib/index.js';
import { featureHarness, userLines } from './featureHarness.js';

const network = { ssid: 'Lab, "2"', password: 'not,to"be\\seen' };
const offer = (world: ReturnType<typeof featureHarness>['world'], type: 'ESPTOUCH' | 'AIRKISS' | 'ESPTOUCH_V2' = 'ESPTOUCH', reserved?: string): void =>
  world.module.world.smartConfig({ type, ...network, ...(reserved === undefined ? {} : { reserved }) });
const isStop = (line: string): boolean => line === 'AT+CWSTOPSMART';

describe.each(['v2', 'v4'] as const)('SmartConfig of %s', (dialect) => {
  const harness = () => featureHarness({ emulator: { dialect, accessPoints: [network] } });

  it('tells its stages, joins, and stops before it completes', () => {
    const { world, opened, sent, trace } = harness();
    const stages: SmartConfigStage[] = [];
    let linesAtEnd: string[] = [];
    opened((module) => smartConfig(module).subscribe({ next: (stage) => stages.push(stage), complete: () => (linesAtEnd = sent()) }));
    world.run(30_000);
    expect(userLines(sent())).toEqual(['AT+CWMODE?', 'AT+CWMODE=1', 'AT+CWSTARTSMART']);
    offer(world);
    world.run(30_000);
    expect(stages.map(({ stage }) => stage)).toEqual(['type', 'got-info', 'connected']);
    expect(stages[0]).toEqual({ stage: 'type', type: 'ESPTOUCH' });
    expect(userLines(linesAtEnd).slice(-1)).toEqual(['AT+CWSTOPSMART']);
    // Before 2.4 the firmware keeps name and password to itself.
    const info = stages[1] as { ssid?: string; password?: Secret };
    expect([info.ssid, info.password?.reveal()]).toEqual(dialect === 'v4' ? [network.ssid, network.password] : [undefined, undefined]);
    expect(JSON.stringify(stages) + String(info.password)).not.toContain('seen');
    expect(trace.join('\n')).not.toContain('seen');
  });

  it('keeps the commands of others waiting until it has stopped', () => {
    const { world, opened, sent, violations } = harness();
    let waited: string | undefined;
    const heap: number[] = [];
    opened((module) => {
      smartConfig(module).subscribe();
      world.scheduler.schedule(() => hostname(module).subscribe((found) => (waited = found)), 5000);
      world.scheduler.schedule(() => memory(module).subscribe(({ free }) => heap.push(free)), 6000);
    });
    world.run(60_000);
    expect([waited, heap]).toEqual([undefined, []]);
    expect(sent().slice(-1)).toEqual(['AT+CWSTARTSMART']);
    offer(world);
    world.run(5000);
    expect(waited).toEqual(expect.any(String));
    expect(heap).toHaveLength(1);
    expect(userLines(sent()).slice(-3)).toEqual(['AT+CWSTOPSMART', 'AT+CWHOSTNAME?', 'AT+SYSRAM?']);
    expect(violations).toEqual([]);
  });

  it('stops when it is unsubscribed, whatever it was doing', () => {
    // Between two lines, in the middle of each command, and while it listens.
    for (let at = 0; at <= 12; at += 1) {
      const { world, opened, sent } = harness();
      let after: string | undefined;
      opened((module) => {
        const life = smartConfig(module).subscribe();
        world.scheduler.schedule(() => {
          life.unsubscribe();
          hostname(module).subscribe((found) => (after = found));
        }, at);
      });
      world.run(10_000);
      expect(sent().filter((line) => line === 'AT+CWSTARTSMART')).toHaveLength(sent().filter(isStop).length);
      expect(after).toEqual(expect.any(String));
    }
  });

  it('stops what a former host has left running, and errors', () => {
    const { world, opened, sent } = harness();
    const errors: unknown[] = [];
    const use = (module: AtModule): void => {
      smartConfig(module).subscribe({ error: ({ kind, code }: AtError) => errors.push([kind, code]) });
    };
    world.module.faults.add({ when: (event) => event.point === 'command' && event.line === 'AT+CWSTARTSMART', times: 1, act: { do: 'error' } });
    opened(use);
    world.run(10_000);
    expect(errors).toEqual([['command', 'rejected']]);
    expect(sent().filter(isStop)).toHaveLength(1);
  });

  it('errors when the module restarts, and lets the others go on', () => {
    const { world, opened } = harness();
    const errors: unknown[] = [];
    let after: string | undefined;
    opened((module) =>
      void smartConfig(module).subscribe({
        error: ({ kind, code }: AtError) => {
          errors.push([kind, code]);
          world.scheduler.schedule(() => hostname(module).subscribe((found) => (after = found)), 1);
        },
      }),
    );
    world.run(5000);
    world.module.reset();
    world.run(10_000);
    expect(errors).toEqual([['module', 'reset']]);
    expect(after).toEqual(expect.any(String));
  });

  it('stops when the module is closed', () => {
    const { world, opened, sent, close } = harness();
    opened((module) => void smartConfig(module).subscribe({ error: () => undefined }));
    world.run(5000);
    close();
    world.run(5000);
    expect(sent().filter(isStop)).toHaveLength(1);
    expect(world.timers).toBe(0);
  });
});

describe('ESP-TOUCH v2', () => {
  it('brings data along, on firmware that has it', () => {
    const { world, opened, sent } = featureHarness({ emulator: { dialect: 'v4', accessPoints: [network] } });
    const stages: SmartConfigStage[] = [];
    opened((module) => void smartConfig(module, { type: 'esp-touch v2', key: '0123456789abcdef' }).subscribe((stage) => stages.push(stage)));
    world.run(5000);
    offer(world, 'ESPTOUCH_V2', 'seat 7');
    world.run(5000);
    expect(stages.map(({ stage }) => stage)).toEqual(['type', 'got-info', 'data', 'connected']);
    expect(stages[2]).toEqual({ stage: 'data', data: Uint8Array.from([...'seat 7'].map((character) => character.charCodeAt(0))) });
    expect(sent()).toContain('AT+CWSTARTSMART=4,,"****************"');
  });

  it('is unsupported before it', () => {
    const { world, opened, sent } = featureHarness({ emulator: { dialect: 'v2' } });
    const errors: unknown[] = [];
    opened((module) => void smartConfig(module, { key: '0123456789abcdef' }).subscribe({ error: ({ kind, details }: AtError) => errors.push([kind, details['parameter']]) }));
    world.run(5000);
    expect(errors).toEqual([['unsupported', 'key']]);
    expect(sent().some((line) => line.startsWith('AT+CWSTARTSMART'))).toBe(false);
  });
});
