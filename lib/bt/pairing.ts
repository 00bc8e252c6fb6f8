import { defer, filter, map, merge, type Observable, takeUntil, tap, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { answering, type CompareStep, conversations, type EnterStep, type Guard, type PairingOptions, type ResultStep, type ShowStep } from '../bluetooth/pairingConversation.js';
import type { Secret } from '../codec/index.js';
import { ofEvent } from '../command/index.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import { restarted } from '../features/restarted.js';
import type { AtModule } from '../module/atModule.js';

/**
 * A step of a pairing; a module has one at a time. What it asks for is answered by its `reply`: cold, once; it completes when the module took the answer. `address`: of the peer,
 * where the module tells it.
 */
export type BtPairingStep = { readonly address?: string } & (
  | { /** The peer wants a PIN of 1 to 16 bytes: AT+BTPINREPLY. */ readonly step: 'pin'; reply(pin: string): Observable<never> }
  | ShowStep
  | EnterStep
  | /** 2.0 does not tell the number. */ CompareStep<Secret | undefined>
  | ResultStep
);

const connection = 0;

const superseded = (): AtError => new AtError({ kind: 'link', code: 'lost', message: 'the module asks something else by now: that pairing is over', retry: 'safe' });

const asked = (module: AtModule): Observable<BtPairingStep> => {
  const { events: said } = module;
  let latest = 0;
  // The command names no peer: an answer that comes late would be another one's.
  const bounded = (): Guard => {
    const own = (latest += 1);
    return (source) => defer(() => (own === latest ? source.pipe(takeUntil(restarted(module, 'the pairing'))) : throwError(superseded)));
  };
  return merge(
    said.pipe(
      ofEvent(events.btPinRequest),
      map(({ fields: { address } }): BtPairingStep => ({ address, step: 'pin', reply: answering(bounded(), (pin: string) => module.exec(commands.replyPin, { connection, pin })) })),
    ),
    said.pipe(
      ofEvent(events.btPasskey),
      map(({ fields: { key } }): BtPairingStep => ({ step: 'show', passkey: key })),
    ),
    said.pipe(
      ofEvent(events.btPasskeyRequest),
      map(({ fields: { address } }): BtPairingStep => ({ address, step: 'enter', reply: answering(bounded(), (key: string) => module.exec(commands.replyKey, { connection, key })) })),
    ),
    said.pipe(
      ofEvent(events.btConfirmRequest),
      map(({ fields: { address, key } }): BtPairingStep => {
        const reply = answering(bounded(), (accept: boolean) => module.exec(commands.confirmKey, { connection, accept }));
        return { address, step: 'compare', number: key, reply };
      }),
    ),
  );
};

/** What a pairing asks of this module, or shows it. Hot. */
export const questions = (module: AtModule): Observable<BtPairingStep> => defer(() => asked(module));

const result = (paired: boolean, address: string | undefined): BtPairingStep => ({ ...(address === undefined ? {} : { address }), step: 'result', paired });

/** The steps of every pairing. Hot. The outcome of the connection that it was for is the only word there is of how one ended. */
export const pairings = (module: AtModule, options: PairingOptions): Observable<BtPairingStep> =>
  defer(() => {
    let open = false;
    const outcomes = merge(module.events.pipe(ofEvent(events.sppConnected)), module.events.pipe(ofEvent(events.a2dpConnected))).pipe(
      map(({ fields: { failed, address } }) => result(!failed, address)),
    );
    const timedOut = ({ address }: BtPairingStep): BtPairingStep => ({ ...result(false, address), step: 'result', paired: false, timedOut: true });
    return merge(questions(module), outcomes).pipe(
      conversations(() => connection, timedOut, options, module.scheduler),
      // A connection that nobody paired for.
      filter(({ step }) => step !== 'result' || open),
      tap(({ step }) => (open = step !== 'result')),
      takeUntil(restarted(module, 'the pairing')),
    );
  });
