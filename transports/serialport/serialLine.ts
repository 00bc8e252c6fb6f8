import { catchError, defer, exhaustMap, ignoreElements, interval, map, type Observable, type SchedulerLike, tap, throwError, timeout } from 'rxjs';
import { AtError, type Connection, type SerialControl } from '../../lib/transport.js';
import { inlet } from '../line/inlet.js';
import { failedWrite, lostLine } from '../line/lineError.js';
import { writer } from '../line/writer.js';
import type { SerialBindingPort } from './serialBinding.js';
import { stillThere } from './stillThere.js';

/** One read takes at most this: what a Linux terminal line buffers, and so what can still arrive after `hold(true)`. */
const READ_BYTES = 4096;
/** Milliseconds between two looks whether the port is still there. */
const PROBE_MS = 500;
/** What may lie in the operating system behind the last write, in bytes, and the slack of a drain in milliseconds. */
const UNSENT_BYTES = 4096;
const DRAIN_SLACK_MS = 1000;

/** An open port as a connection, and its end. */
export interface SerialLine {
  readonly connection: Connection;
  /** Releases the port; resolves when the operating system let go of it, never rejects. */
  close(): Promise<void>;
}

/** How the port was opened. */
export interface SerialSettings {
  readonly baudRate: number;
  readonly rtscts: boolean;
}

/** Reads, writes and watches an open port. It is watched from the start: its loss closes it. */
export const serialLine = (port: SerialBindingPort, path: string, { baudRate, rtscts }: SerialSettings, scheduler: SchedulerLike): SerialLine => {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let baud = baudRate;
  let lines = { dtr: true, rts: true, brk: false };
  let flowing = false;
  let reading = false;
  let closed: Promise<void> | undefined;

  const pump = () => {
    if (!flowing || reading || closed) return;
    reading = true;
    port.read(buffer, 0, buffer.length).then(
      ({ bytesRead }) => {
        reading = false;
        gate.push(new Uint8Array(buffer.subarray(0, bytesRead)));
        pump();
      },
      (cause: unknown) => {
        reading = false;
        lose(cause);
      },
    );
  };
  const gate = inlet((on) => {
    flowing = on;
    pump();
  });

  const lose = (cause: unknown) => {
    if (closed) return;
    void release();
    gate.fail(lostLine(path, cause));
  };
  const release = () => {
    watch.unsubscribe();
    closed ??= port.close().catch(() => undefined);
    return closed;
  };

  // Not only while held: Linux reads a line that hung up as empty, and serialport 13 then reads it again and again, without an end.
  const probe = stillThere(port);
  const watch = interval(PROBE_MS, scheduler)
    .pipe(exhaustMap(() => probe()))
    .subscribe({ error: lose });

  const control = (what: string, act: () => Promise<void>): Observable<never> =>
    defer(() => (closed ? throwError(() => lostLine(path)) : act())).pipe(
      ignoreElements(),
      catchError((cause: unknown) => throwError(() => refusedControl(path, what, cause))),
    );

  const serialControl: SerialControl = {
    flowControl: rtscts,
    baud: (rate) => control('baud', () => port.update({ baudRate: rate })).pipe(tap({ complete: () => (baud = rate) })),
    set: (wanted) =>
      control('set', () => {
        lines = { ...lines, ...wanted };
        return port.set(lines);
      }),
    get: () =>
      defer(() => (closed ? throwError(() => lostLine(path)) : port.get())).pipe(
        map(({ cts, dsr, dcd }) => ({ cts, dsr, dcd })),
        catchError((cause: unknown) => throwError(() => refusedControl(path, 'get', cause))),
      ),
  };

  const connection: Connection = {
    incoming: gate.incoming,
    hold: gate.hold,
    write: writer((bytes, done) => {
      if (closed) {
        done(lostLine(path));
        return;
      }
      port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).then(
        () => done(),
        (cause: unknown) => {
          done(closed ? lostLine(path, cause) : failedWrite(path, cause));
          lose(cause);
        },
      );
    }),
    drained: () =>
      defer(() => (closed ? throwError(() => lostLine(path)) : port.drain())).pipe(
        ignoreElements(),
        timeout({ first: DRAIN_SLACK_MS + (UNSENT_BYTES * 10_000) / baud, scheduler }),
        catchError((cause: unknown) => throwError(() => (closed ? lostLine(path, cause) : failedWrite(path, cause)))),
      ),
    control: serialControl,
    get baud() {
      return baud;
    },
  };
  return {
    connection,
    close: () => {
      const released = release();
      gate.complete();
      return released;
    },
  };
};

const refusedControl = (path: string, what: string, cause: unknown): AtError =>
  cause instanceof AtError
    ? cause
    : new AtError({
        kind: 'transport',
        code: 'control',
        message: `${path} refused ${what}${cause instanceof Error ? `: ${cause.message}` : ''}`,
        cause,
        details: { path, what },
      });
