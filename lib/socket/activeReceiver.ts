import { EMPTY } from 'rxjs';
import { createEnding, unreadOverflow } from './ending.js';
import { createReadGate } from './readGate.js';
import type { Receiver, ReceiverConfig } from './receiver.js';

export interface ActiveReceiverConfig extends Pick<ReceiverConfig, 'ended' | 'failed'> {
  /** Of errors. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Stops what comes, or lets it come again; false where that cannot be. */
  readonly hold?: (on: boolean) => boolean;
}

/** The module sends what comes; a bounded queue holds it, and overflow is an error, never silence. */
export const createActiveReceiver = ({ details, hold = () => false, ended, failed }: ActiveReceiverConfig, limit: number): Receiver => {
  let isClosed = false;
  let used = false;
  const gate = createReadGate(() => {
    used = true;
    hold(false);
    if (isClosed && gate.kept === 0) ending.end();
  });
  const ending = createEnding({ gate, halt: () => hold(false), details, ended, failed });
  const { fail, end, replaced, stop } = ending;
  const take = (payload: Uint8Array): void => {
    if (ending.over) return;
    used = true;
    if (gate.kept + payload.length > limit && !hold(true)) return fail(unreadOverflow(`${String(limit)} bytes`, { ...details, limit, lost: payload.length }));
    gate.push(payload);
  };
  return {
    read: gate.read,
    announced: (_length, payload) => (payload === undefined ? undefined : take(payload)),
    adopt: take,
    answerable: () => undefined,
    closed: () => {
      isClosed = true;
      if (gate.kept === 0) end();
    },
    fail,
    end,
    replaced,
    stop,
    get unread() {
      return gate.kept;
    },
    get used() {
      return used;
    },
    settled: () => EMPTY,
  };
};
