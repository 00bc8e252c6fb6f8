import { endWith, ignoreElements, Observable, Subject } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';
import type { ClassicLink, LinkEnd } from './classicLink.js';

/** Bytes of one frame. */
const frame = 990;
/** What one side takes before it has printed something of it. */
const credit = 4 * frame;

/** One end of a serial line over the radio: frames go while the other end has room. */
export class SppConnection implements LinkEnd {
  private link: ClassicLink<SppConnection> | undefined;
  private readonly waiting = new ByteQueue();
  private readonly came: Uint8Array[] = [];
  private printing = false;
  private room = credit;
  private handed = 0;
  private queued = 0;
  /** Says how many bytes were handed to the other side so far; completes with the connection. */
  private readonly progress = new Subject<number>();

  constructor(
    private readonly board: Board,
    /** The other side's address. */
    readonly address: string,
    private readonly print: (bytes: Uint8Array) => void,
    private readonly over: () => void,
  ) {}

  /** Emits when it is over, at once if so already; completes. */
  get ended(): Observable<undefined> {
    return this.progress.pipe(ignoreElements(), endWith(undefined));
  }

  /** Who carries it. */
  open(link: ClassicLink<SppConnection>): void {
    this.link = link;
  }

  close(): void {
    this.link?.close();
  }

  /** Ends it now, for both. */
  cut(): void {
    this.link?.cut();
  }

  /** Cold. Sends bytes: emits true when the last of them has found room at the other end, false if the connection ends before; completes. */
  write(bytes: Uint8Array): Observable<boolean> {
    return new Observable((subscriber) => {
      const end = (good: boolean): void => {
        subscriber.next(good);
        subscriber.complete();
      };
      this.queued += bytes.length;
      const until = this.queued;
      subscriber.add(
        this.progress.subscribe({
          next: (handed) => (handed >= until ? end(true) : undefined),
          error: (cause: unknown) => subscriber.error(cause),
          complete: () => end(false),
        }),
      );
      this.waiting.push(bytes);
      this.pump();
    });
  }

  closed(): void {
    this.over();
    this.progress.complete();
  }

  private pump(): void {
    while (this.room > 0 && this.waiting.length > 0) {
      const bytes = this.waiting.take(Math.min(frame, this.room));
      this.room -= bytes.length;
      this.link?.tell(this, bytes.length, (end) => {
        this.handed += bytes.length;
        end.arrived(bytes);
        this.progress.next(this.handed);
      });
    }
  }

  private arrived(bytes: Uint8Array): void {
    this.came.push(bytes);
    if (!this.printing) this.printNext();
  }

  /** One frame after the other, each when the AT port has taken most of what was printed before. */
  private printNext(): void {
    const bytes = this.came.shift();
    this.printing = bytes !== undefined;
    if (!bytes) return;
    this.board.whenRoom(() => {
      this.print(bytes);
      this.link?.tell(this, 1, (end) => {
        end.room += bytes.length;
        end.pump();
      });
      this.board.after(0, () => this.printNext());
    });
  }
}
