import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Connection, Transport } from '../../lib/transport.js';
import { AtError } from '../../lib/transport.js';
import { ascii, text } from './byteSources.js';

type Answer = string | ((written: string) => string | undefined);

interface Rule {
  readonly when: string | RegExp;
  readonly answer: Answer;
  readonly delay: number;
  left: number;
}

export interface ScriptedLineConfig {
  readonly scheduler: SchedulerLike;
  /** Time a write takes, in ms; 0 completes in its stack. */
  readonly takes?: number;
  readonly baud?: number;
  /** That the driver is empty, where it can tell. */
  readonly drained?: Observable<never>;
}

/** A line whose other end is a script: one character per byte. */
export interface ScriptedLine {
  readonly connection: Connection;
  /** `open()` gives `connection`, once; a second `open` before the first is closed errors `transport`/`open`. */
  readonly transport: Transport;
  /** Every write that was begun. */
  readonly written: readonly string[];
  /** `listen`, `write`, `written`, `open`, `close` in the order they happened. */
  readonly log: readonly string[];
  /** The other end says something now. */
  say(text: string): void;
  /** What it says whenever a write matches, `delay` ms (1) after it, at most `times` times (for ever); the newest rule that matches counts. */
  on(when: string | RegExp, answer: Answer, options?: { readonly delay?: number; readonly times?: number }): void;
  /** The next writes are taken only when the returned function is called. */
  hold(): () => void;
  /** The next write errors. */
  break(error: unknown): void;
  lose(): void;
  close(): void;
}

/** A scripted line that says nothing yet. */
export const scriptedLine = ({ scheduler, takes = 0, baud, drained }: ScriptedLineConfig): ScriptedLine => {
  const written: string[] = [];
  const log: string[] = [];
  let rules: Rule[] = [];
  let reader: Subscriber<Uint8Array> | undefined;
  let writing = false;
  let broken: unknown;
  let held: (() => void)[] | undefined;
  let open = false;
  const answer = (bytes: string): void => {
    const rule = [...rules].reverse().find(({ when }) => (typeof when === 'string' ? bytes === when : when.test(bytes)));
    if (rule === undefined) return;
    rule.left -= 1;
    if (rule.left <= 0) rules = rules.filter((other) => other !== rule);
    const reply = typeof rule.answer === 'string' ? rule.answer : rule.answer(bytes);
    if (reply !== undefined) scheduler.schedule(() => reader?.next(ascii(reply)), rule.delay);
  };
  const connection: Connection = {
    incoming: new Observable<Uint8Array>((subscriber) => {
      log.push('listen');
      reader = subscriber;
      return () => (reader = undefined);
    }),
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        if (writing) return subscriber.error(new AtError({ kind: 'usage', code: 'overlap', message: 'a write is in progress' }));
        if (broken !== undefined) return subscriber.error(broken);
        const content = text(bytes);
        written.push(content);
        log.push('write');
        writing = true;
        const end = (): void => {
          writing = false;
          log.push('written');
          answer(content);
          subscriber.complete();
        };
        if (held !== undefined) held.push(end);
        else if (takes > 0) scheduler.schedule(end, takes);
        else end();
      }),
    ...(baud === undefined ? {} : { baud }),
    ...(drained === undefined ? {} : { drained: () => drained }),
  };
  return {
    connection,
    transport: {
      open: () =>
        new Observable<Connection>((subscriber) => {
          if (open) return subscriber.error(new AtError({ kind: 'transport', code: 'open', message: 'the port is open' }));
          open = true;
          log.push('open');
          subscriber.next(connection);
          return () => {
            open = false;
            log.push('close');
            reader?.complete();
          };
        }),
    },
    written,
    log,
    say: (said) => reader?.next(ascii(said)),
    on: (when, reply, { delay = 1, times = Infinity } = {}) => void rules.push({ when, answer: reply, delay, left: times }),
    hold: () => {
      held = [];
      return () => {
        const ends = held ?? [];
        held = undefined;
        for (const end of ends) end();
      };
    },
    break: (error) => (broken = error),
    lose: () => reader?.error(new AtError({ kind: 'transport', code: 'lost', message: 'the port is gone', retry: 'safe' })),
    close: () => reader?.complete(),
  };
};
