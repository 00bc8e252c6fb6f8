import { write } from 'node:fs';
import type { ReadStream } from 'node:tty';
import * as nodePty from '@lydell/node-pty';

/** A pseudo terminal: tests hold the master, the transport opens `path`. It has no modem lines and no baud pacing. */
export interface Pty {
  readonly path: string;
  /** Every byte the other side writes, until `pause`. */
  onData(listener: (chunk: Uint8Array) => void): void;
  pause(): void;
  resume(): void;
  /** Resolves when the terminal took all of the bytes; rejects when it is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** The adapter is unplugged. */
  hangUp(): Promise<void>;
}

// The package declares neither `open()` nor what it returns. Its `destroy` and `kill` signal process -1, which is every process: never call them.
interface OpenedTerminal {
  readonly ptsName: string;
  readonly fd: number;
  readonly master: ReadStream;
  readonly slave: ReadStream;
}

const writeAll = (fd: number, bytes: Uint8Array, alive: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const step = (from: number) => {
      if (from === bytes.length) return resolve();
      if (!alive()) return reject(new Error('the terminal is gone'));
      // The master does not block, and nothing tells when it has room again.
      return write(fd, bytes, from, bytes.length - from, null, (error, written) => {
        if (error && error.code !== 'EAGAIN') reject(error);
        else if (error) setTimeout(() => step(from), 1);
        else step(from + written);
      });
    };
    step(0);
  });

/** Opens a pseudo terminal; rejects where the machine has none, which must fail a test and not skip it. */
export const openPty = async (): Promise<Pty> => {
  const { open } = nodePty as unknown as { readonly open: (options: { readonly encoding: null }) => OpenedTerminal };
  const terminal = open({ encoding: null });
  terminal.slave.pause();
  await new Promise((resolve) => terminal.slave.once('close', resolve).destroy());
  let alive = true;
  const { master } = terminal;
  master.on('error', () => undefined);
  return {
    path: terminal.ptsName,
    onData: (listener) => void master.on('data', (chunk: Buffer) => listener(Uint8Array.from(chunk))),
    pause: () => void master.pause(),
    resume: () => void master.resume(),
    write: (bytes) => writeAll(terminal.fd, bytes, () => alive),
    hangUp: () =>
      new Promise((resolve) => {
        if (!alive) return resolve();
        alive = false;
        master.once('close', () => resolve());
        return master.destroy();
      }),
  };
};
