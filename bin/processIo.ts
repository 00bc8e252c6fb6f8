import { Observable, shareReplay } from 'rxjs';
import { exitCode } from './exitCode.js';
import type { Io } from './io.js';

const interrupts = new Observable<number>((subscriber) => {
  const interrupted = (): void => subscriber.next(exitCode.interrupted);
  const terminated = (): void => subscriber.next(exitCode.terminated);
  // `| head -1` has seen enough: that is no error.
  const gone = ({ code }: NodeJS.ErrnoException): void => subscriber.next(code === 'EPIPE' ? exitCode.ok : exitCode.failed);
  let told = false;
  const unwritten = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && !told) process.stderr.write(`esp-at: cannot write the output: ${error.message}\n`);
    told = true;
    gone(error);
  };
  // Once: who asks a second time does not want to wait for the orderly end.
  process.once('SIGINT', interrupted).once('SIGTERM', terminated).once('SIGHUP', terminated);
  process.stdout.on('error', unwritten);
  process.stderr.on('error', gone);
  return () => {
    process.off('SIGINT', interrupted).off('SIGTERM', terminated).off('SIGHUP', terminated);
  };
});

/** The process's own streams and signals; they are listened to from the call on. */
export const processIo = (): Io => {
  const shared = interrupts.pipe(shareReplay({ bufferSize: 1, refCount: false }));
  shared.subscribe();
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env, interrupts: shared };
};
