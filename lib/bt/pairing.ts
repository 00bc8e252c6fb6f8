import { EMPTY, filter, map, merge, mergeMap, Observable, of, takeUntil } from 'rxjs';
import { answering, type CompareStep, conversations, type EnterStep, type PairingOptions, type ResultStep, type ShowStep } from '../bluetooth/pairingConversation.js';
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

/** Hot: what the module says of pairings. The outcome of the connection that it is for is the only word there is of how one ended. */
const steps = (module: AtModule): Observable<BtPairingStep> =>
  new Observable<BtPairingStep>((subscriber) => {
    let open = false;
    const { events: said } = module;
    const guard = <T>(source: Observable<T>): Observable<T> => source.pipe(takeUntil(restarted(module, 'the pairing')));
    const asked = merge(
      said.pipe(
        ofEvent(events.btPinRequest),
        map(({ fields: { address } }): BtPairingStep => ({ address, step: 'pin', reply: answering(guard, (pin: string) => module.exec(commands.replyPin, { connection, pin })) })),
      ),
      said.pipe(
        ofEvent(events.btPasskey),
        map(({ fields: { key } }): BtPairingStep => ({ step: 'show', passkey: key })),
      ),
      said.pipe(
        ofEvent(events.btPasskeyRequest),
        map(({ fields: { address } }): BtPairingStep => ({ address, step: 'enter', reply: answering(guard, (key: string) => module.exec(commands.replyKey, { connection, key })) })),
      ),
      said.pipe(
        ofEvent(events.btConfirmRequest),
        map(({ fields: { address, key } }): BtPairingStep => {
          const reply = answering(guard, (accept: boolean) => module.exec(commands.confirmKey, { connection, accept }));
          return { address, step: 'compare', number: key, reply };
        }),
      ),
    );
    const outcomes = merge(said.pipe(ofEvent(events.sppConnected)), said.pipe(ofEvent(events.a2dpConnected))).pipe(
      map(({ fields: { failed, address } }): BtPairingStep => ({ ...(address === undefined ? {} : { address }), step: 'result', paired: !failed })),
    );
    return merge(asked, outcomes)
      .pipe(
        filter(({ step }) => step !== 'result' || open),
        mergeMap((step) => {
          open = step.step !== 'result';
          return of(step);
        }),
        takeUntil(restarted(module, 'the pairing')),
      )
      .subscribe(subscriber);
  });

/** The steps of every pairing. Hot. */
export const pairings = (module: AtModule, options: PairingOptions): Observable<BtPairingStep> => {
  const timedOut = ({ address }: BtPairingStep): BtPairingStep => ({ ...(address === undefined ? {} : { address }), step: 'result', paired: false, timedOut: true });
  return steps(module).pipe(conversations(() => 0, timedOut, options, module.scheduler));
};

/** Emits when a pairing asks this module for something, or shows it something. Hot. */
export const questions = (module: AtModule): Observable<unknown> => steps(module).pipe(mergeMap(({ step }) => (step === 'result' ? EMPTY : [step])));
