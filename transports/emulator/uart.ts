import type { SchedulerLike } from 'rxjs';
import { Lane } from './lane.js';
import type { Random } from './random.js';

/** What a UART takes from the configuration. */
export interface UartOptions {
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  /** Bits per second on both sides; undefined: not paced. */
  readonly baud: number | undefined;
  /** Size of the chunks the host gets. */
  readonly chunk: number | ((random: Random) => number) | undefined;
  /** Bytes onto the line, on the host's side. */
  readonly written: (bytes: Uint8Array) => void;
  /** Bytes off the line, on the module's side. */
  readonly received: (bytes: Uint8Array) => void;
  /** The two sides run at different rates. */
  readonly mismatch: () => void;
  /** Bytes lost because nobody held the line. */
  readonly overrun: (bytes: Uint8Array) => void;
}

/** A receive interrupt of the module's UART comes at this many bytes. */
const fifo = 120;

/** Both directions of the serial line between host and module. */
export class Uart {
  readonly toHost: Lane;
  private readonly toModule: Lane;
  private listener: ((bytes: Uint8Array) => void) | undefined;
  private hostRate: number | undefined;
  private moduleRate: number | undefined;
  /** The module's receive buffer in bytes, and whether RTS guards it. */
  private limit = 8192;
  private guarded = true;
  private held = false;
  bytesIn = 0;
  bytesOut = 0;

  constructor(private readonly options: UartOptions) {
    this.hostRate = options.baud;
    this.moduleRate = options.baud;
    const { scheduler, chunk, random } = options;
    // A paced host sees what its driver collects in 4 ms; an unpaced one what was printed in a tick.
    const usual = (available: number): number => (this.moduleRate === undefined ? available : Math.floor(this.moduleRate / 2500));
    const cut = (available: number): number => (chunk === undefined ? usual(available) : typeof chunk === 'number' ? chunk : Math.floor(chunk(random)));
    this.toHost = new Lane({ scheduler, rate: () => this.moduleRate, cut, apart: () => false, deliver: (bytes) => this.out(bytes) });
    this.toModule = new Lane({
      scheduler,
      rate: () => this.hostRate,
      cut: (available) => (this.hostRate === undefined ? available : fifo),
      // Without a rate a write is what arrives together; with one only time separates bytes.
      apart: () => this.hostRate === undefined,
      deliver: (bytes) => this.in(bytes),
    });
  }

  /** Bits per second on the host's side. */
  get baud(): number | undefined {
    return this.hostRate;
  }

  /** A byte is coming from the host right now. */
  get receiving(): boolean {
    return this.toModule.active;
  }

  attach(listener: ((bytes: Uint8Array) => void) | undefined): void {
    this.listener = listener;
  }

  /** The host writes; `taken` runs when its driver has room again. */
  write(bytes: Uint8Array, taken: () => void): void {
    if (this.held && !this.guarded && this.toModule.length + bytes.length > this.limit) this.options.overrun(bytes);
    else this.toModule.push(bytes);
    this.options.written(bytes);
    if (this.held && this.guarded) this.toModule.whenAtMost(this.limit, taken);
    else taken();
  }

  /** The line to the module is empty. */
  whenDrained(run: () => void): void {
    this.toModule.whenAtMost(0, run);
  }

  /** The module takes no bytes for now. */
  hold(on: boolean): void {
    if (this.held === on) return;
    this.held = on;
    this.toModule.pause(on);
  }

  /** The module's receive buffer, and whether its flow control uses RTS. */
  guard(limit: number, guarded: boolean): void {
    this.limit = limit;
    this.guarded = guarded;
  }

  /** The host takes no bytes for now. */
  holdOutput(on: boolean): void {
    this.toHost.pause(on);
  }

  /** Changes the rate of one side; without pacing nothing happens. */
  rate(side: 'host' | 'module', rate: number): void {
    if (this.options.baud === undefined) return;
    if (side === 'host') this.hostRate = rate;
    else this.moduleRate = rate;
  }

  private in(bytes: Uint8Array): void {
    this.bytesIn += bytes.length;
    this.options.received(this.garbled(bytes));
  }

  private out(bytes: Uint8Array): void {
    this.bytesOut += bytes.length;
    this.listener?.(this.hostRate === this.moduleRate ? bytes.slice() : this.garbled(bytes));
  }

  /** At another rate the receiver samples noise. */
  private garbled(bytes: Uint8Array): Uint8Array {
    if (this.hostRate === this.moduleRate) return bytes;
    this.options.mismatch();
    return bytes.map(() => Math.floor(this.options.random() * 256));
  }
}
