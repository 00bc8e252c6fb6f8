import { Observable } from 'rxjs';
import { AtError } from '../../lib/transport.js';
import { fromBase64, toBase64 } from './base64.js';

/** Bytes on the line, in the direction the host sees: `tx` to the module, `rx` from it. Where one entry ends and the next begins means nothing. */
export interface BytesEntry {
  readonly dir: 'tx' | 'rx';
  readonly bytes: Uint8Array;
}
/** Silence, in milliseconds. */
export interface WaitEntry {
  readonly dir: 'wait';
  readonly ms: number;
}
/** What held before the first byte, first of all entries: echo, dialect, link mode. The transport makes nothing of it. */
export interface ContextEntry {
  readonly dir: 'context';
  readonly context: Readonly<Record<string, unknown>>;
}
/** One step of a transcript. */
export type TranscriptEntry = BytesEntry | WaitEntry | ContextEntry;

/** An entry as its line of the file, without a newline: `{"dir":"tx","base64":"QVQNCg=="}`, `{"dir":"wait","ms":40}` or `{"context":{…}}`. */
export const formatEntry = (entry: TranscriptEntry): string => {
  switch (entry.dir) {
    case 'context':
      return JSON.stringify({ context: entry.context });
    case 'wait':
      return JSON.stringify({ dir: 'wait', ms: entry.ms });
    default:
      return JSON.stringify({ dir: entry.dir, base64: toBase64(entry.bytes) });
  }
};

const entryOf = (value: unknown, first: boolean): TranscriptEntry | string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const fields = value as Readonly<Record<string, unknown>>;
  if ('context' in fields) {
    const { context } = fields;
    if (!first) return 'a context stands before all other entries';
    if (typeof context !== 'object' || context === null || Array.isArray(context)) return 'context is not an object';
    return { dir: 'context', context: context as Readonly<Record<string, unknown>> };
  }
  if (fields.dir === 'wait') {
    const { ms } = fields;
    return typeof ms === 'number' && ms >= 0 ? { dir: 'wait', ms } : 'ms is not a number from 0 up';
  }
  if (fields.dir !== 'tx' && fields.dir !== 'rx') return 'dir is none of tx, rx and wait';
  const bytes = typeof fields.base64 === 'string' ? fromBase64(fields.base64) : undefined;
  return bytes ? { dir: fields.dir, bytes } : 'base64 is not base64 text';
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * The entries of a transcript's text, one JSON object a line; blank lines are skipped. Cold and synchronous: emits each entry and completes; unsubscribing from within stops it.
 * Errors `decode`/`transcript` with `details.line`, counted from 1, at the first line that is no entry.
 */
export const parseTranscript = (text: string): Observable<TranscriptEntry> =>
  new Observable<TranscriptEntry>((subscriber) => {
    let first = true;
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (subscriber.closed) return;
      if (line.trim() === '') continue;
      const entry = entryOf(parsed(line), first);
      if (typeof entry === 'string') {
        const message = `line ${index + 1} of the transcript: ${entry}`;
        subscriber.error(new AtError({ kind: 'decode', code: 'transcript', message, details: { line: index + 1 } }));
        return;
      }
      first = false;
      subscriber.next(entry);
    }
    subscriber.complete();
  });
