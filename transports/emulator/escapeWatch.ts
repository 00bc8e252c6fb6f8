import { textOf } from './format.js';
import type { Life } from './life.js';
import type { Passage } from './passage.js';
import type { Uart } from './uart.js';
import type { Violation } from './violation.js';

/** Sees what a host meant as `+++` and did not wait for. The module itself judges by time alone. */
export class EscapeWatch {
  constructor(
    private readonly passage: Passage,
    private readonly uart: Uart,
    private readonly life: Life,
    private readonly violation: (kind: Violation['kind'], text: string) => void,
  ) {}

  /** The host wrote: a lone `+++` in passthrough is meant as the escape. */
  wrote(bytes: Uint8Array): void {
    if (!this.passage.open || bytes.length !== 3 || textOf(bytes) !== '+++') return;
    const before = this.passage.escapes;
    // Twice the guard time after its last byte has left it was understood, or went to the peer.
    this.uart.whenDrained(() =>
      this.life.after(45, () => {
        if (this.passage.open && this.passage.escapes === before) this.violation('escape-guard', '+++');
      }),
    );
  }

  /** Bytes are about to reach the module. */
  arriving(bytes: Uint8Array): void {
    const { escapedAt } = this.passage;
    if (escapedAt === undefined) return;
    this.passage.escapedAt = undefined;
    // A second is asked for after the `+++`, and 20 ms of it had passed when it was understood.
    if (this.life.now() - escapedAt < 980) this.violation('escape-wait', textOf(bytes.subarray(0, 64)));
  }
}
