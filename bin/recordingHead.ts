import { writeSync } from 'node:fs';
import { detectDialect } from 'rx-esp-at';
import type { DialectName } from 'rx-esp-at/catalogue';
import { createDecoder, type Decoded } from 'rx-esp-at/decode';
import { formatEntry, type TranscriptEntry } from 'rx-esp-at/transports/transcript';
import { version } from './version.js';

/** What a recording tells of itself; only what is known. */
export interface RecordingFacts {
  /** When it began, in ISO 8601. */
  readonly recorded?: string;
  /** By which program. */
  readonly recorder?: string;
  readonly firmware?: string;
  readonly dialect?: string;
}

/** The first line has room for what is known only later. */
const room = 240;
const line = (facts: RecordingFacts): string => `${formatEntry({ dir: 'context', context: { ...facts } }).padEnd(room)}\n`;

/** The first line of a recording. */
export interface RecordingHead {
  /** Looks for the answer to AT+GMR, which says the rest: it is put into the line as soon as it was recorded. */
  follow(entry: TranscriptEntry): void;
}

const firmwareOf = (decoded: Decoded): RecordingFacts | undefined => {
  if (decoded.kind !== 'command' || decoded.name !== 'AT+GMR' || decoded.result !== 'OK') return undefined;
  const found = detectDialect(decoded.response.map(String));
  return found === undefined ? undefined : { firmware: found.version.slice(0, 40), dialect: found.dialect };
};

/** Writes the first line to a file that is empty; throws what writing does. */
export const recordingHead = (fd: number, dialect: DialectName | 'auto', now = new Date()): RecordingHead => {
  const named = dialect === 'auto' ? {} : { dialect };
  const known: RecordingFacts = { recorded: now.toISOString(), recorder: `rx-esp-at ${version()}` };
  writeSync(fd, line({ ...known, ...named }));
  let decoder: ReturnType<typeof createDecoder> | undefined = createDecoder({ dialect });
  return {
    follow: (entry) => {
      if (decoder === undefined || entry.dir === 'context') return;
      const facts = decoder.push(entry).map(firmwareOf).find((found) => found !== undefined);
      if (facts === undefined) return;
      decoder = undefined;
      try {
        writeSync(fd, line({ ...known, ...facts, ...named }), 0);
      } catch {
        // A pipe has no beginning to go back to.
      }
    },
  };
};
