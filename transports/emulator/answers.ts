import { take, type Observable } from 'rxjs';
import type { Board } from './board.js';
import { codeLine, type Intake } from './intake.js';
import { error, type Outcome } from './outcome.js';

/** How commands end: an answer goes out and the next line is read, or a prompt goes out and the line is given to the payload. */
export class Answers {
  constructor(private readonly board: Board, private readonly intake: Intake) {}

  /** Ends a command when its outcome comes; one that fails instead is an ERROR. */
  conclude(outcome: Observable<Outcome>, line: string): void {
    this.board.keep(outcome.subscribe({ next: (value) => this.finish(value, line), error: () => this.finish(error(), line) }));
  }

  /** Ends a command, or gives the line to its payload. */
  finish(outcome: Outcome, line: string): void {
    const { board } = this;
    switch (outcome.kind) {
      case 'ok':
        return this.terminal('\r\nOK\r\n', line, outcome.after);
      case 'error':
        if (board.get('syslog') === 1) for (const code of outcome.codes) board.print(codeLine(code));
        return this.terminal('\r\nERROR\r\n', line, outcome.after);
      case 'text':
        return this.terminal(outcome.text, line, outcome.after);
      case 'raw':
        return this.prompt('\r\n>', () => this.enter(outcome));
      case 'prompt':
        this.conclude(outcome.result.pipe(take(1)), line);
        // Ahead of the prompt: drivers that go by the OK have their payload on its way before a second write.
        this.intake.feed(outcome.sink, line, false);
        return outcome.bare ? board.print('>') : this.prompt(board.profile.style.promptMark);
    }
  }

  /** Gives the line to a peer. */
  enter({ sink, entered }: Outcome & { readonly kind: 'raw' }): void {
    this.intake.feed(sink, '', true);
    entered();
  }

  private prompt(mark: string, then?: () => void): void {
    const { board } = this;
    if (!board.profile.style.promptApart) {
      board.print(`\r\nOK\r\n${mark}`);
      return then?.();
    }
    board.print('\r\nOK\r\n');
    board.after(1, () => {
      board.print(mark);
      then?.();
    });
  }

  private terminal(text: string, line: string, after: (() => void) | undefined): void {
    const { board } = this;
    const fault = board.meet({ point: 'terminal', line, text });
    if (fault?.do === 'stall') return;
    const end = (): void => {
      board.print(text);
      this.intake.lines();
      after?.();
    };
    if (fault?.do === 'late') board.after(fault.ms, end);
    else end();
  }
}
