import { merge, Observable, Subject, Subscription, tap } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { FramerInstruction } from '../../operators/frame.js';
import { trampoline } from '../../operators/trampoline.js';
import { fromLatin1 } from '../codec/latin1.js';
import { bootSettings, type ModuleSettings } from '../command/command.js';
import type { AtEvent } from '../command/event.js';
import type { Dialect } from '../dialects/dialect.js';
import { answerTime } from './answerTime.js';
import { createArrivals } from './arrivals.js';
import { createDispatch } from './dispatch.js';
import type { Exchange, ExchangeConfig, Unanswered } from './exchange.js';
import { concealSecrets, headsOf } from './heads.js';
import { holdLine } from './holdLine.js';
import { createLanes } from './lanes.js';
import { closed, interrupted, lost, resetError } from './lineErrors.js';
import { outcomeOf } from './outcomeOf.js';
import { createPayer } from './payer.js';
import { createQuietLine, escapeRest } from './quietLine.js';
import type { RawEnd } from './rawLine.js';
import { createRawPhase } from './rawPhase.js';
import { readFrames } from './readFrames.js';
import { createReporter } from './reporter.js';
import type { Job, Reply } from './request.js';
import { createSilence } from './silence.js';
import { advance, openSlot, promptOf, type Result, type Slot, type SlotInput } from './slot.js';
import { createWriter } from './writer.js';

/** A module that said it would restart and does not say `ready` within this time, in ms, is set up as if it had. */
const bootLimit = 15_000;
const queueLimit = 1024;
const busyRetries = 8;
const busyDelay = 50;
/** From `+++` to SEND CANCELLED, at most, in ms. */
const escapeLimit = 3000;

interface Current {
  readonly job: Job;
  slot: Slot;
  /** It was ended by `+++`. */
  escaped?: boolean;
}

/** Takes over the connection: reads from now on, writes when asked to. */
export const createExchange = ({ connection, dialect: initial, scheduler }: ExchangeConfig): Exchange => {
  const events = new Subject<AtEvent>();
  const restarts = new Subject<void>();
  const silences = new Subject<Unanswered>();
  const ended = new Subject<never>();
  const control = new Subject<FramerInstruction>();
  /** What came behind the end of a raw stream: it is read once more, as lines. */
  const again = new Subject<Uint8Array>();
  const waiting = createLanes<Job>();
  const urgent = createLanes<Job>();
  const answerClock = createSilence(scheduler);
  const bootClock = createSilence(scheduler);
  /** Runs while nothing at all may be written: a rejected command waits to be written again, or `+++` was. */
  const restClock = createSilence(scheduler);
  const subscriptions = new Subscription();
  let dialect = initial;
  let settings: ModuleSettings = bootSettings;
  /** Set while users' commands wait: from a restart to the end of the prologue, and while somebody has the line alone. */
  let before: ModuleSettings | undefined;
  let current: Current | undefined;
  /** The command whose silence the line is being recovered from. */
  let dead: Unanswered | undefined;
  let paused = true;
  let rawBoot = false;
  let stopped: AtError | undefined;

  const instruct = (instruction: FramerInstruction): void => control.next(instruction);
  const reshape = (): void => instruct({ do: 'heads', heads: headsOf(dialect, settings) });
  const reporter = createReporter({
    scheduler,
    echo: (text) => {
      if (current === undefined || text === '' || !current.slot.text.startsWith(text, current.slot.echoed)) return undefined;
      return current.job.request.encoded.shown.slice(current.slot.echoed, current.slot.echoed + text.length);
    },
    conceal: (text) => concealSecrets(dialect, text, settings),
  });
  const { diagnostics, trace, redactor, tell, show, shownLine } = reporter;
  const lineTime = (bytes: number): number => (connection.baud === undefined ? 0 : (bytes * 10_000) / connection.baud);

  const arrivals = createArrivals({
    scheduler,
    counting: () => current?.slot.declared.phase === 'counted',
    alive: () => answerClock.touch(),
    abandon: () => instruct({ do: 'abandon' }),
  });

  const startClock = ({ job }: Current, bytes: number): void => answerClock.start(answerTime(job.request, bytes, lineTime), () => step({ kind: 'timeout' }));

  const settle = (job: Job, slot: Slot, stage: Slot['stage'], result: Result): void => {
    current = undefined;
    answerClock.stop();
    // After a silence the prompt may still come: the module would take the next command for the payload.
    if (promptOf(slot.declared) === 'raw' ? result !== 'OK' : promptOf(slot.declared) !== undefined && result !== 'TIMEOUT') raw.abort();
    const success = slot.declared.terminals?.success ?? ['OK'];
    if (success.includes(result) && slot.declared.effect !== undefined) {
      settings = { ...settings, ...slot.declared.effect(job.request.params) };
      reshape();
    }
    job.subscriber.next({ kind: 'end', outcome: outcomeOf(slot, stage, result) });
    job.subscriber.complete();
  };

  const backOff = (job: Job): void => {
    current = undefined;
    answerClock.stop();
    raw.abort();
    job.attempts += 1;
    (job.request.internal === true ? urgent : waiting).unshift(job.request.lane, job);
    tell('resend', `${job.request.encoded.shown} was dropped by a busy module`);
    restClock.start(busyDelay * 2 ** (job.attempts - 1), () => pump());
  };

  const finish = (result: Result, { stage }: Slot): void => {
    if (current === undefined) return;
    const { job, slot, escaped = false } = current;
    const { declared, internal, encoded } = job.request;
    const silent = result === 'TIMEOUT';
    // It was `+++` that ended it: that nothing of it is left on the line is proved like after a silence.
    const left = escaped && result !== 'ABORTED';
    if (result === 'BUSY' && job.attempts < busyRetries && !job.subscriber.closed) return backOff(job);
    if (declared.restarts === true && result === 'OK') awaitBoot(declared.restartsIn?.(job.request.params) ?? 0);
    const doubtful = left || (silent && internal !== true);
    if (left) restClock.start(escapeRest, () => pump());
    if (left || silent) paused = true;
    if (doubtful) {
      dead = { request: job.request, slot: { ...slot, stage: silent ? stage : 'ended' } };
      tell('quarantine', `${encoded.shown} ${silent ? 'got no answer' : 'was ended by +++'}`);
    }
    settle(job, slot, stage, result);
    if (silent) instruct({ do: 'abandon' });
    if (doubtful && dead !== undefined) silences.next(dead);
    pump();
  };

  const awaitBoot = (begins: number): void => {
    paused = true;
    bootClock.start(begins + bootLimit, () => restarted('ready did not come', true));
  };

  const pay = ({ job }: Current): void => {
    answerClock.stop();
    payer.pay(job.request, job.subscriber.closed, ({ length, failure, escaped, stalled }) => {
      if (current?.job !== job) return;
      if (stalled) return void step({ kind: 'timeout' });
      current.escaped = escaped;
      if (failure !== undefined) current.slot = { ...current.slot, failure };
      if (escaped) answerClock.start(escapeLimit, () => step({ kind: 'timeout' }));
      else startClock(current, length);
      step({ kind: 'paid' });
    });
  };

  const leftRaw = (end: RawEnd): void => {
    if (end.how === 'left') {
      settings = { ...settings, cipmode: false };
      if (end.rest.length > 0) again.next(end.rest);
    }
    if (current === undefined) return;
    const { job, slot } = current;
    if (end.how !== 'restarted') return finish(end.how === 'left' ? 'OK' : 'TIMEOUT', slot);
    restarted('found when the raw stream was left', false);
    settle(job, slot, slot.stage, 'ABORTED');
    pump();
  };

  const enterRaw = (): void => {
    if (current === undefined) return;
    const { job } = current;
    answerClock.stop();
    job.subscriber.next({ kind: 'raw', line: raw.begin() });
    if (job.subscriber.closed) raw.leave();
  };

  /** Offers an input to the current command; false when it is not its. */
  const step = (input: SlotInput): boolean => {
    if (current === undefined) return false;
    const from = current.slot;
    const { slot, taken, effects } = advance(from, input, settings);
    current.slot = slot;
    if (taken) {
      answerClock.touch();
      arrivals.renew();
    }
    for (const effect of effects) {
      // The stream is the rest of the command's life: its end comes with that of the stream.
      if (effect.do === 'raw') {
        enterRaw();
        break;
      } else if (effect.do === 'item') current?.job.subscriber.next({ kind: 'item', item: effect.item });
      else if (effect.do === 'pay' && current !== undefined) pay(current);
      else if (effect.do === 'quit') payer.quit();
      else if (effect.do === 'end') finish(effect.result, from);
    }
    return taken;
  };

  const restarted = (how: string, expected: boolean): void => {
    for (const part of [bootClock, restClock, payer]) part.stop();
    paused = true;
    before ??= settings;
    settings = bootSettings;
    dead = undefined;
    raw.abort();
    reshape();
    tell('restarted', how);
    events.next({ name: 'ready', fields: {} });
    // Whoever asked for the restart may have queued already what comes after it.
    const dropped = [...urgent.clear(), ...(expected ? [] : waiting.clear())];
    step({ kind: 'restarted' });
    for (const job of dropped) job.subscriber.error(resetError());
    restarts.next();
  };

  const { onFrame } = createDispatch({
    get dialect() {
      return dialect;
    },
    get settings() {
      return settings;
    },
    get declared() {
      return current?.slot.declared;
    },
    get recovering() {
      return paused;
    },
    step,
    tell,
    show,
    shownLine,
    redacted: redactor.shown,
    raw: (bytes) => raw.feed(bytes),
    booted: () => void (rawBoot = true),
    event: (event) => events.next(event),
    ready: () => {
      // `ready` can overtake the OK of the command that asked for it.
      if (current?.slot.declared.restarts === true) step({ kind: 'line', text: 'OK' });
      restarted('ready', bootClock.running);
    },
    prompted: () => {
      if (step({ kind: 'prompt' })) return;
      tell('late', '>');
      if (dead !== undefined) silences.next({ ...dead, slot: { ...dead.slot, stage: 'prompted' } });
    },
    broken: (failure) => {
      if (current !== undefined) current.slot = { ...current.slot, failure };
    },
  });

  const start = (job: Job): void => {
    const { declared, encoded, strict } = job.request;
    const slot = { ...openSlot(declared, encoded.line), passing: declared.result === 'stream', ...(strict === true ? { strict } : {}) };
    const started: Current = { job, slot };
    current = started;
    arrivals.renew();
    const then = promptOf(declared);
    if (then === 'raw') raw.expect();
    else if (then !== undefined) instruct({ do: 'arm', then });
    show('tx', encoded.shown);
    const bytes = fromLatin1(`${encoded.line}\r\n`);
    startClock(started, bytes.length);
    if (job.attempts === 0) job.subscriber.next({ kind: 'sent', request: job.request });
    subscriptions.add(writer.write(bytes).subscribe({ error: () => undefined, complete: () => current === started && started.slot.stage === 'sent' && answerClock.touch() }));
  };

  const pump = trampoline(() => {
    while (current === undefined && !writer.busy && !restClock.running && stopped === undefined) {
      const job = urgent.next() ?? (paused ? undefined : waiting.next());
      if (job === undefined) return;
      const renewed = job.request.settings === settings ? job.request : job.request.renew();
      if (renewed instanceof AtError) job.subscriber.error(renewed);
      else {
        job.request = renewed;
        start(job);
      }
    }
  });

  const stop = (error?: AtError): void => {
    if (stopped !== undefined) return;
    const reason = error ?? closed();
    stopped = reason;
    for (const clock of [answerClock, arrivals, bootClock, restClock]) clock.stop();
    subscriptions.unsubscribe();
    raw.fail(reason);
    const jobs = [...urgent.clear(), ...waiting.clear()];
    const sent = current?.job;
    current = undefined;
    sent?.subscriber.error(interrupted(reason));
    for (const job of jobs) job.subscriber.error(reason);
    if (error === undefined) ended.complete();
    else ended.error(error);
    for (const subject of [events, restarts, silences]) subject.complete();
    reporter.complete();
  };

  const writer = createWriter({ connection, scheduler, lineTime, life: subscriptions, idle: () => pump(), failed: stop });
  const silence = createQuietLine(connection, scheduler, writer);
  const base = { connection, scheduler, life: subscriptions, lineTime, show, writer, silence };
  const payer = createPayer(base);
  const raw = createRawPhase({
    ...base,
    settings: () => settings,
    instruct,
    reread: (bytes) => again.next(bytes),
    prompted: () => step({ kind: 'prompt' }),
    over: leftRaw,
  });

  const exchange: Exchange = {
    events,
    diagnostics,
    trace,
    restarts,
    silences,
    ended,
    redactor,
    get settings() {
      return settings;
    },
    get expected() {
      return before ?? settings;
    },
    get dialect() {
      return dialect;
    },
    set dialect(next: Dialect) {
      dialect = next;
      reshape();
    },
    run: (request) =>
      new Observable<Reply>((subscriber) => {
        if (stopped !== undefined) return subscriber.error(stopped);
        const lanes = request.internal === true ? urgent : waiting;
        if (lanes.size >= queueLimit) {
          return subscriber.error(new AtError({ kind: 'usage', code: 'overload', message: `${String(queueLimit)} commands are waiting already`, retry: 'safe' }));
        }
        const job: Job = { request, subscriber, attempts: 0 };
        lanes.push(request.lane, job);
        // The session wants the line back: closing, or the next step of whoever has it.
        if (request.internal === true) raw.leave();
        pump();
        return () => {
          if (lanes.remove(job) || current?.job !== job) return;
          raw.leave();
          payer.quit();
        };
      }),
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        if (stopped !== undefined) return subscriber.error(stopped);
        show('tx', `<${String(bytes.length)} bytes>`);
        return writer.write(bytes).subscribe(subscriber);
      }),
    tell,
    restarted: (how) => restarted(how, bootClock.running),
    escape: silence.escape(() => show('tx', '+++')),
    quit: () => payer.quit(),
    lineTime,
    hold: holdLine(connection, [answerClock, arrivals]),
    get rawBoot() {
      return rawBoot;
    },
    pause: () => {
      paused = true;
      before ??= settings;
    },
    resume: () => {
      paused = false;
      before = undefined;
      rawBoot = false;
      if (dead !== undefined) {
        dead = undefined;
        instruct({ do: 'disarm' });
        tell('synchronised', 'the line answers again');
      }
      pump();
    },
    stop,
  };
  const reader = {
    dialect: () => dialect,
    settings: () => settings,
    arrived: (bytes: number, framed: number) => (stopped === undefined ? arrivals.arrived(bytes, framed) : undefined),
  };
  subscriptions.add(
    readFrames(merge(connection.incoming.pipe(tap({ complete: () => again.complete() })), again), control, reader).subscribe({
      next: onFrame,
      error: (cause: unknown) => stop(lost(cause)),
      complete: () => stop(lost()),
    }),
  );
  return exchange;
};
