import { filter, mergeMap, VirtualTimeScheduler } from 'rxjs';
import { openModule, station, tcp } from '../../lib/index.js';
import { pullMap } from '../../operators/index.js';
import { emulator } from '../../transports/emulator/index.js';
import { inMemoryNetwork, source } from '../../transports/emulator/network/index.js';

/** The whole core in one program: opens an emulated module, joins, pulls a megabyte, and says how many bytes came and their sum. */
const program = (length: number): string => {
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >> 8)) & 0xff;
  const network = inMemoryNetwork({ scheduler, hosts: { '192.168.4.2': { tcp: { 9000: source(bytes) } } } });
  const report = { count: 0, sum: 5381, error: '' };
  const count = (chunk: Uint8Array): Uint8Array[] => {
    report.count += chunk.length;
    report.sum = chunk.reduce((sum, byte) => (Math.imul(sum, 33) + byte) >>> 0, report.sum);
    return [chunk];
  };
  const life = openModule(emulator({ scheduler, network }), { scheduler })
    .pipe(
      mergeMap((module) => station(module, { ssid: 'Espressif', password: '' }).pipe(
        filter(({ state }) => state === 'got-ip'),
        mergeMap(() => tcp(module, { host: '192.168.4.2', port: 9000 })),
        mergeMap(pullMap(count)),
      )),
    )
    .subscribe({ error: (error: unknown) => (report.error = String(error)) });
  scheduler.flush();
  life.unsubscribe();
  scheduler.flush();
  return JSON.stringify(report);
};

(globalThis as unknown as { program: typeof program }).program = program;
