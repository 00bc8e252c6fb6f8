import { Observable, type OperatorFunction } from 'rxjs';
import { AtError } from './atError.js';
import { createByteParts } from './byteParts.js';
import { checkNumber } from './checkNumber.js';
import { runInner } from './runInner.js';

/** How the length of a record is written. */
export interface LengthPrefixedConfig {
  /** Width of the length field in bytes. Default 2. */
  readonly bytes?: 1 | 2 | 4;
  /** Byte order of the length field. Default `big`. */
  readonly endian?: 'big' | 'little';
  /** Longest payload in bytes, 0 or more. Default 65536. */
  readonly limit?: number;
  /** The announced length counts the length field too. Default false. */
  readonly includesHeader?: boolean;
}

/**
 * Splits any byte stream into payloads that stand behind their length. Emits them without the length field, empty ones too; chunk borders mean nothing.
 *
 * Hot or cold as its source, subscribed once. Completes with the source. Unsubscribing drops what is unfinished. Errors `framing`: `limit` when a length over
 * `limit` is announced (before anything is allocated), `length` when it is shorter than the field it includes, `truncated` when the source
 * completes inside a message; `usage` on a bad option. A payload may be a view into its chunk.
 */
export const lengthPrefixed =
  (config: LengthPrefixedConfig = {}): OperatorFunction<Uint8Array, Uint8Array> =>
  (source) =>
    new Observable<Uint8Array>((out) => {
      const wrong = checkNumber('limit', config.limit, 0);
      if (wrong) return out.error(wrong);
      const { bytes = 2, endian = 'big', limit = 65536, includesHeader = false } = config;
      const payload = createByteParts();
      let headerBytes = 0;
      let announced = 0;
      const fail = (code: string, message: string, details: Readonly<Record<string, unknown>>): void =>
        out.error(new AtError({ kind: 'framing', code, message, details }));
      const due = (): number => announced - (includesHeader ? bytes : 0);
      const emitWhole = (): void => {
        if (headerBytes < bytes || payload.length < due()) return;
        headerBytes = 0;
        announced = 0;
        out.next(payload.take());
      };
      const takeHeader = (byte: number): void => {
        // Not `<<`: four bytes do not fit into a signed 32-bit integer.
        announced = endian === 'big' ? announced * 256 + byte : announced + byte * 256 ** headerBytes;
        headerBytes++;
        if (headerBytes < bytes) return;
        if (due() < 0) fail('length', `the announced length ${announced} is shorter than its own field`, { announced, bytes });
        else if (due() > limit) fail('limit', `a message of ${due()} bytes is announced, the limit is ${limit}`, { announced, limit });
      };
      const take = (chunk: Uint8Array): void => {
        for (let at = 0; at < chunk.length && !out.closed; ) {
          if (headerBytes < bytes) takeHeader(chunk[at++] as number);
          else {
            const piece = chunk.subarray(at, at + due() - payload.length);
            payload.push(piece);
            at += piece.length;
          }
          if (!out.closed) emitWhole();
        }
      };
      const finish = (): void => {
        if (headerBytes === 0) return out.complete();
        const details = headerBytes < bytes ? { received: 0 } : { announced, received: payload.length };
        fail('truncated', 'the stream ended inside a message', details);
      };
      runInner(out, () => source, take, finish);
    });
