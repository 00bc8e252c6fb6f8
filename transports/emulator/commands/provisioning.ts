import { ok } from '../outcome.js';
import type { Row } from '../device.js';
import { counted, demand } from './shared.js';

export const provisioning: readonly Row[] = [
  {
    name: '+CWSTARTSMART', group: 'wifi',
    execute: (call) => {
      demand(call.device.get('wifiMode') === 1 && !call.device.provisioning.listening, call);
      call.device.provisioning.listening = true;
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, device.profile.release >= 24 ? 4 : 2);
      args.int(0, { min: 1, max: device.profile.release >= 24 ? 4 : 3 });
      demand(device.get('wifiMode') === 1 && !device.provisioning.listening, call);
      device.provisioning.listening = true;
      return ok();
    },
  },
  {
    name: '+CWSTOPSMART', group: 'wifi',
    execute: ({ device }) => {
      device.provisioning.stop();
      return ok();
    },
  },
  {
    name: '+WPS', group: 'wifi',
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, device.profile.release >= 22 ? 2 : 1);
      const on = args.int(0, { min: 0, max: 1 }) === 1;
      demand((device.get('wifiMode') & 1) === 1, call);
      device.provisioning.stop();
      device.provisioning.wps = on;
      return ok();
    },
  },
];
