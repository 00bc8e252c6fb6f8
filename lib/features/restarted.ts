import { filter, mergeMap, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';

/** Errors `module`/`reset` when the firmware restarts, because it has then forgotten `what`. Emits nothing; completes with the module. */
export const restarted = (module: AtModule, what: string): Observable<never> =>
  module.events.pipe(
    filter(({ name }) => name === 'ready'),
    mergeMap(() => throwError(() => new AtError({ kind: 'module', code: 'reset', message: `the module restarted: ${what} is lost`, retry: 'safe' }))),
  );
