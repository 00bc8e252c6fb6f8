import { EMPTY } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { createReadGate } from './readGate.js';
import type { Receiver, ReceiverConfig } from './receiver.js';

/** Active receive: the module sends what comes; a bounded queue holds it, and overflow is an error, never silence. */
export const createActiveReceiver = ({ link, ended, failed }: Pick<ReceiverConfig, 'link' | 'ended' | 'failed'>, limit: number): Receiver => {
  let over = false;
  let isClosed = false;
  let used = false;
  const finish = (error?: AtError): void => {
    if (over) return;
    over = true;
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
    if (isClosed && gate.kept === 0) finish();
  });
  const take = (payload: Uint8Array): void => {
    if (over) return;
    used = true;
    if (gate.kept + payload.length > limit) {
      const details = { link, limit, lost: payload.length };
      return finish(new AtError({ kind: 'link', code: 'overflow', message: `more than ${String(limit)} bytes came unread`, details }));
    }
    gate.push(payload);
  };
  return {
    read: gate.read,
    announced: (_length, payload) => (payload === undefined ? undefined : take(payload)),
    adopt: take,
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
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details: { link } }));
    },
  };
};
