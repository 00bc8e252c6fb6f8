import { catchError, concat, concatMap, defer, map, type Observable, of, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as commands from '../commands/http.js';
import type { AtModule } from '../module/atModule.js';
import { httpError } from './httpError.js';
import { type HttpPlan, httpPlan } from './httpPlan.js';
import type { HttpChunk, HttpMethod, HttpRequest } from './httpTypes.js';
import { prepared } from './prepared.js';

type Runs = Pick<AtModule, 'exec'>;

/** What the server announces; a server that names no size, or a firmware without the command, is no reason to fail. */
const sizeOf = ({ exec }: Runs, url: string | undefined): Observable<number | undefined> =>
  url === undefined
    ? of(undefined)
    : exec(commands.size, { url }).pipe(
        catchError((error: unknown) => (isAtError(error) && (error.code === 'rejected' || error.kind === 'unsupported') ? of(undefined) : throwError(() => error))),
      );

const chunksOf = (runs: Runs, { size, call: { command, params, data } }: HttpPlan, method: HttpMethod): Observable<HttpChunk> =>
  defer(() => {
    let received = 0;
    return sizeOf(runs, size).pipe(
      concatMap((total) =>
        (runs.exec(command, params, data === undefined ? {} : { data }) as Observable<{ readonly payload: Uint8Array }>).pipe(
          map(({ payload }): HttpChunk => ({ bytes: payload, received: (received += payload.length), ...(total === undefined ? {} : { total }) })),
        ),
      ),
      catchError((cause: unknown) => throwError(() => httpError(cause, method, received))),
    );
  });

const stored = (header: Uint8Array) => ({ exec }: Runs): Observable<unknown> => exec(commands.header, { length: header.length }, { data: header });

/** A request as the commands of the dialect make it. Cold. */
export const runRequest = (module: AtModule, request: HttpRequest): Observable<HttpChunk> =>
  defer(() => {
    const plan = httpPlan(module, request);
    if (plan instanceof AtError) return throwError(() => plan);
    const { longUrl, stored: headers } = plan;
    if (longUrl === undefined && headers.length === 0) return chunksOf(module, plan, request.method);
    const address = longUrl === undefined ? [] : [({ exec }: Runs) => exec(commands.longUrl, { length: longUrl.length }, { data: longUrl })];
    // Headers of a host before would go out with the request.
    const clean = headers.length === 0 ? [] : [({ exec }: Runs) => exec(commands.headersClear)];
    const [first = () => of(undefined), ...then] = [...address, ...clean, ...headers.map(stored)];
    return prepared(module, {
      first: () => first(module),
      then,
      work: (runs) => chunksOf(runs, plan, request.method),
      clear: ({ exec }) => concat(...(headers.length === 0 ? [] : [exec(commands.headersClear)]), ...(longUrl === undefined ? [] : [exec(commands.longUrlClear)])),
    });
  });
