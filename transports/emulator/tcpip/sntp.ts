import type { Subscription } from 'rxjs';
import type { Board } from '../board.js';
import type { CalendarClock } from '../clock.js';
import type { Network } from '../network/network.js';

/** The SNTP client: asks as long as it is enabled and the station has an address. */
export class Sntp {
  private asking: Subscription | undefined;
  private waiting: Subscription | undefined;
  private told = false;

  constructor(
    private readonly board: Board,
    private readonly network: Network,
    private readonly calendar: CalendarClock,
    private readonly online: () => boolean,
  ) {}

  /** Begins again: after AT+CIPSNTPCFG, or a new address. */
  restart(): void {
    // Two places: a network that answers at once has set the next turn before the subscription to its answer is known.
    this.asking?.unsubscribe();
    this.waiting?.unsubscribe();
    this.told = false;
    if (this.board.get('sntp').enabled && this.online()) this.ask();
  }

  private ask(): void {
    const now = this.network.now?.();
    if (!now) return;
    let answered = false;
    this.asking = this.board.keep(
      now.subscribe({
        next: (seconds) => {
          answered = true;
          this.calendar.set(Math.floor(seconds));
          // The first time only, and not before 3.2.
          if (!this.told && this.board.profile.release >= 32) this.board.print('+TIME_UPDATED\r\n');
          this.told = true;
        },
        error: () => this.again(15),
        complete: () => this.again(answered ? this.board.get('sntpInterval') : 15),
      }),
    );
  }

  private again(seconds: number): void {
    this.waiting = this.board.after(seconds * 1000, () => {
      if (this.board.get('sntp').enabled && this.online()) this.ask();
    });
  }
}
