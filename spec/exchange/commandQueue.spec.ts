import { Subscriber, Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { bootSettings, type ModuleSettings } from '../../lib/command/command.js';
import { type CommandQueue, createCommandQueue } from '../../lib/exchange/commandQueue.js';
import type { Job, Reply, Request } from '../../lib/exchange/request.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { at } from './exchangeHarness.js';

interface Desk {
  readonly queue: CommandQueue;
  readonly scheduler: SteppedScheduler;
  readonly life: Subscription;
  /** Lines of the commands that were begun. */
  readonly begun: string[];
  readonly errors: unknown[];
  /** Whether the line takes one more. */
  free: boolean;
  settings: ModuleSettings;
  job(line: string, more?: Partial<Request>): Job;
}

/** A queue before a line that takes one command each time it is set free. */
const desk = (): Desk => {
  const scheduler = new SteppedScheduler();
  const life = new Subscription();
  const start = (job: Job): void => {
    all.free = false;
    all.begun.push(job.request.encoded.line);
  };
  const all: Desk = {
    queue: createCommandQueue({ scheduler, life, settings: () => all.settings, free: () => all.free, start }),
    scheduler,
    life,
    begun: [],
    errors: [],
    free: true,
    settings: bootSettings,
    job: (line, more = {}) => {
      const subscriber = new Subscriber<Reply>({ next: () => undefined, error: (error: unknown) => all.errors.push(error), complete: () => undefined });
      const encoded = { line, shown: line };
      const request: Request = { declared: at, params: {}, encoded, lane: 'user', settings: bootSettings, renew: () => request, ...more };
      return { request, subscriber, attempts: 0 };
    },
  };
  return all;
};

/** Begins one command after the other until nothing more is begun. */
const drain = (all: Desk): readonly string[] => {
  const from = all.begun.length;
  for (let before = -1; before !== all.begun.length; ) {
    before = all.begun.length;
    all.free = true;
    all.queue.pump();
  }
  return all.begun.slice(from);
};

describe('the queue of commands', () => {
  it('lets users wait while it is paused, the session not', () => {
    const all = desk();
    all.queue.push(all.job('user'));
    all.queue.push(all.job('session', { internal: true }));
    expect([all.queue.paused, drain(all)]).toEqual([true, ['session']]);
    all.queue.resume();
    expect(all.begun).toEqual(['session']);
    expect(drain(all)).toEqual(['user']);
  });

  it('begins one command at a time', () => {
    const all = desk();
    all.queue.resume();
    for (const line of ['a', 'b']) all.queue.push(all.job(line));
    all.queue.pump();
    all.queue.pump();
    expect(all.begun).toEqual(['a']);
  });

  it('holds everybody while it rests, and goes on by itself when the rest is over', () => {
    const all = desk();
    all.queue.push(all.job('session', { internal: true }));
    all.queue.rest(100);
    all.queue.pump();
    all.scheduler.advance(99);
    expect(all.begun).toEqual([]);
    all.scheduler.advance(1);
    expect(all.begun).toEqual(['session']);
  });

  it('need not rest any more after a restart', () => {
    const all = desk();
    all.queue.push(all.job('session', { internal: true }));
    all.queue.rest(100);
    all.queue.rested();
    all.queue.pump();
    expect([all.begun, all.scheduler.actions]).toEqual([['session'], []]);
  });

  it('writes what was put back before what waited behind it', () => {
    const all = desk();
    all.queue.resume();
    const first = all.job('first');
    all.queue.push(first);
    all.queue.push(all.job('second'));
    all.queue.pump();
    all.queue.putBack(first);
    expect(drain(all)).toEqual(['first', 'second']);
  });

  it('makes a request anew where the settings are others than those it was made for', () => {
    const all = desk();
    all.queue.resume();
    const renewed = all.job('with a link').request;
    all.queue.push(all.job('without a link', { renew: () => renewed }));
    all.settings = { ...bootSettings, cipmux: true };
    expect(drain(all)).toEqual(['with a link']);
  });

  it('tells who waits for a request that cannot be made anew, and goes on with the next', () => {
    const all = desk();
    all.queue.resume();
    const refused = new AtError({ kind: 'unsupported', code: 'command', message: 'not any more' });
    all.queue.push(all.job('lost', { renew: () => refused }));
    all.queue.push(all.job('next', { settings: (all.settings = { ...bootSettings }) }));
    all.queue.pump();
    expect([all.errors, all.begun]).toEqual([[refused], ['next']]);
  });

  it('takes 1024 commands of users, and then still those of the session', () => {
    const all = desk();
    const answers = Array.from({ length: 1025 }, () => all.queue.push(all.job('user')));
    expect(answers.findIndex((answer) => answer !== undefined)).toBe(1024);
    expect(answers[1024]).toMatchObject({ kind: 'usage', code: 'overload', retry: 'safe' });
    expect(all.queue.push(all.job('session', { internal: true }))).toBeUndefined();
  });

  it.each([
    [false, ['session'], ['user']],
    [true, ['session', 'user'], []],
  ])('clears all: %s', (everything, taken, left) => {
    const all = desk();
    all.queue.resume();
    all.queue.push(all.job('user'));
    all.queue.push(all.job('session', { internal: true }));
    expect(all.queue.clear(everything).map(({ request }) => request.encoded.line)).toEqual(taken);
    expect(drain(all)).toEqual(left);
  });

  it('takes out what is unsubscribed, once', () => {
    const all = desk();
    all.queue.resume();
    const job = all.job('regretted');
    all.queue.push(job);
    expect([all.queue.remove(job), all.queue.remove(job), drain(all)]).toEqual([true, false, []]);
  });

  it('begins nothing after the end of the line and leaves no timer behind', () => {
    const all = desk();
    all.queue.push(all.job('session', { internal: true }));
    all.queue.rest(100);
    all.life.unsubscribe();
    expect([all.scheduler.actions, drain(all)]).toEqual([[], []]);
  });
});
