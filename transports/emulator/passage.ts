import type { Board } from './board.js';
import type { Intake } from './intake.js';
import type { Outcome, RawSink } from './outcome.js';

/** The line in passthrough: which peer has it, and when the host took it back. */
export class Passage {
  /** When `+++` was last understood. */
  escapedAt: number | undefined;
  /** How often it was. */
  escapes = 0;
  private through: RawSink | undefined;

  constructor(private readonly board: Board) {}

  /** Bytes go through to a peer. */
  get open(): boolean {
    return this.through !== undefined;
  }

  /** The outcome of a command that gives the line to a peer, until what `make` makes calls `left`. */
  give(intake: Intake, make: (left: () => void) => RawSink): Outcome & { readonly kind: 'raw' } {
    const sink = make(() => this.left(intake));
    return { kind: 'raw', sink, entered: () => (this.through = sink) };
  }

  /** A restart takes the line back. */
  stop(): void {
    this.through?.stop();
    this.through = undefined;
  }

  private left(intake: Intake): void {
    const { board } = this;
    this.through = undefined;
    intake.lines();
    if (board.profile.style.quits && (board.get('sysmsg') & 1) !== 0) board.print('\r\n+QUITT\r\n');
    this.escapedAt = board.now();
    this.escapes += 1;
  }
}
