import { EMPTY, type Observable, throwError } from 'rxjs';
import { checkNumber } from '../../operators/checkNumber.js';

/** `usage`/`queueLimit` where the bound of a queue of bytes or datagrams is no whole number from 1 on. */
export const checkQueue = (queueLimit: number | undefined): Observable<never> => {
  const wrong = checkNumber('queueLimit', queueLimit, 1);
  return wrong === undefined ? EMPTY : throwError(() => wrong);
};
