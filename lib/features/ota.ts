import { Observable, type Subscription, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as basic from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** Which firmware is fetched, and how. */
export interface OtaConfig {
  /** Default false: plain. The firmware has to be built with TLS for it. */
  readonly tls?: boolean;
  /** Such as `v2.2.0.0`; default the newest that the server has. */
  readonly version?: string;
  /** Which part is updated: `ota` (default), `mqtt_ca` … Document 002 only. */
  readonly firmware?: string;
  /** Default true: the module does nothing else meanwhile, and restarts by itself. False (document 002 only): commands go on beside the update. */
  readonly blocking?: boolean;
  /** Whether a module that was updated beside its work is restarted in the end. Default true. */
  readonly restart?: boolean;
}

/** How far an update is: the server was found, connected, the version chosen, everything written, the new firmware started. */
export type OtaStep = 'server' | 'connected' | 'version' | 'done' | 'restarted';

/** An update may take 3 minutes, most of them without a word (document 002). */
const silence = 180_000;

const begin = (module: AtModule, { tls = false, version, firmware, blocking = true }: OtaConfig, plain: boolean): Observable<{ step: OtaStep | 'failed' }> => {
  const optional = { ...(version === undefined ? {} : { version }), ...(firmware === undefined ? {} : { firmware }), ...(blocking ? {} : { nonblocking: true }) };
  return (plain ? module.exec(tcpip.update) : module.exec(tcpip.updateTo, { tls, ...optional })) as Observable<{ step: OtaStep | 'failed' }>;
};

/**
 * Updates the firmware over the network. Cold: on subscribe it sends AT+CIUPDATE, emits each step as it is reached and completes: after `restarted`, or after
 * `done` with `restart: false`. What the module had to forget is set up again by the prologue; users' settings are theirs. The station must be joined.
 * Unsubscribing leaves the update running in the module, which cannot stop it. `repeat` and `retryBackoff` may start it again after a failure.
 * Errors: `module`/`update-failed` (`details.step` the last one reached; safe to repeat), `module`/`reset` (a restart before the end), `command`/`timeout`
 * (3 minutes of silence), `unsupported`, `usage`, `transport`. Document 000 §4.17; document 002 AT+CIUPDATE.
 */
export const ota = (module: AtModule, config: OtaConfig = {}): Observable<OtaStep> =>
  new Observable<OtaStep>((subscriber) => {
    const { blocking = true, restart = true } = config;
    const plain = blocking && config.tls === undefined && config.version === undefined && config.firmware === undefined;
    let last: OtaStep | undefined;
    let accepted = false;
    let restarting = blocking;
    let watch: Subscription | undefined;

    const fail = (code: string, message: string, retry: 'safe' | 'unknown', cause?: unknown): void =>
      subscriber.error(new AtError({ kind: code === 'timeout' ? 'command' : 'module', code, message, retry, cause, details: { step: last } }));
    const awake = (): void => {
      watch?.unsubscribe();
      watch = timer(silence, module.scheduler).subscribe({
        next: () => fail('timeout', 'the update makes no progress', 'unknown'),
        error: (error: unknown) => subscriber.error(error),
      });
    };
    const reboot = (): void => {
      restarting = true;
      subscriber.add(module.exec(basic.restart).subscribe({ error: (error: unknown) => subscriber.error(error) }));
    };
    // OK and the steps of an update beside other work come in any order (document 002).
    const advance = (): void => {
      awake();
      if (blocking || !accepted || last !== 'done') return;
      if (restart) reboot();
      else subscriber.complete();
    };
    const onStep = (step: OtaStep | 'failed'): void => {
      if (step === 'failed') return fail('update-failed', 'the update failed', 'safe');
      if (step === last) return;
      last = step;
      subscriber.next(step);
      advance();
    };
    const onRestart = (): void => {
      // `ready` can overtake the OK.
      if (!restarting || last !== 'done') return fail('reset', 'the module restarted during the update', 'unknown');
      subscriber.next('restarted');
      subscriber.complete();
    };

    subscriber.add(
      module.events.subscribe({
        next: ({ name, fields }) => {
          if (name === '+CIPUPDATE') onStep(fields['step'] as OtaStep | 'failed');
          else if (name === 'ready') onRestart();
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    subscriber.add(
      begin(module, config, plain).subscribe({
        next: ({ step }) => onStep(step),
        error: (cause: unknown) =>
          isAtError(cause, 'command') && cause.code === 'rejected' && cause.retry === 'safe'
            ? fail('update-failed', 'the update failed', 'safe', cause)
            : subscriber.error(cause),
        complete: () => {
          accepted = true;
          advance();
        },
      }),
    );
    return () => watch?.unsubscribe();
  });
