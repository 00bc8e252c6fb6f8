import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ErrorCode } from '../codec/errorCode.js';

/** Names of the MQTT codes an error carries (`MQTT_NULL_LINK`), document 000 §9.12. */
export const mqttReasonsOf = (error: unknown): readonly string[] => {
  if (!isAtError(error)) return [];
  const codes = error.details['codes'];
  return Array.isArray(codes) ? (codes as readonly ErrorCode[]).flatMap(({ reason }) => (reason?.startsWith('MQTT_') === true ? [reason] : [])) : [];
};

/** There is no connection: nothing was sent. */
export const offline = (cause?: unknown): AtError =>
  new AtError({ kind: 'link', code: 'offline', message: 'the broker is not connected', retry: 'safe', ...(cause === undefined ? {} : { cause }) });

/** The module knew of no connection, or the session did not. */
export const isOffline = (error: unknown): boolean => isAtError(error, 'link') && error.code === 'offline';

/** Says in words and in `details.reason` what an MQTT command was refused for. */
export const named = <T>(): MonoTypeOperatorFunction<T> =>
  catchError((cause: unknown) => {
    const [reason, ...more] = mqttReasonsOf(cause);
    if (!isAtError(cause) || reason === undefined) return throwError(() => cause);
    if (reason === 'MQTT_NULL_LINK') return throwError(() => offline(cause));
    const { kind, code, retry, details } = cause;
    return throwError(() => new AtError({ kind, code, message: `${String(details['command'])} was refused: ${[reason, ...more].join(', ')}`, retry, cause, details: { ...details, reason } }));
  });
