/** The core of the demo: bytes → lines → readings → averages → a slow sink, which holds the sensor back. The module and the sensor are emulated, in memory. */
import { bufferCount, concat, filter, map, pipe, switchMap, take, tap, timer } from 'rxjs';
import { openModule, station, tcp } from 'rx-esp-at';
import { emulator, type HostSocket, inMemoryNetwork, lineSource } from 'rx-esp-at/emulator';
import { lines, pullThrough } from 'rx-esp-at/operators';

let sensor: HostSocket | undefined;
const readings = lineSource((index) => (index < 3000 ? `${String(20 + (index % 10))}.5 °C` : undefined));
const connected = (socket: HostSocket) => readings((sensor = socket));
const board = emulator({ network: inMemoryNetwork({ hosts: { '10.0.0.7': { names: ['sensor.lan'], tcp: { 7000: connected } } } }) });

const averages = pipe(
  lines(),
  map((line) => Number.parseFloat(line)),
  bufferCount(500),
  map((batch) => batch.reduce((sum, value) => sum + value, 0) / batch.length),
);
const store = (average: number) => timer(50).pipe(map(() => average)); // a database that takes its time

openModule(board)
  .pipe(
    switchMap((module) =>
      concat(
        station(module, { ssid: 'Espressif', password: '' }).pipe(
          filter(({ state }) => state === 'got-ip'),
          take(1),
          switchMap(() => tcp(module, { host: 'sensor.lan', port: 7000 })),
          switchMap(pullThrough(averages, store, { chunk: 1024 })),
          tap((average) => console.log(`average ${average.toFixed(2)} °C`)),
        ),
        module.close(),
      ),
    ),
  )
  .subscribe({
    error: (cause: unknown) => {
      console.error(cause);
      process.exitCode = 1;
    },
    complete: () => console.log(`the sensor had to wait: ${String((sensor?.stats.windowFull ?? 0) > 0)}`),
  });
