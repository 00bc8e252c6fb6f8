import { type Observable, type SchedulerLike, Subject } from 'rxjs';
import { fromWire } from '../codec/wireText.js';
import { createRedactor, type Redactor } from '../trace/redactor.js';
import type { Diagnostic, TraceEntry } from './request.js';

export interface ReporterConfig {
  readonly scheduler: SchedulerLike;
  /** What may be shown of the echo of the command under way, where the text is one: it is masked by position, whatever the secret looks like. */
  readonly echo: (text: string) => string | undefined;
  /** What may be shown of a line that carries secrets, and these. */
  readonly conceal: (text: string) => { readonly shown: string; readonly secrets: readonly string[] };
}

/** Tells what happens on the line, without secrets. */
export interface Reporter {
  /** Hot. */
  readonly diagnostics: Observable<Diagnostic>;
  /** Hot. */
  readonly trace: Observable<TraceEntry>;
  readonly redactor: Redactor;
  tell(kind: Diagnostic['kind'], text: string): void;
  show(dir: 'tx' | 'rx', text: string): void;
  /** A line that was read without the secrets that stand in it by declaration; they are known from now on. */
  shownLine(text: string): string;
  complete(): void;
}

/** A reporter that has met no secret yet. */
export const createReporter = ({ scheduler, echo, conceal }: ReporterConfig): Reporter => {
  const diagnostics = new Subject<Diagnostic>();
  const trace = new Subject<TraceEntry>();
  const redactor = createRedactor();
  return {
    diagnostics,
    trace,
    redactor,
    tell: (kind, text) => diagnostics.next({ kind, text: redactor.shown(text) }),
    show: (dir, text) => {
      if (trace.observed) trace.next({ dir, at: scheduler.now(), text: redactor.shown(text) });
    },
    shownLine: (text) => {
      const echoed = echo(text);
      if (echoed !== undefined) return echoed;
      const { shown, secrets } = conceal(text);
      for (const secret of secrets) redactor.learn(fromWire(secret));
      return shown;
    },
    complete: () => {
      diagnostics.complete();
      trace.complete();
    },
  };
};
