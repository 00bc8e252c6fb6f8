import { defer, filter, ignoreElements, map, merge, mergeMap, type Observable, of, takeWhile, tap, throwError, timeout } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { connectionLife, type ConnectionLife } from '../bluetooth/connectionLife.js';
import { answering, type CompareStep, conversations, type EnterStep, type Guard, patienceOf, type PairingOptions, type ResultStep, type ShowStep } from '../bluetooth/pairingConversation.js';
import { type EventDeclaration, ofEvent, type Parameters } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';

/** A step of a pairing. What it asks for is answered by its `reply`: cold, once; it completes when the module took the answer. */
export type PairingStep = { readonly connection: number } & (
  | { /** The peer asks to pair: AT+BLEENCRSP. */ readonly step: 'request'; reply(accept: boolean): Observable<never> }
  | ShowStep
  | EnterStep
  | CompareStep
  | { /** A key was exchanged: 1 encryption, 2 identity, 4 signature, 8 link. */ readonly step: 'key'; readonly type: number }
  | ResultStep
);

/** How pairing is begun. */
export interface PairOptions extends PairingOptions {
  /** What is asked for; `encrypt, mitm` fails where nobody can compare or type anything. Default `encrypt`. */
  readonly level?: Exclude<Parameters<typeof ble.encrypt>['level'], number>;
}

/** What bounds the answers on each connection, where no `BleConnection` does: the next one may get its number. */
const answerable = (module: AtModule, guard: Guard): ((connection: number) => Guard) => {
  const lives = new Map<number, ConnectionLife>();
  const lifeOf = (connection: number): ConnectionLife => {
    const found = lives.get(connection);
    if (found !== undefined) return found;
    const life = connectionLife(module, {
      address: 'the peer',
      isGone: ({ name, fields }) => name === events.bleDisconnected.name && fields['connection'] === connection,
      lost: () => new AtError({ kind: 'link', code: 'lost', message: 'the connection to the peer is gone', retry: 'safe', details: { connection } }),
      ended: () => void lives.delete(connection),
    });
    lives.set(connection, life);
    return life;
  };
  return (connection) => {
    const life = lifeOf(connection);
    return (source) => guard(life.guard(source));
  };
};

/** Hot: what the module says of pairings on this connection, or on any. */
const steps = (module: AtModule, guardOf: (connection: number) => Guard, wanted: number | undefined): Observable<PairingStep> => {
  const heard = <A extends { readonly connection: number }>(declared: EventDeclaration<A>, step: (fields: A) => PairingStep): Observable<PairingStep> =>
    module.events.pipe(
      ofEvent(declared),
      filter(({ fields: { connection } }) => wanted === undefined || connection === wanted),
      map(({ fields }) => step(fields)),
    );
  return merge(
    heard(events.bleSecurityRequest, ({ connection }) => ({ connection, step: 'request', reply: answering(guardOf(connection), (accept: boolean) => module.exec(ble.acceptPairing, { connection, accept })) })),
    heard(events.blePasskey, ({ connection, key }) => ({ connection, step: 'show', passkey: key })),
    heard(events.blePasskeyRequest, ({ connection }) => ({ connection, step: 'enter', reply: answering(guardOf(connection), (key: string) => module.exec(ble.replyKey, { connection, key })) })),
    heard(events.bleConfirmRequest, ({ connection, key }) => ({
      connection,
      step: 'compare',
      number: key,
      reply: answering(guardOf(connection), (confirm: boolean) => module.exec(ble.confirmKey, { connection, confirm })),
    })),
    heard(events.bleKeyType, ({ connection, type }) => ({ connection, step: 'key', type })),
    heard(events.bleAuthenticated, ({ connection, outcome }) => ({ connection, step: 'result', paired: outcome === 'success' })),
  );
};

/** Pairings that others begin, and those begun here. Hot. */
export const pairings = (module: AtModule, guard: Guard, wanted: number | undefined, options: PairingOptions): Observable<PairingStep> => {
  const timedOut = ({ connection }: PairingStep): PairingStep => ({ connection, step: 'result', paired: false, timedOut: true });
  const followed = defer(() => {
    const open = new Set<number>();
    const gone = module.events.pipe(
      ofEvent(events.bleDisconnected),
      filter(({ fields: { connection } }) => open.has(connection)),
      map(({ fields: { connection } }): PairingStep => ({ connection, step: 'result', paired: false })),
    );
    // A `BleConnection` ends in an error.
    const told = wanted === undefined ? merge(steps(module, answerable(module, guard), wanted), gone) : steps(module, () => guard, wanted);
    return told.pipe(
      conversations(({ connection }: PairingStep) => connection, timedOut, options, module.scheduler),
      tap(({ connection, step }) => void (step === 'result' ? open.delete(connection) : open.add(connection))),
    );
  });
  return guard(followed);
};

/** Begins a pairing and follows it to its result. */
export const pair = (module: AtModule, guard: Guard, connection: number, { level = 'encrypt', ...options }: PairOptions): Observable<PairingStep> => {
  const failed = (code: string, message: string): AtError => new AtError({ kind: 'link', code, message, retry: 'unknown', details: { connection } });
  const late = (): Observable<never> => throwError(() => failed('timeout', 'the pairing did not go on'));
  const begun = defer(() => module.exec(ble.encrypt, { connection, level })).pipe(ignoreElements());
  return guard(
    merge(steps(module, () => guard, connection), begun).pipe(
      timeout({ each: patienceOf(options), scheduler: module.scheduler, with: late }),
      takeWhile((step) => step.step !== 'result', true),
      mergeMap((step) => (step.step === 'result' && !step.paired ? throwError(() => failed('unpaired', 'the pairing failed: it was refused, or the key was wrong')) : of(step))),
    ),
  );
};
