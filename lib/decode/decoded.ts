import type { Form } from '../command/command.js';
import type { Result } from '../exchange/slot.js';

/** One line of a capture. `wait` is the only thing that makes time pass. */
export type CaptureEntry =
  | { readonly dir: 'tx' | 'rx'; readonly bytes: Uint8Array }
  | { readonly dir: 'wait'; readonly ms: number };

/** What holds when the capture begins; missing keys: the state after boot. */
export interface CaptureContext {
  readonly echo?: boolean;
  readonly cipmux?: 0 | 1;
  readonly cipdinfo?: 0 | 1;
  readonly passive?: boolean;
  readonly sysmsg?: number;
  readonly syslog?: 0 | 1;
}

/** How a command of a capture ended. `NONE`: `+++` without an answer, or a command that never ended. */
export type DecodedResult = Exclude<Result, 'TIMEOUT' | 'SEND Canceled'> | 'SEND Canceled' | 'QUITT' | 'NONE';

/** What a client must conclude from a capture, in order. Payloads are bytes; the CLI writes them as base64. */
export type Decoded =
  | {
      readonly kind: 'command';
      /** The line as written, secrets masked. */
      readonly text: string;
      readonly name: string;
      readonly form: Form;
      readonly result: DecodedResult;
      /** Decoded lines of the answer, in order. */
      readonly response: readonly unknown[];
      readonly payloads: readonly Uint8Array[];
      readonly errCode?: string;
    }
  | { readonly kind: 'event'; readonly name: string; readonly fields: Readonly<Record<string, unknown>>; readonly payload?: Uint8Array }
  | { readonly kind: 'raw'; readonly dir: 'tx' | 'rx'; readonly bytes: Uint8Array }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'noise'; readonly bytes: number };
