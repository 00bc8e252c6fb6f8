import { map, type OperatorFunction } from 'rxjs';
import { lineBytes, type LineBytesConfig } from './lineBytes.js';
import { decodeLatin1, decodeUtf8 } from './utf8.js';

/** What a line may be, and how its bytes become text. */
export interface LinesConfig extends LineBytesConfig {
  /** Default `utf-8`; invalid bytes become U+FFFD. `latin1` is one character per byte. */
  readonly encoding?: 'utf-8' | 'latin1';
}

/**
 * Splits any byte stream into lines of text; sends nothing, and completes and is left with its source. Each line is decoded as a whole so that a character cut by a chunk border survives.
 * Everything else is as in `lineBytes`: LF or CR LF ends a line, the last one needs no end, `framing`/`limit` over `limit` bytes.
 */
export const lines =
  (config: LinesConfig = {}): OperatorFunction<Uint8Array, string> =>
  (source) =>
    source.pipe(lineBytes(config), map(config.encoding === 'latin1' ? decodeLatin1 : decodeUtf8));
