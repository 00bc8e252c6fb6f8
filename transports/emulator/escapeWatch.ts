import type { Life } from './life.js';
import type { Machine } from './machine.js';
import { textOf } from './format.js';
import type { Uart } from './uart.js';
import type { Violation } from './violation.js';

/** Sees what a host meant as `+++` and did not wait for. The module itself judges by time alone. */
export class EscapeWatch {
  constructor(
    private readonly machine: Machine,
    private readonly uart: Uart,
    private readonly life: Life,
    private readonly violation: (kind: Violation['kind'], text: string) => void,
  ) {}

  /** The host wrote: a lone `+++` in passthrough is meant as the escape. */
  wrote(bytes: Uint8Array): void {
    if (!this.machine.transparent || bytes.length !== 3 || textOf(bytes) !== '+++') return;
    const before = this.machine.escapes;
    // Twice the guard time after its last byte has left it was understood, or went to the peer.
    this.uart.whenDrained(() =>
      this.life.after(45, () => {
        if (this.machine.transparent && this.machine.escapes === before) this.violation('escape-guard', '+++');
      }),
    );
  }

  /** Bytes are about to reach the module. */
  arriving(bytes: Uint8Array): void {
    const { escapedAt } = this.machine;
    if (escapedAt === undefined) return;
    this.machine.escapedAt = undefined;
    // A second is asked for after the `+++`, and 20 ms of it had passed when it was understood.
    if (this.life.now() - escapedAt < 980) this.violation('escape-wait', textOf(bytes.subarray(0, 64)));
  }
}
