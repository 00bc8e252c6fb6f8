import { concat, ignoreElements, Observable, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { ofEvent } from '../command/index.js';
import type * as events from '../events/events.js';
import { restarted } from '../features/restarted.js';
import type { AtModule } from '../module/atModule.js';
import { questions } from './pairing.js';

/** How an attempt is made, and how the module tells its outcome. */
export interface Attempt {
  readonly module: AtModule;
  readonly address: string;
  readonly begin: Observable<unknown>;
  readonly told: typeof events.sppConnected;
}

/** How long the outcome may take after OK, in ms: paging, and people who are asked for 30 s. */
const patience = 45_000;

const failedTo = (address: string, asked: boolean, cause?: unknown): AtError =>
  new AtError({
    kind: 'link',
    code: asked ? 'unpaired' : 'refused',
    message: asked ? `the pairing with ${address} failed: it was refused, not answered, or the key was wrong` : `${address} could not be connected: it is not there, does not wait, or refused`,
    retry: 'safe',
    details: { address },
    ...(cause === undefined ? {} : { cause }),
  });

/** Makes a connection: completes when it is there, in the module's word for it; errors otherwise. Unsubscribing only stops to listen. Cold. */
export const attempted = ({ module, address, begin, told }: Attempt): Observable<never> =>
  new Observable<never>((subscriber) => {
    let asked = false;
    const failed = (cause?: unknown): void => subscriber.error(failedTo(address, asked, cause));
    subscriber.add(questions(module).subscribe({ next: () => (asked = true), error: () => undefined }));
    subscriber.add(restarted(module, `the connection to ${address}`).subscribe({ error: (error: unknown) => subscriber.error(error) }));
    subscriber.add(module.events.pipe(ofEvent(told)).subscribe({ next: ({ fields }) => (fields.failed ? failed() : subscriber.complete()), error: () => undefined }));
    const late = (): AtError => new AtError({ kind: 'link', code: 'timeout', message: `nothing was said of the connection to ${address}`, retry: 'unknown', details: { address } });
    subscriber.add(
      concat(begin.pipe(ignoreElements()), timer(patience, module.scheduler)).subscribe({
        next: () => subscriber.error(late()),
        error: (error: unknown) => (isAtError(error, 'command') && error.code === 'rejected' ? failed(error) : subscriber.error(error)),
      }),
    );
  });
