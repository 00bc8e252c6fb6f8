import type { Subscription } from 'rxjs';
import type { Lane } from './lane.js';
import type { FaultAction, Faults } from './faults.js';
import { bytesOf, textOf } from './format.js';

interface Piece { readonly bytes: Uint8Array; readonly wait: number }

/** What the module prints: every print passes the faults and then the line, in order. */
export class Output {
  private queue: Piece[] = [];
  private waiting = false;
  private held = '';
  private release: Subscription | undefined;

  constructor(
    private readonly after: (ms: number, run: () => void) => Subscription,
    private readonly lane: Lane,
    private readonly faults: Faults,
    /** A fault asks for a restart after the bytes printed so far. */
    private readonly reset: () => void,
  ) {}

  /** Prints byte-characters. */
  print(text: string): void {
    if (text.length === 0) return;
    const action = this.faults.meet({ point: 'output', text });
    const said = action?.do === 'insert' ? action.text + text : action?.do === 'replace' ? action.text : text;
    this.send(this.held + said, action);
  }

  printBytes(bytes: Uint8Array): void {
    this.print(textOf(bytes));
  }

  /** Bytes printed and not yet on the line. */
  get pending(): number {
    return this.lane.length + this.queue.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  private send(text: string, action: FaultAction | undefined): void {
    this.held = '';
    this.release?.unsubscribe();
    switch (action?.do) {
      case 'glue':
        this.held = text;
        this.release = this.after(action.ms ?? 20, () => {
          const held = this.held;
          this.held = '';
          this.put(held, 0);
        });
        return;
      case 'drop': {
        const at = action.at ?? 0;
        return this.put(text.slice(0, at) + text.slice(at + (action.bytes ?? text.length)), 0);
      }
      case 'flip': {
        const at = action.at ?? 0;
        return this.put(text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (action.mask ?? 1)) + text.slice(at + 1), 0);
      }
      case 'delay':
        return this.put(text, action.ms);
      case 'split': {
        let from = 0;
        for (const to of [...action.at, text.length]) {
          this.put(text.slice(from, to), from === 0 ? 0 : action.gap ?? 1);
          from = to;
        }
        return;
      }
      case 'reset':
        this.put(text.slice(0, action.after ?? 0), 0);
        this.reset();
        return;
      default:
        this.put(text, 0);
    }
  }

  private put(text: string, wait: number): void {
    if (text.length === 0 && wait === 0) return;
    this.queue.push({ bytes: bytesOf(text), wait });
    if (!this.waiting) this.next();
  }

  private next(): void {
    for (let piece = this.queue[0]; piece; piece = this.queue[0]) {
      if (piece.wait > 0) {
        this.waiting = true;
        this.queue[0] = { bytes: piece.bytes, wait: 0 };
        this.after(piece.wait, () => {
          this.waiting = false;
          this.next();
        });
        return;
      }
      this.queue.shift();
      this.lane.push(piece.bytes);
    }
  }
}
