import { Observable, Subject, Subscription } from 'rxjs';
import type { AtEvent } from '../command/event.js';
import type { Dialect } from '../dialects/dialect.js';
import { createAftermath, type Aftermath } from './aftermath.js';
import { createCommandQueue, type CommandQueue } from './commandQueue.js';
import { createDispatch } from './dispatch.js';
import type { Exchange, ExchangeConfig } from './exchange.js';
import { concealSecrets } from './heads.js';
import { holdLine } from './holdLine.js';
import { createLineEnd, type LineEnd } from './lineEnd.js';
import { lost } from './lineErrors.js';
import { createLineInput } from './lineInput.js';
import { createModuleState } from './moduleState.js';
import { createPayer } from './payer.js';
import { createQuarantine } from './quarantine.js';
import { createQuietLine } from './quietLine.js';
import { createRawPhase } from './rawPhase.js';
import { createReporter } from './reporter.js';
import { createRestarting } from './restarting.js';
import { runRequest } from './runRequest.js';
import { createTurn, type Turn } from './turn.js';
import { createWriter } from './writer.js';

/**
 * Takes over the connection: reads from now on, writes when asked to.
 *
 * A request goes one way: `queue` → `turn`, which writes it and is offered what `dispatch` reads → `aftermath` → `queue` again. The ring is closed here and
 * nowhere else: a part is given what it works on, and calls what comes after it by a function, bound late because that part comes later in this file.
 */
export const createExchange = ({ connection, dialect, scheduler }: ExchangeConfig): Exchange => {
  const life = new Subscription();
  const events = new Subject<AtEvent>();
  const event = (seen: AtEvent): void => events.next(seen);
  const lineTime = (bytes: number): number => (connection.baud === undefined ? 0 : (bytes * 10_000) / connection.baud);

  const input = createLineInput(connection.incoming);
  const { instruct, reread } = input;
  const state = createModuleState(dialect, instruct);
  const settings = (): Exchange['settings'] => state.settings;
  const conceal = (text: string): ReturnType<typeof concealSecrets> => concealSecrets(state.dialect, text, state.settings);
  const reporter = createReporter({ scheduler, echo: (text) => turn.echo(text), conceal });
  const { diagnostics, trace, redactor, tell, show, shownLine } = reporter;

  const writer = createWriter({ connection, scheduler, lineTime, life, idle: () => queue.pump(), failed: (error) => end.stop(error) });
  const silence = createQuietLine(connection, scheduler, writer);
  const base = { connection, scheduler, life, lineTime, show, writer, silence, settings, instruct, reread };
  const payer = createPayer(base);
  const raw = createRawPhase({ ...base, prompted: () => turn.step({ kind: 'prompt' }), over: (how) => aftermath.leftRaw(how) });

  const queue: CommandQueue = createCommandQueue({ ...base, free: () => turn.job === undefined && !writer.busy, start: (job) => turn.start(job) });
  const turn: Turn = createTurn({ ...base, payer, raw, ended: (ending) => aftermath.ended(ending) });
  const quarantine = createQuarantine(instruct, tell);
  const restarting = createRestarting({ ...base, state, queue, turn, payer, raw, quarantine, tell, event });
  const aftermath: Aftermath = createAftermath({ ...base, state, queue, turn, restarting, quarantine, raw, tell });
  const end: LineEnd = createLineEnd({ life, raw, queue, turn, tellers: [{ complete: () => events.complete() }, restarting, quarantine, reporter] });

  const { onFrame } = createDispatch({
    get dialect() {
      return state.dialect;
    },
    get settings() {
      return state.settings;
    },
    get declared() {
      return turn.declared;
    },
    get recovering() {
      return queue.paused;
    },
    step: turn.step,
    broken: turn.broken,
    tell,
    show,
    shownLine,
    redacted: redactor.shown,
    raw: raw.feed,
    event,
    booted: state.bootsRaw,
    ready: restarting.ready,
    prompted: () => {
      if (turn.step({ kind: 'prompt' })) return;
      tell('late', '>');
      quarantine.prompted();
    },
  });

  const exchange: Exchange = {
    events,
    diagnostics,
    trace,
    restarts: restarting.restarts,
    silences: quarantine.silences,
    ended: end.ended,
    redactor,
    get settings() {
      return state.settings;
    },
    get expected() {
      return state.expected;
    },
    get dialect() {
      return state.dialect;
    },
    set dialect(next: Dialect) {
      state.dialect = next;
    },
    get rawBoot() {
      return state.rawBoot;
    },
    run: (request) => runRequest(request, { end, queue, turn, raw, payer }),
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        if (end.reason !== undefined) return subscriber.error(end.reason);
        show('tx', `<${String(bytes.length)} bytes>`);
        return writer.write(bytes).subscribe(subscriber);
      }),
    tell,
    restarted: restarting.found,
    escape: silence.escape(() => show('tx', '+++')),
    quit: payer.quit,
    lineTime,
    hold: holdLine(connection, [turn]),
    pause: () => {
      queue.pause();
      state.keep();
    },
    resume: () => {
      queue.resume();
      state.restored();
      quarantine.lift();
      queue.pump();
    },
    stop: end.stop,
  };
  const arrived = (bytes: number, framed: number): void => (end.reason === undefined ? turn.arrived(bytes, framed) : undefined);
  life.add(
    input.frames({ dialect: () => state.dialect, settings, arrived }).subscribe({
      next: onFrame,
      error: (cause: unknown) => end.stop(lost(cause)),
      complete: () => end.stop(lost()),
    }),
  );
  return exchange;
};
