import type { Observable } from 'rxjs';
import type { AtError, AtModule, StorageChunk } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { featureHarness, userLines } from './featureHarness.js';

/** An open module whose flash outlives what is done with it, in virtual time. */
export const storing = (firmware: '2.1.0' | '4.1.0') => {
  const harness = featureHarness({ emulator: { firmware, dialect: firmware === '2.1.0' ? 'v2' : 'v4' } });
  let at: AtModule | undefined;
  harness.opened((module) => (at = module));
  harness.world.run(5000);
  const module = at as AtModule;
  /** What a source does within two minutes. */
  const done = <T>(source: Observable<T>) => {
    const log = observed(source);
    harness.world.run(120_000);
    return log;
  };
  return { ...harness, module, done, at: (): string[] => userLines(harness.sent()).filter((line) => line.startsWith('AT')) };
};

/** Seeded bytes that begin like the protocol, with their own length as the head of an answer. */
export const storable = (length: number, head: 'FS' | 'SYSFLASH'): Uint8Array => {
  const next = seeded(7);
  const bytes = Uint8Array.from({ length }, () => Math.floor(next() * 256));
  bytes.set(Buffer.from(`\0\r\n>\r\nOK\r\n+${head}:${String(length)},\r\nERROR\r\n`, 'latin1').subarray(0, length));
  return bytes;
};

export const bytesOf = (chunks: readonly StorageChunk[]): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));

/** Kind and code of an error, and how much it says was written. */
export const fault = ({ error }: { readonly error: unknown }): readonly unknown[] => {
  const { kind, code, details } = error as AtError;
  return [kind, code, details['written']];
};
