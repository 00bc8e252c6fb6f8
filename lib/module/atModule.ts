import type { Observable, SchedulerLike } from 'rxjs';
import type { Command, ModuleSettings } from '../command/command.js';
import type { AtEvent } from '../command/event.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Firmware } from '../dialects/detectDialect.js';
import type { Diagnostic, TraceEntry } from '../exchange/request.js';
import type { LinkTable } from '../state/links.js';
import type { ExecArguments } from './execute.js';
import type { ModuleLine } from './moduleLine.js';

/** An open module. It survives restarts of the firmware; only losing the line or a failed prologue ends it. */
export interface AtModule {
  /**
   * Cold. On subscribe it queues the command; a `single` command emits its typed answer at the terminal, a `stream` command each line as it
   * comes; then it completes. Unsubscribing while it waits sends nothing; once it is on the wire its answer is awaited unheard.
   * A command that is not `repeatable` cannot be subscribed to twice. Errors: `usage` and `unsupported` before a byte is sent, `command`
   * (rejected, busy, timeout), `send`, `decode`, `framing`, `module` (reset, closed), `transport`.
   */
  exec<P, A>(command: Command<P, A>, ...args: ExecArguments<P>): Observable<A>;
  /** Hot: everything the module says by itself; what no declaration reads is `unknown`. Completes with the module. */
  readonly events: Observable<AtEvent>;
  /** Hot, replays the latest: every link that was seen. Completes with the module. */
  readonly links: Observable<LinkTable>;
  /** The dialect in use. */
  readonly dialect: Dialect;
  /** The settings that decide about the shape of lines, as commands queued now will meet them: a restart is followed by its prologue first. */
  readonly settings: ModuleSettings;
  /** What AT+GMR said. */
  readonly firmware: Firmware;
  /** Hot: every line in both directions, secrets masked. */
  readonly trace: Observable<TraceEntry>;
  /** Hot: late answers, noise, broken payloads, quarantines. */
  readonly diagnostics: Observable<Diagnostic>;
  /** The line under the commands. */
  readonly line: ModuleLine;
  /** Where every timer of this module runs. */
  readonly scheduler: SchedulerLike;
  /** Cold: closes every open link and the MQTT client, then the port; completes when the port is closed. Unsubscribing does not stop it. */
  close(): Observable<never>;
}
