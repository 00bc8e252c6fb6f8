import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { AtError, Connection } from '../../lib/transport.js';
import { inlet } from './inlet.js';
import { lostLine } from './lineError.js';
import { writer } from './writer.js';

export type PairSide = 'near' | 'far';

/** One life of the line of a pair, from the first open to the first close or cut. */
export interface PairSession {
  /** Closed by one end, or cut. */
  readonly over: boolean;
  /** Whether the side is open now, and whether it ever was. */
  holds(side: PairSide): boolean;
  used(side: PairSide): boolean;
  join(side: PairSide): Connection;
  leave(side: PairSide): void;
  cut(error: AtError): void;
}

export interface PairLine {
  readonly scheduler: SchedulerLike;
  readonly delay: number;
  readonly window: number;
  readonly baud?: number;
}

/** One direction: bytes on the way in the order they were written, whatever the timers do. */
const wire = ({ scheduler, delay, window, baud }: PairLine) => {
  const timers = new Subscription();
  const way: (Uint8Array | 'end')[] = [];
  let travelling = 0;
  let freeAt = 0;
  let pending: ((error?: AtError) => void) | undefined;

  const settle = () => {
    if (pending && travelling + gate.waiting <= window) {
      timers.add(scheduler.schedule(() => (travelling + gate.waiting <= window ? finish() : undefined)));
    }
  };
  const finish = (error?: AtError) => {
    const done = pending;
    pending = undefined;
    done?.(error);
  };
  const gate = inlet(() => undefined, settle);

  const arrive = () => {
    const next = way.shift();
    if (next === 'end') gate.complete();
    else if (next) {
      travelling -= next.length;
      gate.push(next);
    }
  };
  const lineTime = (bytes: number) => (baud === undefined ? 0 : (bytes * 10_000) / baud);
  const travel = (what: Uint8Array | 'end') => {
    const bytes = what === 'end' ? 0 : what.length;
    freeAt = Math.max(freeAt, scheduler.now()) + lineTime(bytes);
    travelling += bytes;
    way.push(what);
    timers.add(scheduler.schedule(arrive, Math.max(0, freeAt - scheduler.now()) + delay));
  };

  return {
    gate,
    send: (bytes: Uint8Array, done: (error?: AtError) => void) => {
      pending = done;
      travel(bytes.slice());
      settle();
    },
    /** The sender closed: the end follows all that is on the way; a write that still waited for room errors. */
    end: (error: AtError) => {
      finish(travelling + gate.waiting <= window ? undefined : error);
      travel('end');
    },
    /** Nothing arrives any more, and the pending write errors. */
    stop: (error: AtError) => {
      timers.unsubscribe();
      finish(error);
    },
    /** When the last byte leaves, in milliseconds from now. */
    backlog: () => Math.max(0, freeAt - scheduler.now()),
  };
};

/** Makes the line for one life of a pair. */
export const pairSession = (line: PairLine): PairSession => {
  const wires = { near: wire(line), far: wire(line) };
  const open = { near: false, far: false };
  const used = { near: false, far: false };
  const other = (side: PairSide): PairSide => (side === 'near' ? 'far' : 'near');
  let over = false;

  const join = (side: PairSide): Connection => {
    // Named by the receiving end: `wires.near` carries to near.
    const { gate } = wires[side];
    const out = wires[other(side)];
    open[side] = used[side] = true;
    return {
      incoming: gate.incoming,
      hold: gate.hold,
      write: writer((bytes, done) => (over ? done(lostLine('the pair')) : out.send(bytes, done))),
      drained: () =>
        new Observable<never>((subscriber) => line.scheduler.schedule(() => subscriber.complete(), out.backlog())),
      ...(line.baud === undefined ? {} : { baud: line.baud }),
    };
  };

  return {
    get over() {
      return over;
    },
    holds: (side) => !over && open[side],
    used: (side) => used[side],
    join,
    leave: (side) => {
      open[side] = false;
      if (over) return;
      over = true;
      wires[side].stop(lostLine('the pair'));
      wires[side].gate.complete();
      wires[other(side)].end(lostLine('the pair'));
    },
    cut: (error) => {
      if (over) return;
      over = true;
      for (const each of [wires.near, wires.far]) {
        each.stop(error);
        each.gate.fail(error);
      }
    },
  };
};
