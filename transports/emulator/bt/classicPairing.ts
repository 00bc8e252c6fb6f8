import { combineLatest, delay, map, merge, mergeMap, Observable, of, take, tap, timer, type SchedulerLike } from 'rxjs';
import type { Random } from '../random.js';
import type { Need, PairingSide } from './peer.js';

/** How a pairing ended. */
export interface Paired { readonly good: boolean; readonly authenticated: boolean }

/** The other side's patience, in milliseconds. */
const patience = 30_000;

const failed: Paired = { good: false, authenticated: false };
/** IO capabilities of AT+BTSECPARAM. */
const [displayYesNo, keyboardOnly, nothing] = [1, 2, 3];

/** Both must say yes; the first no ends it. */
const agreed = (answers: readonly Observable<boolean>[]): Observable<boolean> =>
  answers.length === 0
    ? of(true)
    : merge(...answers).pipe(
        map((yes, index) => (yes ? (index + 1 === answers.length ? true : undefined) : false)),
        mergeMap((end) => (end === undefined ? [] : [end])),
        take(1),
      );

/** Secure Simple Pairing: the association model of the core specification, from what both sides can do. */
const simple = (me: PairingSide, peer: PairingSide, random: Random): Observable<Paired> => {
  const sides = [me, peer] as const;
  const otherOf = (side: PairingSide): PairingSide => (side === me ? peer : me);
  const can = sides.map(({ security }) => security.capability);
  if (can.includes(nothing)) return of({ good: true, authenticated: false });
  if (can.every((capability) => capability === keyboardOnly)) {
    return combineLatest(sides.map((side) => side.askKey(otherOf(side).address))).pipe(map(([mine, theirs]) => ({ good: mine === theirs, authenticated: true })));
  }
  const key = Math.floor(random() * 1_000_000);
  if (can.includes(keyboardOnly)) {
    const typing = me.security.capability === keyboardOnly ? me : peer;
    otherOf(typing).showKey(key);
    return typing.askKey(otherOf(typing).address).pipe(map((typed) => ({ good: typed === key, authenticated: true })));
  }
  // A side that can only show confirms by itself: then the comparison proves nothing.
  const asked = sides.filter(({ security }) => security.capability === displayYesNo);
  return agreed(asked.map((side) => side.askConfirmation(otherOf(side).address, key))).pipe(map((good) => ({ good, authenticated: asked.length === 2 })));
};

/** PINs as before Bluetooth 2.1: both sides must have the same. */
const legacy = (me: PairingSide, peer: PairingSide, digits: number): Observable<Paired> =>
  combineLatest([me.givePin(peer.address), peer.givePin(me.address)]).pipe(
    map(([mine, theirs]) => ({ good: mine === theirs && mine.length >= Math.max(1, digits), authenticated: mine.length >= 16 })),
  );

/** Cold. A pairing of two modules, begun by the first one: emits once how it ended, and completes. Unsubscribing takes its questions back. */
export const pair = (me: PairingSide, peer: PairingSide, need: Need, scheduler: SchedulerLike, random: Random): Observable<Paired> => {
  const modern = me.simplePairing && peer.simplePairing;
  if (!modern && need.modern) return of(failed);
  const begun = timer(20, scheduler).pipe(mergeMap(() => (modern ? simple(me, peer, random) : legacy(me, peer, need.digits))), take(1), delay(20, scheduler));
  const result = merge(begun, timer(patience, scheduler).pipe(map(() => failed))).pipe(
    take(1),
    map((paired) => (paired.good && need.authenticated && !paired.authenticated ? failed : paired)),
  );
  return new Observable((subscriber) => {
    if (me.pairing || peer.pairing) {
      subscriber.next(failed);
      subscriber.complete();
      return undefined;
    }
    me.pairing = true;
    peer.pairing = true;
    subscriber.add(() => {
      me.pairing = false;
      peer.pairing = false;
    });
    return result.pipe(tap(({ good, authenticated }) => {
      if (!good) return;
      me.keep({ address: peer.address, authenticated });
      peer.keep({ address: me.address, authenticated });
    })).subscribe(subscriber);
  });
};
