import { defer, startWith, Subject, type Observable } from 'rxjs';

/** Says once, after a send that was not taken whole, that there is room again; a subscriber that comes too late for it is told at once. */
export class RoomSignal {
  private readonly subject = new Subject<void>();
  private starved = false;
  private missed = false;

  readonly writable: Observable<void> = defer(() => {
    const now = this.missed;
    this.missed = false;
    return now ? this.subject.pipe(startWith(undefined)) : this.subject;
  });

  /** A send took everything, or not. */
  sent(whole: boolean): void {
    this.starved = !whole;
    if (!whole) this.missed = false;
  }

  /** There is room. */
  room(): void {
    if (!this.starved) return;
    this.starved = false;
    this.missed = !this.subject.observed;
    this.subject.next();
  }

  complete(): void {
    this.subject.complete();
  }
}
