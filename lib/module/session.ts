import { BehaviorSubject, catchError, concat, defer, EMPTY, filter, ignoreElements, map, merge, NEVER, Observable, of, scan, type SchedulerLike, Subject, Subscription, switchMap, takeUntil, throwError, timer } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import { probe } from '../commands/basic.js';
import * as mqtt from '../commands/mqtt.js';
import * as tcpip from '../commands/tcpip.js';
import type { Firmware } from '../dialects/detectDialect.js';
import { dialects } from '../dialects/dialects.js';
import { createExchange } from '../exchange/createExchange.js';
import type { Exchange } from '../exchange/exchange.js';
import { type LinkTable, reduceLinks } from '../state/links.js';
import type { Connection } from '../transport.js';
import type { AtModule } from './atModule.js';
import { execute } from './execute.js';
import { enableFlowControl, requireFlowControl } from './flowControl.js';
import { createLineRate } from './lineRate.js';
import type { ModuleConfig } from './moduleConfig.js';
import { createModuleLine } from './moduleLine.js';
import { prologue } from './prologue.js';
import { requalify, synchronise } from './recovery.js';
import { runInternal } from './runInternal.js';

/** How long an orderly end may take, in ms. */
const closeLimit = 2000;

/** What a session tells its owner. */
export interface SessionObserver {
  opened(module: AtModule): void;
  failed(error: unknown): void;
}

/** One open line with its exchange, prologue and state. */
export interface Session {
  /** Closes what is open, within 2 s; then nothing of the session is left. Cold. */
  shutdown(): Observable<never>;
}

const quietly = (source: Observable<unknown>): Observable<never> =>
  source.pipe(
    ignoreElements(),
    catchError(() => EMPTY),
  );

/** The server first: a client that it accepted meanwhile would be left behind. */
const closeOpen = (exchange: Exchange, links: LinkTable): Observable<never> => {
  const { cipmux, server, mqtt: configured } = exchange.settings;
  const open = [...links.values()].filter((state) => state.open);
  return concat(
    server ? quietly(runInternal(exchange, tcpip.serverStop, { enable: false })) : EMPTY,
    ...open.map(({ link }) => quietly(cipmux ? runInternal(exchange, tcpip.close, { link }) : runInternal(exchange, tcpip.closeSingle))),
    // Behind what is on the line: that may be AT+MQTTCLEAN.
    configured ? quietly(runInternal(exchange, probe)) : EMPTY,
    defer(() => (exchange.settings.mqtt ? quietly(runInternal(exchange, mqtt.clean, { link: 0 })) : EMPTY)),
  );
};

/** Starts the prologue and keeps the module in shape: again after every restart, a requalification after every silence. */
export const openSession = (connection: Connection, config: ModuleConfig, scheduler: SchedulerLike, close: AtModule['close'], observer: SessionObserver): Session => {
  const { dialect: wanted = 'auto', multiple = true, showSenders = false, systemMessages, recipe = [] } = config;
  const settings = { cipmux: multiple, cipdinfo: showSenders, ...(systemMessages === undefined ? {} : { sysmsg: systemMessages }) };
  const exchange = createExchange({ connection, scheduler, dialect: dialects[wanted === 'auto' ? 'v4' : wanted] });
  const links = new BehaviorSubject<LinkTable>(new Map());
  const subscriptions = new Subscription();
  const upkeep = new Subject<Observable<unknown>>();
  let firmware: Firmware = { dialect: exchange.dialect.name, version: 'unknown', lines: [] };
  let opened = false;

  const module: AtModule = {
    exec: (command, ...[params, options]) => execute(exchange, command, params ?? {}, options) as never,
    events: exchange.events,
    links: links.asObservable(),
    get dialect() {
      return exchange.dialect;
    },
    get settings() {
      return exchange.expected;
    },
    get firmware() {
      return firmware;
    },
    trace: exchange.trace,
    diagnostics: exchange.diagnostics,
    get line() {
      return keeper.line;
    },
    scheduler,
    close,
  };
  const choose = (found: Firmware): void => {
    firmware = wanted === 'auto' ? found : { ...found, dialect: wanted };
    exchange.dialect = dialects[firmware.dialect];
  };
  const set = defer(() => prologue(exchange, scheduler, settings, wanted, choose, recipe));
  const start = config.flowControl === true ? concat(requireFlowControl(connection), set, enableFlowControl(connection, exchange, scheduler)) : set;
  const rate = createLineRate(connection, { start, look: synchronise(exchange, scheduler), restarted: () => exchange.restarted('found at the rate it boots with') });
  const boot = rate.started;
  const tend = (task: Observable<unknown>): void => {
    keeper.upkeep();
    upkeep.next(task);
  };
  const keeper = createModuleLine(connection, exchange, () => tend(boot));
  const ready = (): void => {
    keeper.ready();
    if (opened) return;
    opened = true;
    observer.opened(module);
  };
  const stop = (): void => {
    subscriptions.unsubscribe();
    exchange.stop();
    links.complete();
  };

  const failed = (error: unknown): void => observer.failed(error);
  if (config.trace !== undefined) subscriptions.add(exchange.trace.subscribe(config.trace));
  subscriptions.add(exchange.events.pipe(scan(reduceLinks, links.value)).subscribe({ next: (table) => links.next(table), error: failed }));
  // Before any other listener: what leaves the line to others because of `ready` must not let their commands go on.
  subscriptions.add(exchange.events.pipe(filter(({ name }) => name === 'ready')).subscribe({ next: () => keeper.upkeep(), error: failed }));
  subscriptions.add(exchange.ended.subscribe({ error: failed }));
  // A restart during the upkeep makes it obsolete: the task that follows replaces the one before.
  const uninterrupted = (task: Observable<unknown>): Observable<unknown> =>
    task.pipe(catchError((error: unknown) => (isAtError(error, 'module') && error.code === 'reset' ? NEVER : throwError(() => error))));
  const done = upkeep.pipe(switchMap((task) => concat(uninterrupted(task).pipe(ignoreElements()), of(undefined))));
  const keeping = done.subscribe({ next: ready, error: failed });
  subscriptions.add(keeping);
  const restarts = exchange.restarts.pipe(map(() => boot));
  const silences = exchange.silences.pipe(map((dead) => rate.answering((limit) => requalify(exchange, scheduler, dead, limit))));
  keeping.add(merge(restarts, silences).subscribe({ next: tend, error: failed }));
  tend(boot);

  return {
    shutdown: () =>
      new Observable<never>((subscriber) => {
        keeping.unsubscribe();
        keeper.upkeep();
        exchange.pause();
        exchange.quit();
        // Before the port goes: what still waits was closed, not lost.
        const end = (): void => {
          stop();
          subscriber.complete();
        };
        subscriber.add(stop);
        return concat(keeper.leave(), defer(() => closeOpen(exchange, links.value)))
          .pipe(takeUntil(timer(closeLimit, scheduler)))
          .subscribe({ error: end, complete: end });
      }),
  };
};
