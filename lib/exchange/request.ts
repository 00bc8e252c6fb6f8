import type { Subscriber } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import type { AtError } from '../../operators/atError.js';
import type { Command, ModuleSettings } from '../command/command.js';
import type { EncodedCommand } from '../command/encodeCommand.js';
import type { RawLine } from '../command/rawLine.js';
import type { Item } from '../command/response.js';
import type { Gathered } from './gathered.js';
import type { Result, Stage } from './slot.js';

/** A command ready for the line. */
export interface Request {
  /** The dialect's entry. */
  readonly declared: Command;
  readonly params: Readonly<Record<string, unknown>>;
  readonly encoded: EncodedCommand;
  readonly data?: Uint8Array | ByteSource;
  /** Commands of one lane keep their order; lanes are served in turn. */
  readonly lane: string;
  /** Belongs to the prologue or to recovery: runs while users' commands wait. */
  readonly internal?: boolean;
  /** OK counts only after a line of the answer: a late OK of another command must not pass for it. */
  readonly strict?: boolean;
  /** The settings it was encoded for, and the same request for other ones. */
  readonly settings: ModuleSettings;
  readonly renew: () => Request | AtError;
}

/** How it ended, with everything that was read on the way. */
export interface Outcome extends Gathered {
  readonly result: Result;
  /** The stage it was in when it ended: after a time-out, whether the payload may have been taken. */
  readonly stage: Stage;
}

/** `sent` comes when the line is written, before anything that answers it; `raw` at the prompt of a passthrough command, whose `end` comes when the stream was left. */
export type Reply =
  | { readonly kind: 'sent'; readonly request: Request }
  | { readonly kind: 'item'; readonly item: Item }
  | { readonly kind: 'raw'; readonly line: RawLine }
  | { readonly kind: 'end'; readonly outcome: Outcome };

/** A request and whoever waits for it; the subscriber may leave, the request stays until its terminal. */
export interface Job {
  request: Request;
  readonly subscriber: Subscriber<Reply>;
  attempts: number;
}

/** What happened on the line that belongs to no command. */
export interface Diagnostic {
  readonly kind: 'late' | 'noise' | 'broken' | 'quarantine' | 'synchronised' | 'restarted' | 'resend' | 'unsettled';
  readonly text: string;
}

/** One line or payload in either direction, redacted. */
export interface TraceEntry {
  readonly dir: 'tx' | 'rx';
  /** Scheduler time, ms. */
  readonly at: number;
  readonly text: string;
}
