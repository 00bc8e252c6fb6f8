import { Observable, Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { addressFault } from '../bluetooth/addressFault.js';
import type { Parameters } from '../command/index.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { oneAtATime } from '../module/oneAtATime.js';
import { attempted } from './attempted.js';
import { btRole } from './btRole.js';
import { connection } from './disconnected.js';
import { lineFault, sppLine } from './sppLine.js';
import { disconnect, type SppLineConfig, type SppSocket } from './sppSocket.js';

/** Whom to connect to, and how. */
export interface SppConnectConfig extends SppLineConfig {
  readonly address: string;
  /** What the connection must be protected by. `none` and `authorise` want no key, `authenticate` and `encrypt` any, the others one that people compared or typed in. Default `none`. */
  readonly security?: Parameters<typeof commands.sppConnect>['security'];
}

const one = oneAtATime(() => new AtError({ kind: 'usage', code: 'second-connection', message: 'the module has one SPP connection, which is in use' }));

/**
 * Connects by SPP, as master. Cold: on subscribe AT+BTINIT=1 and AT+BTSPPINIT=1 unless they are in force, and AT+BTSPPCONN; emits one `SppSocket` as the module has the connection. Completes
 * when the other end closed it and everything was read, or after `end()`. Questions of a pairing go to `bt.security.pairings`. Unsubscribing disconnects, and gives back the role and
 * Bluetooth, in the background; an attempt under way runs to its end first. Errors: `usage` (role: the module is a slave; second-connection, address, queueLimit) before a byte is
 * sent, `link`: `refused`, `unpaired`, `timeout`, `overflow`, of a raw one `lost`, `mixed`; `command`, `module`/`reset`, `transport`, `unsupported`. Document 000 §8.5 to §8.8.
 */
export const sppConnect = (module: AtModule, { address: wanted, security = 'none', ...config }: SppConnectConfig): Observable<SppSocket> => {
  const address = wanted.toLowerCase();
  const open = one(module, (free) =>
    new Observable<SppSocket>((subscriber) => {
      let line: Subscription | undefined;
      let begun = false;
      const role = new Subscription();
      const done = (): void => {
        role.unsubscribe();
        free();
      };
      const fail = (error: unknown): void => {
        subscriber.error(error);
        done();
      };
      const connected = (): void => {
        if (subscriber.closed) return void disconnect(module).subscribe({ error: done, complete: done });
        line = sppLine(module, address, config, done).subscribe({
          next: (socket) => subscriber.next(socket),
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      };
      const begin = (): void => {
        if (begun) return;
        begun = true;
        attempted({ module, address, begin: module.exec(commands.sppConnect, { connection, security, address }), told: events.sppConnected }).subscribe({ error: fail, complete: connected });
      };
      role.add(btRole(module, 'master').subscribe({ next: begin, error: fail, complete: () => subscriber.complete() }));
      return () => {
        if (line !== undefined) line.unsubscribe();
        else if (!begun) done();
      };
    }),
  );
  return new Observable<SppSocket>((subscriber) => {
    const fault = addressFault(wanted) ?? lineFault(config);
    return fault === undefined ? open.subscribe(subscriber) : subscriber.error(fault);
  });
};
