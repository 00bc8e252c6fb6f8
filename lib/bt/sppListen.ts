import { catchError, concat, defer, ignoreElements, NEVER, Observable, Subscription, switchMap, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { ofEvent } from '../command/index.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { oneAtATime } from '../module/oneAtATime.js';
import { btRole } from './btRole.js';
import { type BtSettings, settle } from './radio.js';
import { lineFault, sppLine } from './sppLine.js';
import type { SppLineConfig, SppSocket } from './sppSocket.js';

/** How the module waits for masters. Its `visibility` is `discoverable and connectable` unless given. */
export interface SppListenConfig extends SppLineConfig, BtSettings {}

const one = oneAtATime(() => new AtError({ kind: 'usage', code: 'second-listener', message: 'the module waits for masters already' }));

/** A restart begins it anew. */
const patient = (error: unknown): Observable<never> => (isAtError(error, 'module') && error.code === 'reset' ? NEVER : throwError(() => error));

/**
 * Waits for masters, as SPP slave. Cold: on subscribe AT+BTINIT=1 and AT+BTSPPINIT=2 unless they are in force, the settings as `radio` does, and AT+BTSPPSTART; again after each restart of
 * the module. Emits an `SppSocket` for every master that connects, one at a time; its own `end()` disconnects it. Never completes by itself. Unsubscribing disconnects, and gives back the role and
 * Bluetooth, in the background. How a line ends is told by its socket: end of data, or its error. Errors: `usage` (role: the module is a master; second-listener,
 * queueLimit) before a byte is sent, `command`, `transport`, `unsupported`. Document 000 §8.5 to §8.9.
 */
export const sppListen = (module: AtModule, { raw, queueLimit, overflow, visibility = 'discoverable and connectable', ...settings }: SppListenConfig = {}): Observable<SppSocket> => {
  const config: SppLineConfig = { ...(raw === undefined ? {} : { raw }), ...(queueLimit === undefined ? {} : { queueLimit }), ...(overflow === undefined ? {} : { overflow }) };
  const open = one(module, (free) =>
    new Observable<SppSocket>((subscriber) => {
      const life = new Subscription();
      const role = new Subscription();
      let line: Subscription | undefined;
      let waiting = false;
      const done = (): void => {
        role.unsubscribe();
        free();
      };
      const accept = (address: string): void => {
        // A word of an open connection that is told again.
        if (line !== undefined) return;
        const own = new Subscription();
        line = own;
        const over = (): void => {
          if (line === own) line = undefined;
          if (waiting) done();
        };
        // Readers and writers have its error.
        own.add(sppLine(module, address, config, over).subscribe({ next: (socket) => subscriber.next(socket), error: () => undefined }));
      };
      life.add(
        module.events.pipe(ofEvent(events.sppConnected)).subscribe({
          next: ({ fields: { failed, address } }) => (failed || address === undefined ? undefined : accept(address.toLowerCase())),
          error: () => undefined,
        }),
      );
      const start = defer(() => concat(settle(module, { ...settings, visibility }), module.exec(commands.sppStart))).pipe(ignoreElements(), catchError(patient));
      role.add(
        btRole(module, 'slave')
          .pipe(switchMap(() => start))
          .subscribe({ error: (error: unknown) => subscriber.error(error), complete: () => subscriber.complete() }),
      );
      return () => {
        life.unsubscribe();
        waiting = true;
        if (line === undefined) done();
        else line.unsubscribe();
      };
    }),
  );
  return defer(() => {
    const fault = lineFault(config);
    return fault === undefined ? open : throwError(() => fault);
  });
};
