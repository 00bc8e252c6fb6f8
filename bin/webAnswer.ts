import { type IncomingMessage, request } from 'node:http';
import { catchError, concat, identity, Observable, of, switchMap, take, throwError, timeout } from 'rxjs';
import { type AtModule, isAtError, type Socket, tcp, tls } from 'rx-esp-at';
import { toNodeDuplex } from 'rx-esp-at/bridges/node';
import { Exit, exitCode } from './exitCode.js';
import { codeOf } from './reasonOf.js';
import type { Task } from './runTask.js';
import { silence } from './silence.js';
import { version } from './version.js';
import { peerOf, redirected, shownAddress } from './webAddress.js';
import { type ProofOptions, proofOf } from './whoProves.js';

/** Redirects that are followed. */
const redirectLimit = 5;
const redirects: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** How a page is fetched. */
export interface Fetching {
  readonly proof: ProofOptions;
  /** Longest silence of a server that is waited for, in ms; 0 for ever. */
  readonly patience: number;
}

// The module answers ERROR to both.
const unproved = (url: URL): Exit => new Exit(exitCode.failed, `${url.host} could not be reached, or a certificate was missing or not accepted; the module does not say which`);

const connected = (module: AtModule, url: URL, { proof }: Fetching): Observable<Socket> => {
  const { host, port, family, name } = peerOf(url);
  if (url.protocol === 'http:') return tcp(module, { host, port, family });
  const { verify = 'none' } = proof;
  return tls(module, { host, port, family, ...(name === undefined ? {} : { serverName: name }), ...proofOf(proof, name) }).pipe(
    catchError((error: unknown) => throwError(() => (verify !== 'none' && isAtError(error, 'link') && error.code === 'refused' ? unproved(url) : error))),
  );
};

const failure = (url: URL, error: Error): Error => {
  const code = codeOf(error);
  if (code === 'ECONNRESET') return new Exit(exitCode.failed, `${url.host} closed the connection without an answer`);
  if (code?.startsWith('HPE_') === true) return new Exit(exitCode.failed, `${url.host} did not answer in HTTP: ${error.message}`);
  return error;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The answer to a GET over a connection; its body is for the subscriber to read, and is gone when he leaves. */
const asked = (socket: Socket, url: URL): Observable<IncomingMessage> =>
  new Observable<IncomingMessage>((subscriber) => {
    const { username, password } = url;
    const stream = toNodeDuplex(socket);
    // After the answer the request does not listen any more.
    stream.on('error', () => undefined);
    const sent = request({
      createConnection: () => stream,
      path: `${url.pathname}${url.search}`,
      // A server that is asked to close sends its FIN with the last data, which the firmware (2.0 to 4.2) then does not announce: that costs two seconds.
      headers: { host: url.host, 'user-agent': `esp-at/${version()}`, accept: '*/*', connection: 'keep-alive' },
      ...(username === '' && password === '' ? {} : { auth: `${decoded(username)}:${decoded(password)}` }),
    });
    sent.on('response', (response) => {
      // What nobody reads any more may fail.
      response.on('error', () => undefined);
      subscriber.next(response);
    });
    sent.on('error', (error) => subscriber.error(failure(url, error)));
    sent.end();
    return () => {
      sent.destroy();
      stream.destroy();
    };
  });

/** Takes an answer and ends with the exit code. */
type Use = (response: IncomingMessage, url: URL) => Task;

type Step = { readonly code: number } | { readonly next: URL };

const nextOf = (url: URL, { statusCode, headers: { location } }: IncomingMessage): URL | undefined => {
  if (location === undefined || !redirects.includes(statusCode)) return undefined;
  const next = redirected(url, location);
  if (next === undefined) throw new Exit(exitCode.failed, `${shownAddress(url)} leads to ${location}, which is no web address`);
  return next;
};

const step = (url: URL, socket: Socket, response: IncomingMessage, use: Use, { proof }: Fetching): Observable<Step> => {
  const { statusCode = 0, statusMessage = '' } = response;
  if (statusCode >= 400) return throwError(() => new Exit(exitCode.failed, `${shownAddress(url)} answered ${`${String(statusCode)} ${statusMessage}`.trimEnd()}`));
  const next = nextOf(url, response);
  if (next === undefined) return use(response, url).pipe(switchMap((code) => of({ code })));
  if (proof.verify !== undefined && proof.verify !== 'none' && next.protocol !== 'https:') {
    return throwError(() => new Exit(exitCode.failed, `${shownAddress(url)} leads to ${shownAddress(next)}, where nobody proves anything`));
  }
  return concat(socket.end(), of({ next }));
};

/**
 * Fetches a URL over links of the module, one after another while redirects lead on, and gives the answer to `use`, whose exit code it emits. What `use`
 * does not read stays in the module, and its sender waits. Status 400 and up is an error, and so is a server that stays silent instead of answering.
 */
export const webAnswer = (module: AtModule, url: URL, fetching: Fetching, use: Use, left = redirectLimit): Task => {
  const { patience } = fetching;
  const answer = (socket: Socket): Observable<IncomingMessage> =>
    asked(socket, url).pipe(patience === 0 ? identity : timeout({ first: patience, with: () => throwError(() => silence(url.host, patience)) }));
  return connected(module, url, fetching).pipe(
    switchMap((socket) => answer(socket).pipe(switchMap((response) => step(url, socket, response, use, fetching)))),
    take(1),
    switchMap((done: Step): Task => {
      if ('code' in done) return of(done.code);
      if (left === 0) return throwError(() => new Exit(exitCode.failed, `more than ${String(redirectLimit)} redirects, the last one to ${shownAddress(done.next)}`));
      return webAnswer(module, done.next, fetching, use, left - 1);
    }),
  );
};
