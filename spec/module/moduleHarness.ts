import type { Observable } from 'rxjs';
import { type AtError, type AtModule, type ModuleConfig, openModule } from '../../lib/index.js';
import { scriptedLine, type ScriptedLine, type ScriptedLineConfig } from '../support/scriptedLine.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';

export const ok = '\r\nOK\r\n';
export const gmr = (version: string): string => `AT version:${version}(s-b1dca01 - ESP32 - Jul 10 2025 11:41:05)\r\nSDK version:v5.4.1\r\nBin version:v4.1.0(WROOM-32)\r\n${ok}`;

/** What became of one subscription. */
export interface Seen<T> {
  readonly values: T[];
  error: AtError | undefined;
  completed: boolean;
  /** Virtual time of the end. */
  at: number | undefined;
  stop(): void;
}

export const see = <T>(scheduler: SteppedScheduler, source: Observable<T>): Seen<T> => {
  const seen: Seen<T> = { values: [], error: undefined, completed: false, at: undefined, stop: () => subscription.unsubscribe() };
  const subscription = source.subscribe({
    next: (value) => seen.values.push(value),
    error: (error: unknown) => Object.assign(seen, { error, at: scheduler.frame }),
    complete: () => Object.assign(seen, { completed: true, at: scheduler.frame }),
  });
  return seen;
};

export interface ScriptedModule {
  readonly scheduler: SteppedScheduler;
  readonly line: ScriptedLine;
  open(config?: ModuleConfig): Seen<AtModule>;
  see<T>(source: Observable<T>): Seen<T>;
  readonly timers: number;
}

/** A module of which a script plays the firmware: it answers the prologue of 4.1 as recorded, echo included until ATE0. */
export const scriptedModule = (config: Partial<ScriptedLineConfig> & { readonly version?: string } = {}): ScriptedModule => {
  const scheduler = new SteppedScheduler();
  const line = scriptedLine({ scheduler, ...config });
  line.on(/^AT.*\r\n$/, ok);
  line.on('AT\r\n', `AT\r\n${ok}`);
  line.on('ATE0\r\n', `ATE0\r\n${ok}`);
  line.on('AT+GMR\r\n', gmr(config.version ?? '4.1.0.0'));
  line.on('AT+CIPMUX?\r\n', `+CIPMUX:1\r\n${ok}`);
  line.on('AT+CWMODE?\r\n', `+CWMODE:1\r\n${ok}`);
  return {
    scheduler,
    line,
    open: (module = {}) => see(scheduler, openModule(line.transport, { ...module, scheduler })),
    see: (source) => see(scheduler, source),
    get timers() {
      return scheduler.actions.length;
    },
  };
};
