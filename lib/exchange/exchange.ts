import type { Observable, SchedulerLike } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { ModuleSettings } from '../command/command.js';
import type { AtEvent } from '../command/event.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Redactor } from '../trace/redactor.js';
import type { Connection } from '../transport.js';
import type { Diagnostic, Reply, Request, TraceEntry } from './request.js';
import type { Slot } from './slot.js';

export interface ExchangeConfig {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly scheduler: SchedulerLike;
}

/** A command that got no answer, and where it was when it was given up. */
export interface Unanswered {
  readonly request: Request;
  readonly slot: Slot;
}

/** The only writer of a line: one command at a time, each answer to its command, everything else to `events`. */
export interface Exchange {
  /** Hot. */
  readonly events: Observable<AtEvent>;
  /** Hot. */
  readonly diagnostics: Observable<Diagnostic>;
  /** Hot. */
  readonly trace: Observable<TraceEntry>;
  /** Hot: `ready` was seen, users' commands are paused until `resume`. */
  readonly restarts: Observable<void>;
  /** Hot: a command got no answer, or the prompt of such a command came late; nothing of users is written until `resume`. */
  readonly silences: Observable<Unanswered>;
  /** Completes or errors with the line. */
  readonly ended: Observable<never>;
  readonly redactor: Redactor;
  /** As they are on the module now: after a restart, those it boots with. */
  readonly settings: ModuleSettings;
  /** As users' commands will meet them: after a restart, those from before it, which the prologue sets again; while the line is held, those from before that. */
  readonly expected: ModuleSettings;
  dialect: Dialect;
  /** The module said before its last `ready` that it boots straight into passthrough (AT+SAVETRANSLINK); until `resume`. */
  readonly rawBoot: boolean;
  /** Cold: queues on subscribe; unsubscribing takes it out of the queue, or lets it end unheard; a raw stream is left in order, a bulk send ended by `+++`. */
  run(request: Request): Observable<Reply>;
  tell(kind: Diagnostic['kind'], text: string): void;
  /** The module has restarted, though `ready` was not heard: everything is as after `ready`, the event included. */
  restarted(how: string): void;
  /** Quiet, `+++` alone, quiet. Cold; the second that the module needs after it is not waited for. */
  readonly escape: Observable<never>;
  /** Ends a bulk send that is being paid by `+++`. */
  quit(): void;
  /** Writes bytes that are no command. Cold. */
  write(bytes: Uint8Array): Observable<never>;
  /** How long that many bytes take on the line, in ms. */
  lineTime(bytes: number): number;
  /** Stops and resumes what the module says, with the clocks of the command under way; false where the port cannot. */
  hold(on: boolean): boolean;
  pause(): void;
  resume(): void;
  /** Fails everything that waits and stops reading. */
  stop(error?: AtError): void;
}
