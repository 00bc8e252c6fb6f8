import { defer, type Observable, of, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { sameUuid } from './uuid.js';

/** A service of either side, as a look for its characteristics sees it. */
interface Holder<C> {
  readonly uuid: string;
  readonly characteristics: readonly C[];
}

/** The first characteristic of this UUID in the first service of that one; `unsupported`/`attribute` where `whose` table has none. Cold. */
export const findCharacteristic = <C extends { readonly uuid: string }>(whose: string, services: readonly Holder<C>[], service: string, uuid: string): Observable<C> =>
  defer(() => {
    const found = services.find((known) => sameUuid(known.uuid, service))?.characteristics.find((known) => sameUuid(known.uuid, uuid));
    if (found !== undefined) return of(found);
    return throwError(() => new AtError({ kind: 'unsupported', code: 'attribute', message: `${whose} has no characteristic ${uuid} in a service ${service}`, details: { service, uuid } }));
  });
