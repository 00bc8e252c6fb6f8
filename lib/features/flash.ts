import { concat, defer, ignoreElements, map, mergeMap, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { checkNumber } from '../../operators/checkNumber.js';
import * as basic from '../commands/basic.js';
import type { Emits } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { checkBlocks, furthest, readBlocks, sourceOf, type StorageChunk, type StorageProgress, writeBlocks } from './storageBlocks.js';

/** A user partition: its name, its kind, where it lies and how large it is, in bytes. */
export type Partition = Emits<typeof basic.partitions>[number];

/** A part of a partition, in bytes. */
export interface FlashRange {
  readonly offset: number;
  readonly length: number;
}

/** Which part of a partition is read, and in what pieces. */
export interface FlashReadConfig extends Partial<FlashRange> {
  /** Bytes of one AT+SYSFLASH, 1 to 65536. Default 4096. */
  readonly block?: number;
}

/** Where a partition is written, and whether it is erased first. */
export interface FlashWriteConfig {
  /** Default 0; a multiple of 4096 with `erase`. */
  readonly offset?: number;
  /** Erases each sector before it is written: what stood behind the data in the last one is lost. Default false. */
  readonly erase?: boolean;
}

/** The flash is erased in sectors of this size. */
const sector = 4096;

const usage = (code: string, message: string, details: Readonly<Record<string, unknown>> = {}): AtError => new AtError({ kind: 'usage', code, message, details });
const aligned = (name: string, value: number): AtError | undefined =>
  value % sector === 0 ? undefined : usage('alignment', `${name} must be a multiple of ${String(sector)}`, { [name]: value, multiple: sector });

const wrong = ({ offset, length }: FlashRange): AtError | undefined =>
  checkNumber('offset', offset, 0, furthest) ?? checkNumber('length', length, 1, furthest) ?? aligned('offset', offset) ?? aligned('length', length);

/** The partition of a name, or why the range is not in it. */
const located = (module: AtModule, partition: string, offset: number, length: number | undefined): Observable<number> =>
  module.exec(basic.partitions).pipe(
    map((rows) => {
      const found = rows.find((row) => row.partition === partition);
      if (found === undefined) throw usage('partition', 'there is no partition of that name', { partitions: rows.map((row) => row.partition) });
      const end = offset + (length ?? 0);
      if (end > found.size) throw usage('range', `byte ${String(end)} is beyond the end of the partition`, { size: found.size });
      return found.size;
    }),
  );

const partitions = (module: AtModule): Observable<readonly Partition[]> => module.exec(basic.partitions);

const erase = (module: AtModule, partition: string, range?: FlashRange): Observable<never> =>
  defer(() => {
    const fault = range === undefined ? undefined : wrong(range);
    if (fault !== undefined) return throwError(() => fault);
    return module.exec(basic.eraseFlash, { partition, ...range }).pipe(ignoreElements());
  });

const read = (module: AtModule, partition: string, { offset = 0, length, block = sector }: FlashReadConfig = {}): Observable<StorageChunk> =>
  defer(() => {
    const fault = checkBlocks(offset, length, block);
    if (fault !== undefined) return throwError(() => fault);
    return located(module, partition, offset, length).pipe(
      mergeMap((size) => readBlocks(offset, length ?? size - offset, block, (at, bytes) => module.exec(basic.readFlash, { partition, offset: at, length: bytes }))),
    );
  });

const write = (module: AtModule, partition: string, data: Uint8Array | ByteSource, { offset = 0, erase: erasing = false }: FlashWriteConfig = {}): Observable<StorageProgress> =>
  defer(() => {
    const fault = checkNumber('offset', offset, 0, furthest) ?? (erasing ? aligned('offset', offset) : undefined);
    if (fault !== undefined) return throwError(() => fault);
    const total = data instanceof Uint8Array ? data.length : undefined;
    const put = (bytes: Uint8Array, at: number): Observable<unknown> => {
      const range = { offset: offset + at, length: bytes.length };
      const written = defer(() => module.exec(basic.writeFlash, { partition, ...range }, { data: bytes }));
      return erasing ? concat(erase(module, partition, { offset: range.offset, length: sector }), written) : written;
    };
    return located(module, partition, offset, total).pipe(mergeMap(() => writeBlocks(sourceOf(data), sector, total, put)));
  });

/** The user partitions in the module's flash. Every member is cold. */
export const flash = {
  /** The user partitions. Cold: sends AT+SYSFLASH?, emits the list once and completes. Errors: `command`, `unsupported`. Document 000 §2.12. */
  partitions,
  /**
   * Erases a partition, or a range of it: its bytes are 0xff then. Cold: sends AT+SYSFLASH, completes when it is done. Unsubscribing does not stop it. Errors:
   * `usage`/`alignment` for what is no multiple of 4096, `command`/`rejected`, `unsupported`. Document 000 §2.12.
   */
  erase,
  /**
   * Reads a partition, from `offset` (default 0) `length` bytes (default to its end). Cold: on subscribe it asks for the partitions, then reads block by block,
   * emits each as it comes and completes. Unsubscribing leaves the block on the line to end unheard and asks for no other. Errors: `usage`
   * (`partition`, `range`, …), `command`, `unsupported`. Document 000 §2.12.
   */
  read,
  /**
   * Writes into a partition, a sector's worth at a time. Writing only clears bits: what is there must have been erased, or is with `erase`. Cold: on
   * subscribe it asks for the partitions, then writes and emits the progress after each block; completes after the last. A source is read once, on demand.
   * Unsubscribing leaves the block on the line to end unheard and writes no other. Errors: `usage` (`alignment`, `partition`, `range`),
   * `command`, `send`/`failed` with `details.written`, `unsupported`. Document 000 §2.12.
   */
  write,
} as const;
