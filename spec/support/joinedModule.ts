import type { Observable } from 'rxjs';
import type { AtModule } from '../../lib/index.js';
import { virtualModule, type VirtualModule, type VirtualModuleConfig } from './virtualModule.js';

/** A joined module in virtual time, and every line of its wire. */
export interface JoinedModule extends Omit<VirtualModule, 'timers'> {
  readonly trace: readonly string[];
  /** What was sent, line by line. */
  readonly sent: readonly string[];
  readonly at: AtModule;
  /** Unsubscribes from the module. */
  end(): void;
}

/** Opens and joins, in virtual time; fails where that does. */
export const joinedModule = (config: VirtualModuleConfig = {}): JoinedModule => {
  const trace: string[] = [];
  const sent: string[] = [];
  const next = ({ dir, text }: { dir: 'tx' | 'rx'; text: string }): void => {
    trace.push(text);
    if (dir === 'tx') sent.push(text);
  };
  const world = virtualModule({ ...config, module: { ...config.module, trace: { next } } });
  let at: AtModule | undefined;
  let failure: unknown;
  const life = world.joined.subscribe({ next: (module) => (at = module), error: (error: unknown) => (failure = error) });
  world.run(10_000);
  if (at === undefined) throw failure instanceof Error ? failure : new Error('the module did not open');
  sent.length = 0;
  const run = (limit = Infinity): number => {
    // Time stands still where nothing happens, unless something does at the end.
    if (limit !== Infinity) world.scheduler.schedule(() => undefined, limit);
    return world.run(limit);
  };
  return { scheduler: world.scheduler, module: world.module, network: world.network, joined: world.joined, run, trace, sent, at, end: () => life.unsubscribe() };
};

/** What an Observable did, in order, as far as time has passed. */
export const observed = <T>(source: Observable<T>): Observed<T> => {
  const log: Observed<T> = { values: [], error: undefined, completed: false, leave: () => undefined };
  const subscription = source.subscribe({ next: (value) => log.values.push(value), error: (error: unknown) => (log.error = error), complete: () => (log.completed = true) });
  log.leave = () => subscription.unsubscribe();
  return log;
};

export interface Observed<T> {
  readonly values: T[];
  error: unknown;
  completed: boolean;
  leave: () => void;
}
