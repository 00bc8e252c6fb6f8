import { readdir } from 'node:fs/promises';
import { defer, type Observable } from 'rxjs';
import { isAtError } from '../../lib/transport.js';
import { loadSerialBinding, type SerialBinding, type SerialPortInfo } from './serialBinding.js';

const device = /^tty(?:USB|ACM|AMA|S)\d+$/;

const devices = async (): Promise<SerialPortInfo[]> => {
  const names = await readdir('/dev').catch((): string[] => []);
  return names.filter((name) => device.test(name)).sort().map((name) => ({ path: `/dev/${name}` }));
};

const ports = async (binding: SerialBinding | undefined): Promise<SerialPortInfo[]> => {
  const source = binding ?? (await loadSerialBinding());
  try {
    const found = await source.list();
    if (found.length > 0) return [...found];
  } catch (cause) {
    if (isAtError(cause)) throw cause;
  }
  // serialport 13 asks `udevadm` on Linux, which containers and small systems lack: the device names alone are better than nothing.
  return devices();
};

/**
 * The serial ports of this machine. Cold: each subscription asks the operating system once, emits one array and completes;
 * unsubscribing drops the answer. Without `udevadm` (Linux) it emits the paths of /dev/ttyUSB*, ttyACM*, ttyAMA* and ttyS* only, or an empty array.
 * Errors `transport`/`open` with reason `package` when the `serialport` package is missing.
 */
export const list = (config: { readonly binding?: SerialBinding } = {}): Observable<SerialPortInfo[]> => defer(() => ports(config.binding));
