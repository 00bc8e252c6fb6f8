import { asyncScheduler, defer, type MonoTypeOperatorFunction, retry, type SchedulerLike, throwError, timer } from 'rxjs';
import { AtError, isAtError } from './atError.js';

/** How often, how long after, and what is repeated. */
export interface RetryBackoffConfig {
  /** The first pause in ms, 0 or more; each further one is twice as long. Default 500. */
  readonly initial?: number;
  /** Longest pause in ms. Default 30000. */
  readonly max?: number;
  /** Most retries, the first try not counted. Default Infinity. */
  readonly attempts?: number;
  /** How much of each pause is left to chance, 0 to 1: the pause is drawn from `(1 - jitter) · p` to `p`. Default 0. */
  readonly jitter?: number;
  /** Retry also errors whose effect is unknown (`retry: 'unknown'`): what was sent may be done twice. Default false. */
  readonly unknown?: boolean;
  /** Decides instead of the error's `retry`; errors that are no `AtError` are retried only this way. */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** A value starts the count and the pauses anew: for long-lived streams. Default false. */
  readonly resetOnEmit?: boolean;
  /** Runs the pauses. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** Source of chance, 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

const wrongOption = (config: RetryBackoffConfig): AtError | undefined => {
  const { initial = 0, max = 0, attempts = 0, jitter = 0 } = config;
  const wrong = Object.entries({ initial, max, attempts, jitter }).find(
    ([option, value]) => !(value >= 0) || (option === 'jitter' && value > 1) || (option === 'initial' && value === Infinity),
  );
  if (!wrong) return undefined;
  const [option, value] = wrong;
  return new AtError({ kind: 'usage', code: option, message: `${option} is out of range`, details: { option, value } });
};

/**
 * Subscribes again after an error that can do no harm when repeated, after a pause that doubles each time. Reads `AtError.retry`: `safe` is retried,
 * `unknown` only if asked for, `never` and foreign errors are passed on at once.
 *
 * Cold: each subscriber has its own count. Values pass through, duplicates of earlier tries included. Completes with the source. Unsubscribing ends the
 * pause or the source. The last error passes as it is; `usage` on a bad option.
 */
export const retryBackoff =
  <T>(config: RetryBackoffConfig = {}): MonoTypeOperatorFunction<T> =>
  (source) =>
    defer(() => {
      const wrong = wrongOption(config);
      if (wrong) return throwError(() => wrong);
      const { initial = 500, max = 30000, attempts = Infinity, jitter = 0, resetOnEmit = false } = config;
      const { scheduler = asyncScheduler, random = Math.random } = config;
      const judge =
        config.shouldRetry ??
        ((error: unknown): boolean =>
          isAtError(error) && (error.retry === 'safe' || (error.retry === 'unknown' && config.unknown === true)));
      // The exponent is capped so that 0 · Infinity never makes the pause NaN, the pause because hosts fire timers over 2^31 ms at once.
      const pause = (count: number): number =>
        Math.min(max, 0x7fffffff, initial * 2 ** Math.min(count - 1, 60)) * (1 - jitter * random());
      return source.pipe(
        retry({
          count: attempts,
          resetOnSuccess: resetOnEmit,
          delay: (error: unknown, count) => (judge(error) ? timer(pause(count), scheduler) : throwError(() => error)),
        }),
      );
    });
