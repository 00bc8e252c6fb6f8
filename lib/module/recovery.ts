import { catchError, concat, defer, EMPTY, ignoreElements, type Observable, type SchedulerLike, throwError, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { fromLatin1 } from '../codec/latin1.js';
import { type Command, commandKey } from '../command/command.js';
import * as basic from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import type { Exchange, Unanswered } from '../exchange/exchange.js';
import { escapeRest } from '../exchange/quietLine.js';
import { runInternal as run } from './runInternal.js';

const attempts = 8;
/** A module that died in AT+CIPSEND still counts: no announced length in any dialect is longer, for longer ones `+++` ends them. */
const longestSend = 8192;

const wait = (ms: number, scheduler: SchedulerLike): Observable<never> => timer(ms, scheduler).pipe(ignoreElements());

/** ERROR to an optional step is tolerated, silence is not. */
export const tolerated = (source: Observable<unknown>): Observable<never> =>
  source.pipe(
    ignoreElements(),
    catchError((error: unknown) => (isAtError(error) && (error.kind === 'unsupported' || error.code === 'rejected') ? EMPTY : throwError(() => error))),
  );

/** Leaves whatever raw stream the module may be in: silence, `+++`, silence, and the second until it takes a command. */
export const escape = (exchange: Exchange, scheduler: SchedulerLike): Observable<never> =>
  concat(exchange.escape, wait(escapeRest, scheduler));

/**
 * Gives a module that waits for a payload what it may still wait for. To one that waits for a command it is a single line without AT, however
 * long (recorded on 2.0 and 4.1: over-long lines are swallowed whole), so that one ERROR comes of it.
 */
const fill = (exchange: Exchange, scheduler: SchedulerLike, length: number): Observable<never> =>
  concat(exchange.write(fromLatin1(`${'\r'.repeat(length)}\r\n`)), wait(exchange.lineTime(length + 2), scheduler));

/**
 * Makes sure that the next line is read as a command: asks AT until OK. After two silences, or after the prompt of a start into passthrough, it also leaves that,
 * after four it completes the payload of a send that a former host announced. Errors `module`/`no-answer`.
 */
export const synchronise = (exchange: Exchange, scheduler: SchedulerLike): Observable<never> =>
  defer(() => {
    let tried = 0;
    // A module that said so need not be asked in vain: the question would go to its peer.
    let silences = exchange.rawBoot ? 2 : 0;
    const attempt = (): Observable<never> => {
      tried += 1;
      // A module that refuses does listen.
      const before = silences === 2 ? escape(exchange, scheduler) : silences === 4 ? fill(exchange, scheduler, longestSend) : EMPTY;
      return concat(before, run(exchange, basic.probe)).pipe(
        ignoreElements(),
        catchError((error: unknown) => {
          if (!isAtError(error) || !['timeout', 'rejected', 'busy'].includes(error.code)) return throwError(() => error);
          if (error.code === 'timeout') silences += 1;
          if (tried < attempts) return attempt();
          const message = 'the module does not answer: check wiring, power and baud rate';
          return throwError(() => new AtError({ kind: 'module', code: 'no-answer', message, retry: 'safe', details: { attempts } }));
        }),
      );
    };
    // After `+++` a module still is in transfer mode 1, in which AT+CIPSEND=<length> is refused.
    const settle = defer(() => (silences < 2 ? EMPTY : tolerated(run(exchange, tcpip.transferMode, { passthrough: false }))));
    return concat(attempt(), settle);
  });

/** With its pauses about two minutes: longer than any command of the module runs. */
const probeLimit = 20;
const probeRest = 250;

/** Queries whose answers have prefixes of their own, taken in turn: the late answer of one must not pass for that of the next. */
const probes: readonly Command<unknown, unknown>[] = [tcpip.multipleConnectionsQuery, wifi.modeQuery, tcpip.transferModeQuery, tcpip.showSendersQuery];

/** What the dead command may still make the module wait for: it is given, because a probe would be taken for it and sent to the peer. */
const fulfil = (exchange: Exchange, scheduler: SchedulerLike, { request, slot }: Unanswered): Observable<never> => {
  const { declared, params } = request;
  if (declared.phase === 'passthrough') return escape(exchange, scheduler);
  if (slot.stage !== 'prompted' && slot.stage !== 'paid') return EMPTY;
  if (declared.phase === 'prompt-stream') return escape(exchange, scheduler);
  return fill(exchange, scheduler, Number(params[declared.length ?? ''] ?? 0));
};

/** After a silence: no user's command is written until a query is answered by its own line and OK. Errors `module`/`lost`. */
export const requalify = (exchange: Exchange, scheduler: SchedulerLike, dead: Unanswered, limit = probeLimit): Observable<never> => {
  const usable = probes.filter((candidate) => candidate.name !== dead.request.declared.name && exchange.dialect.commands.has(commandKey(candidate)));
  const { phase } = dead.request.declared;
  const owed = fulfil(exchange, scheduler, dead);
  const attempt = (count: number): Observable<never> =>
    run(exchange, usable[(count - 1) % usable.length] ?? tcpip.multipleConnectionsQuery, {}, true).pipe(
      ignoreElements(),
      catchError((error: unknown) => {
        if (!isAtError(error) || error.kind === 'transport' || error.kind === 'module') return throwError(() => error);
        // An escape that the module did not understand was data of the peer, and so was the probe.
        const again = error.code === 'timeout' && (phase === 'prompt-stream' || phase === 'passthrough') ? owed : EMPTY;
        if (count < limit) return concat(wait(probeRest * count, scheduler), again, attempt(count + 1));
        return throwError(() => new AtError({ kind: 'module', code: 'lost', message: 'the module stopped answering', retry: 'safe', cause: error }));
      }),
    );
  return concat(owed, attempt(1));
};
