import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { Exit, exitCode } from './exitCode.js';
import type { Io, Output } from './io.js';
import { printable } from './printable.js';
import { reasonOf } from './reasonOf.js';

/** Where bytes go; `write` resolves when more may come. */
export interface Destination {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const toFile = async (file: string): Promise<Destination> => {
  const cannot = (code: number) => (error: unknown): never => {
    throw new Exit(code, `cannot write ${file}: ${reasonOf(error)}`);
  };
  const handle = await open(file, 'w').catch(cannot(exitCode.missing));
  return {
    write: (bytes) => handle.appendFile(bytes).catch(cannot(exitCode.failed)),
    close: () => handle.close().catch(cannot(exitCode.failed)),
  };
};

const written = (stdout: Output, bytes: Uint8Array | string): Promise<void> =>
  new Promise((done) => {
    if (stdout.write(bytes)) done();
    else stdout.once('drain', done);
  });

const toStdout = ({ stdout }: Io): Destination => ({ write: (bytes) => written(stdout, bytes), close: () => Promise.resolve() });

/** Line ends and tabs do no harm; everything else that moves a cursor is escaped. */
const harmless = (text: string): string => text.replace(/[^\n\t]+/g, (piece) => printable(piece.replace(/\r$/, '')));

const toTerminal = ({ stdout }: Io): Destination => {
  const decoder = new StringDecoder('utf8');
  return { write: (bytes) => written(stdout, harmless(decoder.write(Buffer.from(bytes)))), close: () => written(stdout, harmless(decoder.end())) };
};

/** A file, which is emptied, or standard output; a terminal gets text only. */
export const destination = async (io: Io, file: string | undefined): Promise<Destination> => {
  if (file !== undefined) return toFile(file);
  return io.stdout.isTTY === true ? toTerminal(io) : toStdout(io);
};
