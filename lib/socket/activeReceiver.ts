import { EMPTY } from 'rxjs';
import { AtError } from '../../operators/atError.js';
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
  let over = false;
  let isClosed = false;
  let used = false;
  const finish = (error?: AtError): void => {
    if (over) return;
    over = true;
    hold(false);
    if (error === undefined) {
      gate.end();
      ended();
    } else {
      gate.fail(error);
      failed(error);
    }
  };
  const gate = createReadGate(() => {
    used = true;
    hold(false);
    if (isClosed && gate.kept === 0) finish();
  });
  const take = (payload: Uint8Array): void => {
    if (over) return;
    used = true;
    if (gate.kept + payload.length > limit && !hold(true)) {
      const lost = { ...details, limit, lost: payload.length };
      return finish(new AtError({ kind: 'link', code: 'overflow', message: `more than ${String(limit)} bytes came unread`, details: lost }));
    }
    gate.push(payload);
  };
  return {
    read: gate.read,
    announced: (_length, payload) => (payload === undefined ? undefined : take(payload)),
    adopt: take,
    answerable: () => undefined,
    closed: () => {
      isClosed = true;
      if (gate.kept === 0) finish();
    },
    fail: finish,
    replaced: finish,
    end: () => finish(),
    get unread() {
      return gate.kept;
    },
    get used() {
      return used;
    },
    settled: () => EMPTY,
    stop: () => {
      over = true;
      hold(false);
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details }));
    },
  };
};
