import { type Command as Program, InvalidArgumentError } from 'commander';
import { map, tap, toArray } from 'rxjs';
import { type AccessPoint, scan as scanned } from 'rx-esp-at';
import { type Io, say } from '../io.js';
import { withModule } from '../module.js';
import { type PortOptions, withPort } from '../port.js';
import { printable } from '../printable.js';
import { shown } from '../progress.js';
import type { Task } from '../runTask.js';
import { table } from '../table.js';
import { whole } from '../whole.js';

interface ScanOptions extends PortOptions {
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

const name = (text: string): string => {
  const length = Buffer.byteLength(text);
  if (length === 0 || length > 32) throw new InvalidArgumentError('A network name has 1 to 32 bytes.');
  return text;
};

/** `esp-at scan`. */
export const scan = (program: Program, io: Io, start: (task: Task) => void): void => {
  withPort(program.command('scan').description('list the access points that a module hears'))
    .option('--ssid <name>', 'only networks of this name', name)
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
