import { defer, ReplaySubject, type SchedulerLike, Subject, Subscription } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { ModuleSettings } from '../command/command.js';
import type { RawLine } from '../command/rawLine.js';
import type { Connection } from '../transport.js';
import { streamOver } from './lineErrors.js';
import type { QuietLine } from './quietLine.js';
import { createRawLeaving, type RawEnd } from './rawLeaving.js';
import { createRawWrites } from './rawWrites.js';
import type { Writer } from './writer.js';

export interface RawLineConfig {
  readonly connection: Connection;
  readonly scheduler: SchedulerLike;
  /** Bound to the life of the exchange. */
  readonly life: Subscription;
  readonly writer: Writer;
  readonly silence: QuietLine;
  readonly lineTime: (bytes: number) => number;
  readonly settings: ModuleSettings;
  readonly show: (dir: 'tx' | 'rx', text: string) => void;
  readonly over: (end: RawEnd) => void;
}

/** A raw line and the exchange's side of it. */
export interface OpenRawLine {
  readonly line: RawLine;
  feed(bytes: Uint8Array): void;
  leave(): void;
  /** The exchange ended. */
  fail(error: AtError): void;
}

/** A raw stream that has just begun. */
export const createRawLine = ({ connection, scheduler, life, writer, silence, lineTime, settings, show, over }: RawLineConfig): OpenRawLine => {
  const incoming = new Subject<Uint8Array>();
  const left = new ReplaySubject<never>(1);
  const work = new Subscription();
  let leaving = false;
  let ended = false;
  life.add(work);
  writer.endure(true);

  const finish = (end?: RawEnd, error?: AtError): void => {
    if (ended) return;
    ended = true;
    writer.endure(false);
    work.unsubscribe();
    writes.fail(error ?? streamOver());
    // The command first: what it errors with tells whoever has the line alone that it must be set up anew.
    if (end !== undefined) over(end);
    if (error === undefined) incoming.complete();
    else incoming.error(error);
    left.complete();
  };
  const wayOut = createRawLeaving({ work, writer, silence, settings, show, peer: (bytes) => incoming.next(bytes), over: finish });
  const idle = (): void => {
    if (leaving) wayOut.begin();
  };
  const writes = createRawWrites({ scheduler, work, writer, silence, lineTime, show, open: () => !leaving && !ended, idle });

  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    connection.hold?.(false);
    writer.endure(false);
    writes.conclude();
  };

  return {
    line: {
      incoming,
      write: writes.write,
      ...(connection.hold === undefined ? {} : { hold: (on: boolean) => (leaving ? undefined : connection.hold?.(on)) }),
      leave: () =>
        defer(() => {
          leave();
          return left;
        }),
    },
    feed: (bytes) => {
      show('rx', `<${String(bytes.length)} bytes>`);
      if (!wayOut.feed(bytes)) incoming.next(bytes);
    },
    leave,
    fail: (error) => finish(undefined, error),
  };
};
