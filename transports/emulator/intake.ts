import { Subject, type Observable } from 'rxjs';
import type { Board } from './board.js';
import { errorCode } from './refusal.js';
import { textOf } from './format.js';
import type { Sink } from './outcome.js';

/** Longest command line, CR LF included. */
const lineLimit = 256;

/** What the receive task does with the next byte. */
type Mode =
  | { readonly kind: 'off' }
  | { readonly kind: 'line' }
  | { readonly kind: 'busy'; readonly line: string; readonly surplus: boolean; readonly sending?: boolean }
  | { readonly kind: 'sink'; readonly sink: Sink; readonly line: string; readonly raw: boolean };

/** The receive task: echoes, gathers lines, feeds payloads, refuses what comes while a command runs. Works on chunks as they arrive. */
export class Intake {
  private mode: Mode = { kind: 'off' };
  private buffer = '';
  private length = 0;
  private last = '';
  private readonly lineSubject = new Subject<string>();
  /** Complete command lines that begin with AT, without CR LF. */
  readonly linesIn: Observable<string> = this.lineSubject.asObservable();
  private readonly forcedSubject = new Subject<void>();
  /** AT+RST came while a command ran. */
  readonly forced: Observable<void> = this.forcedSubject.asObservable();

  constructor(private readonly board: Board) {}

  /** Nothing is heard: booting or asleep. */
  off(): void {
    this.mode = { kind: 'off' };
    this.buffer = '';
    this.length = 0;
    this.last = '';
  }

  /** Command lines are read. */
  lines(): void {
    this.mode = { kind: 'line' };
  }

  /** A command runs: everything is refused. */
  busy(line: string): void {
    this.mode = { kind: 'busy', line, surplus: false };
  }

  /** Bytes go to the sink; `raw` until `lines()`, else until it is full. */
  feed(sink: Sink, line: string, raw: boolean): void {
    this.mode = { kind: 'sink', sink, line, raw };
  }

  get running(): string | undefined {
    return this.mode.kind === 'busy' || (this.mode.kind === 'sink' && !this.mode.raw) ? this.mode.line : undefined;
  }

  /** One chunk off the line. */
  receive(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const mode = this.mode;
      switch (mode.kind) {
        case 'off':
          this.board.violation('deaf', textOf(chunk.subarray(at, at + 64)));
          return;
        case 'busy':
          this.refuse(textOf(chunk.subarray(at)), mode);
          return;
        case 'sink': {
          at += mode.sink.take(chunk.subarray(at));
          if (this.mode === mode && !mode.raw && mode.sink.full) this.mode = { kind: 'busy', line: mode.line, surplus: at < chunk.length, sending: true };
          else if (mode.raw) return;
          break;
        }
        case 'line':
          at = this.gather(chunk, at);
      }
    }
    if (this.mode.kind === 'busy' && this.mode.surplus) this.mode = { ...this.mode, surplus: false };
  }

  /** Takes bytes of one line; returns where the next one begins. */
  private gather(chunk: Uint8Array, from: number): number {
    let echo = '';
    for (let at = from; at < chunk.length; at += 1) {
      const code = chunk[at] as number;
      // NUL is neither echoed nor kept (4.1: a payload that came without its prompt).
      if (code === 0) continue;
      const character = String.fromCharCode(code);
      echo += character;
      this.length += 1;
      if (this.length <= lineLimit) this.buffer += character;
      const ended = character === '\n' && this.last === '\r';
      // NONOS: `AT+X\r\r\n`.
      if (ended && this.board.profile.style.crTwice) echo = `${echo.slice(0, -1)}\r\n`;
      this.last = character;
      if (!ended) continue;
      if (this.board.get('echo')) this.board.print(echo);
      this.complete();
      return at + 1;
    }
    if (this.board.get('echo')) this.board.print(echo);
    return chunk.length;
  }

  private complete(): void {
    const tooLong = this.length > lineLimit;
    const line = this.buffer.slice(0, -2);
    this.buffer = '';
    this.length = 0;
    this.last = '';
    // The receive task itself answers what is no command, and reads on in the same chunk.
    if (tooLong || !/^at/i.test(line)) {
      if (this.board.get('syslog') === 1) this.board.print(codeLine(errorCode.notAt));
      this.board.print('\r\nERROR\r\n');
      return;
    }
    this.busy(line);
    this.lineSubject.next(line);
  }

  private refuse(rest: string, mode: Extract<Mode, { kind: 'busy' }>): void {
    if (/^at\+rst\r\n$/i.test(rest)) {
      this.forcedSubject.next();
      return;
    }
    this.board.violation(mode.surplus ? 'surplus' : 'busy', rest);
    // Surplus payload in the chunk of its last byte gets no code (4.1, SYSLOG 1).
    if (!mode.surplus && this.board.get('syslog') === 1) this.board.print(codeLine(errorCode.busy));
    this.board.print(mode.sending === true && this.board.profile.style.busySending ? '\r\nbusy s...\r\n' : '\r\nbusy p...\r\n');
    if (this.mode.kind === 'busy') this.mode = { ...this.mode, surplus: false };
  }
}

/** The line of one error code. */
export const codeLine = (code: number): string => `ERR CODE:0x${code.toString(16).padStart(8, '0')}\r\n`;
