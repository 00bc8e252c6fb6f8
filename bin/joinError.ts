import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { isAtError } from 'rx-esp-at';
import { Exit, exitCode } from './exitCode.js';

const words: Readonly<Record<string, (ssid: string) => string>> = {
  password: (ssid) => `${ssid} did not accept the password`,
  'not-found': (ssid) => `the module does not hear ${ssid}: it may be out of reach, or on a 5 GHz channel`,
};

/** Says in words why a network could not be joined, where the module tells. */
export const joinError = <T>(ssid: string): MonoTypeOperatorFunction<T> =>
  catchError((error: unknown) => {
    const told = isAtError(error, 'command') ? words[String(error.details['reason'])] : undefined;
    return throwError(() => (told === undefined ? error : new Exit(exitCode.failed, told(ssid))));
  });
