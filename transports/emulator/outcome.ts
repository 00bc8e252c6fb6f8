import type { Observable } from 'rxjs';

/** Takes bytes after a prompt instead of the command parser. */
export interface Sink {
  /** Takes bytes of one received chunk; returns how many. Less than given: the rest is surplus. */
  take(bytes: Uint8Array): number;
  /** No more bytes are wanted. */
  readonly full: boolean;
}

/** A sink that stays until it is left, or stopped by a restart. */
export interface RawSink extends Sink { stop(): void }

/** How a command ends, or goes on after its prompt. */
export type Outcome =
  | { readonly kind: 'ok'; readonly after?: () => void }
  | { readonly kind: 'error'; readonly codes: readonly number[]; readonly after?: () => void }
  /** The terminal is another text than OK or ERROR; empty where none follows. */
  | { readonly kind: 'text'; readonly text: string; readonly after?: () => void }
  /** Bytes go to the sink; `result` ends the command. */
  | { readonly kind: 'prompt'; readonly bare?: boolean; readonly sink: Sink; readonly result: Observable<Outcome> }
  /** Bytes go to the sink until somebody calls `intake.lines()`. */
  | { readonly kind: 'raw'; readonly sink: Sink; readonly entered: () => void };

export const ok = (after?: () => void): Outcome => (after ? { kind: 'ok', after } : { kind: 'ok' });
export const error = (...codes: readonly number[]): Outcome => ({ kind: 'error', codes });
export const text = (line: string, after?: () => void): Outcome => (after ? { kind: 'text', text: line, after } : { kind: 'text', text: line });
