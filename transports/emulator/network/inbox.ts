import { Observable, type Subscriber } from 'rxjs';

const nothing = (): void => undefined;

/**
 * What has arrived and waits for its one reader. Items come in order, then the end. A reader that unsubscribes leaves the rest
 * for the next one; a second reader at the same time is an error.
 */
export class Inbox<T> {
  private readonly items: T[] = [];
  private reader: Subscriber<T> | undefined;
  private ending: { readonly error?: unknown } | undefined;
  private held = false;
  private draining = false;

  readonly stream = new Observable<T>((subscriber) => {
    if (this.reader !== undefined) {
      subscriber.error(new Error('this stream already has its one subscriber'));
      return;
    }
    this.reader = subscriber;
    subscriber.add(() => {
      if (this.reader === subscriber) this.reader = undefined;
    });
    this.drain();
  });

  /** `taken` is told of each item as the reader gets it. */
  constructor(private readonly taken: (item: T) => void = nothing) {}

  get hasReader(): boolean {
    return this.reader !== undefined;
  }

  push(item: T): void {
    if (this.ending !== undefined) return;
    this.items.push(item);
    this.drain();
  }

  complete(): void {
    this.finish({});
  }

  fail(error: unknown): void {
    this.finish({ error });
  }

  /** While on, items and the end wait here although there is a reader. */
  hold(on: boolean): void {
    this.held = on;
    this.drain();
  }

  /** Throws away what waits, without an end: nothing comes any more. */
  abandon(): void {
    this.items.length = 0;
    this.ending = {};
    this.reader = undefined;
  }

  private finish(ending: { readonly error?: unknown }): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.drain();
  }

  // A reader may hold, release or unsubscribe while it gets an item: the outermost call does the work, the inner ones only change the state.
  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    while (this.reader !== undefined && !this.held && this.items.length > 0) {
      const item = this.items.shift() as T;
      this.taken(item);
      this.reader.next(item);
    }
    this.draining = false;
    if (this.reader === undefined || this.held || this.ending === undefined) return;
    if ('error' in this.ending) this.reader.error(this.ending.error);
    else this.reader.complete();
  }
}
