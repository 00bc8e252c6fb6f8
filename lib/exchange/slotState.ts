import type { AfterPrompt } from '../../operators/frame.js';
import type { Command } from '../command/command.js';
import type { Gathered } from './gathered.js';

/** Where a command is in its life. `paid`: every byte of its payload is written. */
export type Stage = 'sent' | 'answering' | 'prompted' | 'paid' | 'ended';

/** How a command ended: its terminal line, or what happened instead. */
export type Result =
  | 'OK'
  | 'ERROR'
  | 'SEND OK'
  | 'SEND FAIL'
  | 'SEND Canceled'
  | 'SEND CANCELLED'
  | 'FAIL'
  | 'SET OK'
  | '+MQTTPUB:OK'
  | '+MQTTPUB:FAIL'
  | 'BUSY'
  | 'RESTART'
  | 'ABORTED'
  | 'TIMEOUT';

/** The life of one command on the wire: a value, changed only by `advance`. */
export interface Slot extends Gathered {
  readonly declared: Command;
  /** Its line as sent, without CR LF: the echo is compared with it. */
  readonly text: string;
  readonly stage: Stage;
  readonly echoed: number;
  /** Only the newest item is kept: whoever listens gets each as it comes, and a body must not pile up here. */
  readonly passing?: boolean;
  /** OK and ERROR count only after a line of the answer. */
  readonly strict?: boolean;
  /** A terminal that came before the last byte of the payload was written: it ends the command once the payload is complete. */
  readonly early?: Result;
  /** A line with text of others in it could not be read: what follows may be the rest of that text, an `OK` too. */
  readonly torn?: true;
}

/** A command that is being written. */
export const openSlot = (declared: Command, text: string): Slot => ({
  declared,
  text,
  stage: 'sent',
  echoed: 0,
  items: [],
  free: [],
  codes: [],
  reasons: [],
});

/** What follows the prompt this command waits for; `undefined` when it waits for none. */
export const promptOf = (declared: Command): AfterPrompt | undefined =>
  declared.phase === 'prompt' || declared.phase === 'prompt-stream' ? 'lines' : declared.phase === 'passthrough' ? 'raw' : undefined;
