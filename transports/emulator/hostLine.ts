import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Connection } from '../../lib/transport.js';
import { EmulatorError } from './emulatorError.js';
import type { Uart } from './uart.js';

/** The host's end of the line, for one `open()`. */
export class HostLine {
  private reader: Subscriber<Uint8Array> | undefined;
  private early: Uint8Array[] = [];
  private taken = false;
  private writing = false;
  private closed = false;
  readonly connection: Connection;

  constructor(private readonly uart: Uart, private readonly scheduler: SchedulerLike) {
    const connection: Connection = {
      incoming: new Observable((subscriber) => this.read(subscriber)),
      hold: (on) => uart.holdOutput(on),
      write: (bytes) => this.write(bytes),
      drained: () => new Observable<never>((subscriber) => uart.whenDrained(() => this.later(() => subscriber.complete()))),
      control: {
        baud: (rate) =>
          new Observable<never>((subscriber) => {
            uart.rate('host', rate);
            subscriber.complete();
          }),
        set: () => new Observable<never>((subscriber) => subscriber.complete()),
      },
    };
    // An unpaced line has no rate: nothing is to be added to the host's clocks.
    this.connection = uart.baud === undefined ? connection : {
      ...connection,
      get baud() {
        return uart.baud ?? 0;
      },
    };
  }

  deliver(bytes: Uint8Array): void {
    if (this.reader) this.reader.next(bytes);
    else if (!this.taken) this.early.push(bytes);
  }

  close(): void {
    this.closed = true;
    this.reader?.complete();
  }

  private read(subscriber: Subscriber<Uint8Array>): (() => void) | undefined {
    if (this.taken) {
      subscriber.error(new EmulatorError('usage', 'overlap', 'incoming has one subscriber', 'never'));
      return undefined;
    }
    this.taken = true;
    for (const bytes of this.early.splice(0)) subscriber.next(bytes);
    if (this.closed) {
      subscriber.complete();
      return undefined;
    }
    this.reader = subscriber;
    return () => (this.reader = undefined);
  }

  private write(bytes: Uint8Array): Observable<never> {
    return new Observable<never>((subscriber) => {
      if (this.closed) return subscriber.error(new EmulatorError('transport', 'lost', 'the port is closed', 'safe'));
      if (this.writing) return subscriber.error(new EmulatorError('usage', 'overlap', 'a write is in progress', 'safe'));
      this.writing = true;
      this.uart.write(bytes.slice(), () =>
        this.later(() => {
          this.writing = false;
          subscriber.complete();
        }),
      );
    });
  }

  private later(run: () => void): void {
    this.scheduler.schedule(run, 0);
  }
}
