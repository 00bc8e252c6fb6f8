import { defer, ignoreElements, mergeMap, type Observable } from 'rxjs';

/** A peer that the module has keys of. */
export interface ListedPeer {
  readonly index: number;
  readonly address: string;
}

/** Forgets the keys of one peer by its address: lists them, then `forget` of its index; nothing where it is not listed. Cold. */
export const forgetPeer = (list: () => Observable<readonly ListedPeer[]>, forget: (index: number) => Observable<unknown>, address: string): Observable<never> =>
  defer(list).pipe(
    mergeMap((peers) => peers.filter((peer) => peer.address === address.toLowerCase()).map(({ index }) => index)),
    mergeMap(forget),
    ignoreElements(),
  );
