import { AtError } from '../../operators/atError.js';
import type { Receiver, ReceiverConfig } from './passiveReceiver.js';
import { createReadGate } from './readGate.js';

/** Active receive: the module sends what comes; a bounded queue holds it, and overflow is an error, never silence. */
export const createActiveReceiver = ({ link, ended, failed }: Omit<ReceiverConfig, 'module' | 'window'>, limit: number): Receiver => {
  let over = false;
  let isClosed = false;
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
    if (isClosed && gate.kept === 0) finish();
  });
  return {
    read: gate.read,
    announced: (length, payload) => {
      if (over || payload === undefined) return;
      if (gate.kept + payload.length > limit) {
        const details = { link, limit, lost: length };
        return finish(new AtError({ kind: 'link', code: 'overflow', message: `more than ${String(limit)} bytes came unread`, details }));
      }
      gate.push(payload);
    },
    closed: () => {
      isClosed = true;
      if (gate.kept === 0) finish();
    },
    fail: finish,
    end: () => finish(),
    get unread() {
      return gate.kept;
    },
    stop: () => {
      over = true;
      gate.fail(new AtError({ kind: 'link', code: 'closed', message: 'the connection was closed', details: { link } }));
    },
  };
};
