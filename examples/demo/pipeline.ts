import { bufferCount, map, type Observable, type ObservableInput, type OperatorFunction, pipe } from 'rxjs';
import { type ByteSource, lines, pullThrough } from 'rx-esp-at/operators';
import { parseReading, type Reading } from './reading.js';

/** The mean of some consecutive readings. */
export interface Average {
  readonly celsius: number;
  readonly readings: readonly Reading[];
}

const average = (readings: readonly Reading[]): Average => ({
  celsius: readings.reduce((sum, { celsius }) => sum + celsius, 0) / readings.length,
  readings,
});

/** Bytes → lines → readings → windowed averages: plain RxJS, which knows nothing of modules and sockets. */
export const averages = (size: number): OperatorFunction<Uint8Array, Average> =>
  pipe(lines(), map(parseReading), bufferCount(size), map(average));

/**
 * The averages of what `source` (a socket) sends, one by one through `sink`. While the sink works, nothing is asked of the module: its window
 * fills, and the sensor has to wait. At most `chunk` bytes are asked for at once.
 */
export const monitor = <R>(source: ByteSource, size: number, chunk: number, sink: (value: Average) => ObservableInput<R>): Observable<R> =>
  pullThrough(averages(size), sink, { chunk })(source);
