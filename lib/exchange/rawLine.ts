import { concat, defer, EMPTY, Observable, ReplaySubject, type SchedulerLike, Subject, type Subscriber, Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { createEscapeGuard, type GuardedWrite } from '../../operators/escapeGuard.js';
import { trampoline } from '../../operators/trampoline.js';
import { fromLatin1 } from '../codec/latin1.js';
import type { ModuleSettings } from '../command/command.js';
import type { RawLine } from '../command/rawLine.js';
import type { Connection } from '../transport.js';
import { createParting, type Parting, type Question } from './parting.js';
import { escapeRest, type QuietLine } from './quietLine.js';
import type { Writer } from './writer.js';

/** How a raw stream ended: in order, by a restart that was found out when it was left, or with a module that no longer answers. */
export type RawEnd = { readonly how: 'left'; readonly rest: Uint8Array } | { readonly how: 'restarted' } | { readonly how: 'silent' };

export interface RawLineConfig {
  readonly connection: Connection;
  readonly scheduler: SchedulerLike;
  /** Bound to the life of the exchange. */
  readonly life: Subscription;
  readonly writer: Writer;
  readonly silence: QuietLine;
  readonly lineTime: (bytes: number) => number;
  readonly settings: ModuleSettings;
  readonly show: (dir: 'tx' | 'rx', text: string) => void;
  readonly over: (end: RawEnd) => void;
}

/** A raw line and the exchange's side of it. */
export interface OpenRawLine {
  readonly line: RawLine;
  feed(bytes: Uint8Array): void;
  leave(): void;
  /** The exchange ended. */
  fail(error: AtError): void;
}

/** Bytes that may wait for the line. */
const ahead = 2048;
const answerLimit = 1500;
/** Of escapes and questions together. */
const attempts = 10;
/** What may come while the line is left; one that comes faster than it is told apart ends in an error. */
const partingLimit = 4 * 1024 * 1024;

interface Task {
  readonly bytes: Uint8Array;
  readonly subscriber: Subscriber<never>;
}

const questions: Readonly<Record<Question, string>> = { mode: 'AT+CIPMODE?', end: 'AT+CIPMODE=0', proof: 'AT+CIPMODE?' };

/** A raw stream that has just begun. */
export const createRawLine = ({ connection, scheduler, life, writer, silence, lineTime, settings, show, over }: RawLineConfig): OpenRawLine => {
  const incoming = new Subject<Uint8Array>();
  const left = new ReplaySubject<never>(1);
  const guard = createEscapeGuard();
  const work = new Subscription();
  life.add(work);
  let queue: Task[] = [];
  let active: Task | undefined;
  let leaving = false;
  let ended = false;
  let parting: Parting | undefined;
  let waiting = new Subscription();
  let tried = 0;

  const { wait } = silence;
  const hurry = new ReplaySubject<void>(1);
  const put = writer.write;
  writer.endure(true);

  const closed = (): AtError => new AtError({ kind: 'send', code: 'closed', message: 'the raw stream is over', retry: 'never' });

  const finish = (end?: RawEnd, error?: AtError): void => {
    if (ended) return;
    ended = true;
    writer.endure(false);
    waiting.unsubscribe();
    work.unsubscribe();
    const unwritten = [...(active === undefined ? [] : [active]), ...queue.splice(0)];
    for (const { subscriber } of unwritten) subscriber.error(error ?? closed());
    // The command first: what it errors with tells whoever has the line alone that it must be set up anew.
    if (end !== undefined) over(end);
    if (error === undefined) incoming.complete();
    else incoming.error(error);
    left.complete();
  };
  const silent = (): void => finish({ how: 'silent' }, new AtError({ kind: 'module', code: 'lost', message: 'the module does not leave the raw stream', retry: 'unknown' }));

  const ask = (question: Question): void => {
    tried += 1;
    waiting.unsubscribe();
    if (tried > attempts) return silent();
    const text = questions[question];
    parting?.asked(question);
    show('tx', text);
    waiting = concat(put(fromLatin1(`${text}\r\n`)), wait(answerLimit)).subscribe({ error: () => undefined, complete: escape });
    work.add(waiting);
  };
  const escape = (): void => {
    tried += 1;
    if (tried > attempts) return silent();
    const mark = (): void => {
      parting ??= createParting();
      show('tx', '+++');
    };
    waiting = concat(silence.escape(mark), wait(escapeRest)).subscribe({ error: () => undefined, complete: () => ask('mode') });
    work.add(waiting);
  };
  const conclude = (log: Parting): void => {
    const { peer, rest, certain } = log.part((settings.sysmsg & 1) === 1);
    if (!certain) {
      const message = 'what came last cannot be told apart from the answers of the module';
      return finish({ how: 'left', rest: new Uint8Array(0) }, new AtError({ kind: 'link', code: 'mixed', message, details: { bytes: log.length } }));
    }
    if (peer.length > 0) incoming.next(peer);
    finish({ how: 'left', rest });
  };
  const parted = (log: Parting, bytes: Uint8Array): void => {
    const reply = log.feed(bytes);
    if (reply === undefined) return log.length > partingLimit ? silent() : undefined;
    if (reply.kind === 'refused') return ask('mode');
    if (reply.kind === 'proved') return conclude(log);
    if (reply.kind === 'ended') return ask('proof');
    // A module that has booted echoes, and has forgotten its transfer mode.
    if ((reply.echoed && !settings.echo) || (settings.cipmode && !reply.on)) {
      return finish({ how: 'restarted' }, new AtError({ kind: 'module', code: 'reset', message: 'the module restarted during the raw stream', retry: 'unknown' }));
    }
    return reply.on ? ask('end') : conclude(log);
  };

  const step = trampoline(() => {
    if (active !== undefined || ended) return;
    const task = queue.shift();
    if (task === undefined) {
      if (leaving && tried === 0) escape();
      return;
    }
    active = task;
    const done = (end: () => void): void => {
      active = undefined;
      end();
      step();
    };
    const piece = (part: GuardedWrite): Observable<never> =>
      concat(
        // What the module does not take yet would swallow the pause.
        part.apart ? silence.patient(hurry) : EMPTY,
        put(part.bytes),
        defer(() => {
          guard.wrote(part);
          return EMPTY;
        }),
      );
    show('tx', `<${String(task.bytes.length)} bytes>`);
    // Not tied to the subscriber: what was begun goes out whole.
    work.add(
      concat(...guard.plan(task.bytes).map(piece), defer(() => wait(writer.clearAt - scheduler.now() - lineTime(ahead)))).subscribe({
        error: (error: unknown) => done(() => task.subscriber.error(error)),
        complete: () => done(() => task.subscriber.complete()),
      }),
    );
  });

  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    connection.hold?.(false);
    writer.endure(false);
    hurry.next();
    for (const { subscriber } of queue.splice(0)) subscriber.error(closed());
    step();
  };

  return {
    line: {
      incoming,
      write: (bytes) =>
        new Observable<never>((subscriber) => {
          if (leaving || ended) return subscriber.error(closed());
          if (bytes.length === 0) return subscriber.complete();
          const task = { bytes, subscriber };
          queue.push(task);
          step();
          return () => {
            queue = queue.filter((other) => other !== task);
          };
        }),
      ...(connection.hold === undefined ? {} : { hold: (on: boolean) => (leaving ? undefined : connection.hold?.(on)) }),
      leave: () =>
        defer(() => {
          leave();
          return left;
        }),
    },
    feed: (bytes) => {
      show('rx', `<${String(bytes.length)} bytes>`);
      if (parting === undefined) incoming.next(bytes);
      else parted(parting, bytes);
    },
    leave,
    fail: (error) => finish(undefined, error),
  };
};
