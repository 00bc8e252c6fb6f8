import { closeSync, openSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import { defer, finalize, Subject, takeUntil } from 'rxjs';
import { captureRedactor, type Transport } from 'rx-esp-at';
import type { DialectName } from 'rx-esp-at/catalogue';
import { formatEntry, record, type TranscriptEntry } from 'rx-esp-at/transports/transcript';
import { Exit, exitCode } from './exitCode.js';
import { reasonOf } from './reasonOf.js';
import { type RecordingHead, recordingHead } from './recordingHead.js';
import { untilReleased } from './released.js';
import type { Task } from './runTask.js';

/** Whether the line is recorded, and where. */
export interface RecordOptions {
  readonly record?: string;
}

/** Adds the option of a command whose line can be recorded. */
export const withRecord = (command: Command): Command => command.option('--record <file>', 'record the line, passwords masked, to this file; esp-at decode reads it');

/** Payloads may be nobody else's business. */
const ownerOnly = 0o600;

const created = (file: string): number => {
  try {
    return openSync(file, 'w', ownerOnly);
  } catch (error) {
    throw new Exit(exitCode.missing, `cannot record to ${file}: ${reasonOf(error)}`);
  }
};

const begun = (fd: number, dialect: DialectName | 'auto', cannot: (error: unknown) => Exit): RecordingHead => {
  try {
    return recordingHead(fd, dialect);
  } catch (error) {
    closeSync(fd);
    throw cannot(error);
  }
};

/**
 * Runs `use` over a transport until it is closed again, as `untilReleased`; with a file every byte goes there too, secrets masked, behind a line
 * that tells when, by whom and of which firmware. An entry is in the file before what it tells of is acted on, so that a second Ctrl-C loses nothing. An error of the file ends the task, and the port is closed in order.
 */
export const recorded = (transport: Transport, file: string | undefined, use: (transport: Transport) => Task, dialect: DialectName | 'auto' = 'auto'): Task => {
  if (file === undefined) return untilReleased(transport, use);
  return defer(() => {
    let fd: number | undefined = created(file);
    const failed = new Subject<never>();
    const cannot = (error: unknown): Exit => new Exit(exitCode.failed, `cannot record to ${file}: ${reasonOf(error)}`);
    const head = begun(fd, dialect, cannot);
    const write = (entry: TranscriptEntry): void => {
      if (fd === undefined) return;
      try {
        writeSync(fd, `${formatEntry(entry)}\n`);
        head.follow(entry);
      } catch (error) {
        failed.error(cannot(error));
      }
    };
    const line = record(transport, write, { redact: captureRedactor() });
    return untilReleased(line, (tracked) => use(tracked).pipe(takeUntil(failed))).pipe(
      finalize(() => {
        if (fd !== undefined) closeSync(fd);
        fd = undefined;
      }),
    );
  });
};
