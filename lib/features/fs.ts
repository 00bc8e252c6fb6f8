import { catchError, concat, defer, EMPTY, ignoreElements, mergeMap, type Observable, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { checkBlocks, readBlocks, sourceOf, type StorageChunk, type StorageProgress, writeBlocks } from './storageBlocks.js';

/** Which part of a file is read, and in what pieces. */
export interface FileReadConfig {
  /** Where to begin, in bytes. Default 0. */
  readonly offset?: number;
  /** Bytes to read; default to the end of the file, and never beyond it. */
  readonly length?: number;
  /** Bytes of one AT+FS, 1 to 65536. Default 4096. */
  readonly block?: number;
}

/** Where and in what pieces a file is written. */
export interface FileWriteConfig {
  /** Writes into the file as it is, from this byte on; a gap is filled with zeros. Left out: the file is replaced. */
  readonly offset?: number;
  /** Bytes of one AT+FS, 1 to 65536. Default 4096. */
  readonly block?: number;
}

const cluster = 4096;
const refused = (error: unknown): boolean => isAtError(error, 'command') && error.code === 'rejected';

const list = (module: AtModule): Observable<readonly string[]> => module.exec(basic.listFiles, { directory: '.' });

const size = (module: AtModule, file: string): Observable<number> => module.exec(basic.fileSize, { file });

const read = (module: AtModule, file: string, { offset = 0, length, block = cluster }: FileReadConfig = {}): Observable<StorageChunk> =>
  defer(() => {
    const fault = checkBlocks(offset, length, block);
    if (fault !== undefined) return throwError(() => fault);
    return size(module, file).pipe(
      mergeMap((whole) => {
        const wanted = Math.max(0, Math.min(length ?? Infinity, whole - offset));
        return readBlocks(offset, wanted, block, (at, bytes) => module.exec(basic.readFile, { file, offset: at, length: bytes }));
      }),
    );
  });

const write = (module: AtModule, file: string, data: Uint8Array | ByteSource, { offset, block = cluster }: FileWriteConfig = {}): Observable<StorageProgress> =>
  defer(() => {
    const fault = checkBlocks(offset, undefined, block);
    if (fault !== undefined) return throwError(() => fault);
    let begun = false;
    const cleared = (): Observable<never> => remove(module, file).pipe(catchError((error: unknown) => (refused(error) ? EMPTY : throwError(() => error))));
    const put = (bytes: Uint8Array, at: number): Observable<unknown> => {
      begun = true;
      const written = defer(() => module.exec(basic.writeFile, { file, offset: (offset ?? 0) + at, length: bytes.length }, { data: bytes }));
      return at === 0 && offset === undefined ? concat(cleared(), written) : written;
    };
    return concat(
      writeBlocks(sourceOf(data), block, data instanceof Uint8Array ? data.length : undefined, put),
      defer(() => (begun ? EMPTY : throwError(() => new AtError({ kind: 'usage', code: 'empty', message: 'there is nothing to write, and no empty file' })))),
    );
  });

const remove = (module: AtModule, file: string): Observable<never> => module.exec(basic.deleteFile, { file }).pipe(ignoreElements());

/** The module's file system. Every member is cold. */
export const fs = {
  /** Names of the files in the root directory. Cold: sends AT+FS, emits the list once and completes. Errors: `command`, `unsupported`. Document 000 §2.13. */
  list,
  /** Size of a file in bytes. Cold: sends AT+FS, emits it once and completes. Errors: `command`/`rejected` for a missing file, `unsupported`. Document 000 §2.13. */
  size,
  /**
   * Reads a file. Cold: on subscribe it asks for the size, then reads block by block, emits each as it comes and completes; an empty file emits nothing.
   * Unsubscribing leaves the block on the line to end unheard and asks for no other. Errors: `command`/`rejected` for a missing file, `decode`/`short`
   * for one that has shrunk meanwhile, `usage`, `unsupported`. Document 000 §2.13.
   */
  read,
  /**
   * Writes a file block by block. Cold: on subscribe it reads the first block of the data; without `offset` it deletes the file of that name, so that nothing of it
   * remains behind the new end; then it writes and emits the progress after each block. Completes after the last. A source is read once, on demand.
   * Unsubscribing leaves the block on the line to end unheard and writes no other. Errors: `send`/`failed` with `details.written` where the disk is full,
   * part of the block being written then; `usage`/`empty` for no data, because the module writes no empty file; `command`, `unsupported`. Document 000 §2.13.
   */
  write,
  /** Deletes a file. Cold: sends AT+FS, completes when it is gone. Errors: `command`/`rejected` for a missing file, `unsupported`. Document 000 §2.13. */
  remove,
} as const;
