import { ok } from '../outcome.js';
import type { Row } from '../device.js';
import { Refusal } from '../refusal.js';
import { counted, demand } from './shared.js';

export const transLink: readonly Row[] = [
  {
    name: '+SAVETRANSLINK', group: 'tcpip',
    set: (call) => {
      const { args, device } = call;
      const on = args.int(0, { min: 0, max: 1 });
      if (on === 0) {
        device.set('transLink', undefined);
        return ok();
      }
      // 2.0 refuses a missing port without a code, 4.1 names it.
      if (args.count < 3 && device.profile.style.countCodes) throw new Refusal();
      counted(call, 1, 6);
      const host = args.text(1, { min: 1, max: 64 });
      const port = args.int(2, { min: 1, max: 65535 });
      const type = args.maybeText(3, 'TCP');
      demand(['TCP', 'UDP', 'SSL', ...(device.profile.release >= 22 ? ['TCPv6', 'UDPv6', 'SSLv6'] : [])].includes(type), call);
      const extra = args.maybeInt(4, 0, { min: 0, max: type.startsWith('UDP') ? 65535 : 7200 });
      device.set('transLink', { host, port, type, keepAlive: type.startsWith('UDP') ? 0 : extra, localPort: type.startsWith('UDP') ? extra : 0 });
      return ok();
    },
  },
];
