import { finalize, Observable, tap } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { checkNumber } from '../../operators/checkNumber.js';
import type { AtModule } from '../module/atModule.js';
import { createReadGate } from '../socket/readGate.js';
import type { HttpDownloadConfig } from './httpTypes.js';
import { runRequest } from './runRequest.js';

/** Most bytes that wait unread unless it is told. */
const usual = 65_536;

const overflow = (limit: number, received: number): AtError =>
  new AtError({ kind: 'link', code: 'overflow', message: `more than ${String(limit)} bytes came unread`, details: { limit, received } });

const asError = (cause: unknown): AtError =>
  isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'no-response', message: 'the request failed', retry: 'unknown', cause });

/** The body of a response on demand: the line is held where the reader falls behind. Cold. */
export const download = (module: AtModule, config: HttpDownloadConfig): Observable<ByteSource> =>
  new Observable<ByteSource>((subscriber) => {
    const { limit = usual, ...request } = config;
    const wrong = checkNumber('limit', limit, 1, 0x7fffffff);
    if (wrong !== undefined) return subscriber.error(wrong);
    let held = false;
    let received = 0;
    let opened = false;
    let over = false;
    const hold = (on: boolean): boolean => {
      if (held === on) return true;
      // Before the call: what waits in the port may come while it lets the line go on.
      held = on;
      const done = module.line.hold(on);
      if (!done) held = !on;
      return done;
    };
    const gate = createReadGate(() => undefined);
    /** An error is told by the reading alone: here it would overtake what the reader still works on. */
    const told = (): void => {
      if (over && gate.kept === 0) subscriber.complete();
    };
    const end = (error?: AtError): void => {
      if (over) return;
      over = true;
      // Nobody reads on: what is still to come must pass.
      hold(false);
      gate.end(error);
      if (opened || error === undefined) told();
      else subscriber.error(error);
    };
    const take = (bytes: Uint8Array): void => {
      received += bytes.length;
      if (over) return;
      // What a held port had read already comes all the same.
      if (gate.kept + bytes.length > limit && !hold(true)) return end(overflow(limit, received));
      gate.push(bytes);
      if (gate.kept > limit / 2) hold(true);
    };
    const paced = (): void => {
      if (held && gate.kept <= limit / 4) hold(false);
    };
    const reading = runRequest(module, request).subscribe({
      next: ({ bytes }) => take(bytes),
      error: (cause: unknown) => end(asError(cause)),
      complete: () => end(),
    });
    subscriber.add(reading);
    subscriber.add(() => {
      hold(false);
      gate.end(new AtError({ kind: 'link', code: 'closed', message: 'the download was given up' }));
    });
    if (subscriber.closed) return;
    opened = true;
    subscriber.next({ read: (max) => gate.read(max).pipe(tap({ next: paced }), finalize(told)) });
  });
