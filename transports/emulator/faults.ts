/**
 * What a fault can meet.
 * `command` a complete command line is about to run; `output` the module is about to print these bytes (one character per byte);
 * `terminal` the final answer of a command is about to be printed; `announce` a passive `+IPD` is due; `read` an `AT+CIPRECVDATA` is about to be answered;
 * `receive` a link got bytes from its peer.
 */
export type FaultEvent =
  | { readonly point: 'command'; readonly line: string }
  | { readonly point: 'output'; readonly text: string }
  | { readonly point: 'terminal'; readonly line: string; readonly text: string }
  | { readonly point: 'announce'; readonly link: number }
  | { readonly point: 'read'; readonly link: number; readonly length: number }
  | { readonly point: 'receive'; readonly link: number; readonly length: number };

/**
 * What happens instead.
 * - `busy` (command): the line is answered `busy p...` and dropped.
 * - `late` (terminal): the final answer comes `ms` later.
 * - `delay` (output): these bytes, and all after them, come `ms` later.
 * - `split` (output): in pieces, cut at the offsets, `gap` ms apart (default 1).
 * - `glue` (output): kept back and sent in one chunk with the next output, or alone after `ms` (default 20).
 * - `drop` (output, announce): lost; of an output, `bytes` from `at` on (default all).
 * - `flip` (output): the byte at `at` (default 0) is xored with `mask` (default 0x01).
 * - `insert` (output): `text` is printed in front.
 * - `replace` (output): `text` is printed in its place, such as `SEND FAIL`.
 * - `reset` (output, command): the module restarts after the first `after` bytes (default 0) of this output.
 * - `close` (receive, announce): the link is reported `CLOSED` at once, before its data.
 * - `error` (read, command): `ERROR`, as when the heap is too small; the data stays.
 * - `stall` (command, terminal): never answered; the module stays busy until it is reset.
 */
export type FaultAction =
  | { readonly do: 'busy' }
  | { readonly do: 'late'; readonly ms: number }
  | { readonly do: 'delay'; readonly ms: number }
  | { readonly do: 'split'; readonly at: readonly number[]; readonly gap?: number }
  | { readonly do: 'glue'; readonly ms?: number }
  | { readonly do: 'drop'; readonly at?: number; readonly bytes?: number }
  | { readonly do: 'flip'; readonly at?: number; readonly mask?: number }
  | { readonly do: 'insert'; readonly text: string }
  | { readonly do: 'replace'; readonly text: string }
  | { readonly do: 'reset'; readonly after?: number }
  | { readonly do: 'close' }
  | { readonly do: 'error'; readonly code?: number }
  | { readonly do: 'stall' };

/** A behaviour prepended to the module's own. The newest matching fault acts; the others do not see the event. */
export interface Fault {
  readonly when: (event: FaultEvent) => boolean;
  /** How often it acts before it removes itself. Default: for ever. */
  readonly times?: number;
  readonly act: FaultAction;
}

/** The faults of one emulator; may be changed at any time. */
export class Faults {
  private entries: { readonly fault: Fault; left: number }[] = [];

  /** Prepends a fault; the returned function takes it away again. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.entries.unshift(entry);
    return () => {
      this.entries = this.entries.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.entries = [];
  }

  /** The action of the newest fault that matches, if any. */
  meet(event: FaultEvent): FaultAction | undefined {
    const entry = this.entries.find(({ fault }) => fault.when(event));
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.entries = this.entries.filter((other) => other !== entry);
    return entry.fault.act;
  }
}
