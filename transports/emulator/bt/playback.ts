import { BehaviorSubject, type Observable, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';

/** 128 kbit/s, the usual rate of an MP3: so many bytes every so many milliseconds. */
const [portion, beat] = [320, 20];

/** Bytes read ahead: at so many reading stops, at so few it goes on. */
const [enough, few] = [16_384, 8192];

/** What a source plays: completes with the last byte, errors where it breaks off. While `held` is true there is no need of more. */
export type AudioSource = (held: Observable<boolean>) => Observable<Uint8Array>;

/** Gives out a piece of music at its own pace. */
export class Playback {
  private readonly queue = new ByteQueue();
  private readonly held = new BehaviorSubject(false);
  private readonly loading: Subscription;
  private loaded = false;
  private timer: Subscription | undefined;

  constructor(private readonly board: Board, source: AudioSource, private readonly heard: (bytes: Uint8Array) => void, private readonly over: () => void) {
    const end = (): void => {
      this.loaded = true;
    };
    const next = (bytes: Uint8Array): void => {
      this.queue.push(bytes);
      if (this.queue.length >= enough) this.held.next(true);
    };
    this.loading = board.keep(source(this.held).subscribe({ next, error: end, complete: end }));
  }

  get playing(): boolean {
    return this.timer !== undefined;
  }

  play(): void {
    this.timer ??= this.board.after(beat, () => this.next());
  }

  suspend(): void {
    this.timer?.unsubscribe();
    this.timer = undefined;
  }

  stop(): void {
    this.suspend();
    this.loading.unsubscribe();
  }

  private next(): void {
    this.timer = undefined;
    if (this.queue.length > 0) this.heard(this.queue.take(portion));
    if (this.held.value && this.queue.length <= few) this.held.next(false);
    if (this.queue.length === 0 && this.loaded) this.over();
    else this.play();
  }
}
