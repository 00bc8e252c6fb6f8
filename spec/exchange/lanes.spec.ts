import * as fc from 'fast-check';
import { createLanes } from '../../lib/exchange/lanes.js';
import { act, at, bench, muxQuery, ok } from './exchangeHarness.js';

describe('lanes', () => {
  test('are served in turn, each in its own order', () => {
    const lanes = createLanes<string>();
    for (const job of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) lanes.push(job.charAt(0), job);
    const order = Array.from({ length: 6 }, () => lanes.next());
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect([lanes.next(), lanes.size]).toEqual([undefined, 0]);
  });

  test('any history: no job is lost, doubled or overtaken within its lane, and none waits for more than one of each other lane', () => {
    const action = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 2, arbitrary: fc.constant('next') }, fc.constant('remove'));
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const lanes = createLanes<{ lane: string; id: number }>();
        const jobs = new Map<number, { lane: string; id: number }>();
        let model: { lane: string; id: number; passed: string[] }[] = [];
        for (const [id, what] of actions.entries()) {
          if (what === 'next') {
            const job = lanes.next();
            const first = model.find(({ lane }) => lane === job?.lane);
            expect(job?.id).toBe(first?.id);
            expect(job === undefined).toBe(model.length === 0);
            model = model.filter((entry) => entry !== first);
            for (const entry of model.filter((other, index) => model.findIndex(({ lane }) => lane === other.lane) === index && other.lane !== job?.lane)) {
              if (job === undefined) continue;
              expect(entry.passed).not.toContain(job.lane);
              entry.passed.push(job.lane);
            }
          } else if (what === 'remove') {
            const middle = model[Math.floor(model.length / 2)];
            if (middle === undefined) continue;
            // A job in the middle of its lane leaves the turns as they are.
            if (model.find(({ lane }) => lane === middle.lane) === middle) continue;
            expect(lanes.remove(jobs.get(middle.id) ?? { lane: '', id: -1 })).toBe(true);
            model = model.filter((entry) => entry !== middle);
          } else {
            const job = { lane: what, id };
            jobs.set(id, job);
            lanes.push(what, job);
            model.push({ ...job, passed: [] });
          }
          expect(lanes.size).toBe(model.length);
        }
      }),
      { seed: 7 },
    );
  });
});

describe('the queue', () => {
  test('round-robin over lanes on the wire', () => {
    const { line, exec } = bench();
    exec(at);
    for (const value of [1, 2, 3]) exec(act, { value }, { lane: 'bulk' });
    exec(act, { value: 7 }, { lane: 'pull' });
    for (let i = 0; i < 5; i += 1) line.say(ok);
    expect(line.written.slice(1)).toEqual(['AT+ACT=1\r\n', 'AT+ACT=7\r\n', 'AT+ACT=2\r\n', 'AT+ACT=3\r\n']);
  });

  test('holds 1024 commands; the next one is refused and may be tried again', () => {
    const { line, exec } = bench();
    const all = Array.from({ length: 1025 }, () => exec(muxQuery));
    expect(exec(muxQuery).error).toMatchObject({ kind: 'usage', code: 'overload', retry: 'safe' });
    line.say(`+CIPMUX:1\r\n${ok}`);
    expect(exec(muxQuery).error).toBeUndefined();
    for (let i = 0; i < 1025; i += 1) line.say(`+CIPMUX:1\r\n${ok}`);
    expect(all.every(({ completed }) => completed)).toBe(true);
  });

  test('an answer in the stack of its own write needs no stack', () => {
    const { line, exec, scheduler } = bench();
    line.on(/./, ok, { delay: 0 });
    const all = Array.from({ length: 1000 }, () => exec(at));
    scheduler.advance(10);
    expect(all.every(({ completed }) => completed)).toBe(true);
  });
});
