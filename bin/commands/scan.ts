import type { Command as Program } from 'commander';
import { map, tap, toArray } from 'rxjs';
import { type AccessPoint, scan as scanned } from 'rx-esp-at';
import { type Io, say } from '../io.js';
import type { LineOptions } from '../line.js';
import { withModule } from '../module.js';
import { networkName } from '../networkName.js';
import { withPort } from '../port.js';
import { printable } from '../printable.js';
import { shown } from '../progress.js';
import { withRecord } from '../recording.js';
import type { Task } from '../runTask.js';
import { table } from '../table.js';
import { whole } from '../whole.js';

interface ScanOptions extends LineOptions {
  readonly json?: boolean;
  readonly ssid?: string;
  readonly channel?: number;
}

const row = ({ ssid, bssid, channel, rssi, encryption }: AccessPoint): readonly string[] => [
  ssid === undefined || ssid === '' ? '(hidden)' : printable(ssid),
  bssid ?? '',
  channel === undefined ? '' : String(channel),
  rssi === undefined ? '' : `${String(rssi)} dBm`,
  encryption === undefined ? '' : String(encryption),
];

/** `esp-at scan`. */
export const scan = (program: Program, io: Io, start: (task: Task) => void): void => {
  withRecord(withPort(program.command('scan').description('list the access points that a module hears')))
    .option('--ssid <name>', 'only networks of this name', networkName)
    .option('--channel <number>', 'only this channel', whole(1, 14))
    .option('--json', 'write one JSON object a line, each as it comes')
    .action(({ json, ssid, channel, ...options }: ScanOptions) => {
      const narrowed = { ...(ssid === undefined ? {} : { ssid }), ...(channel === undefined ? {} : { channel }) };
      const task = withModule(io, options, (module) => {
        const found = scanned(module, narrowed);
        if (json === true) return found.pipe(tap((point) => say(io, JSON.stringify(point))), toArray(), map(() => 0));
        return found.pipe(
          toArray(),
          shown(io, 'scanning'),
          map((points) => {
            say(io, table(['SSID', 'BSSID', 'channel', 'signal', 'encryption'], points.map(row)));
            return 0;
          }),
        );
      });
      start(task);
    });
};
