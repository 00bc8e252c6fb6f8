import { Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';
import { textOf } from '../format.js';
import type { Sink } from '../outcome.js';
import { Link } from './link.js';
import type { OpenRequest, TcpIp } from './tcpIp.js';

/** Quiet around `+++`, in milliseconds. */
const guard = 20;

/** Passthrough: bytes go to the peer in packets until a lone `+++`; a lost link is opened again, silently. */
export class Passthrough implements Sink {
  readonly full = false;
  private readonly pending = new ByteQueue();
  private readonly outgoing = new ByteQueue();
  private readonly timers = new Subscription();
  private quiet: Subscription | undefined;
  private flushing: Subscription | undefined;
  private sending = false;
  private burst = '';
  private over = false;

  constructor(
    private readonly board: Board,
    private readonly tcpIp: TcpIp,
    /** How the link is opened again. */
    private readonly request: OpenRequest,
    /** Which port AT+CIPSTATUS shows: 0 for a link of AT+SAVETRANSLINK. */
    private readonly shownPort: number | undefined,
    private readonly ready: () => boolean,
    private readonly left: () => void,
  ) {
    this.timers.add(board.follow(tcpIp.rawEnded, () => this.reconnectSoon()));
    if (!this.link) this.reconnectSoon();
  }

  take(bytes: Uint8Array): number {
    this.pending.push(bytes.slice());
    this.burst = this.burst.length + bytes.length <= 3 ? this.burst + textOf(bytes) : 'data';
    this.quiet?.unsubscribe();
    this.quiet = this.board.after(guard, () => this.silent());
    const interval = this.board.get('transInterval');
    if (this.pending.length >= this.board.profile.limits.packet || (interval === 0 && !this.mayEscape)) this.flush();
    else this.flushing ??= this.board.after(interval, () => {
      this.flushing = undefined;
      // What may still become the escape waits for its own quiet.
      if (!this.mayEscape) this.flush();
    });
    return bytes.length;
  }

  stop(): void {
    this.over = true;
    this.timers.unsubscribe();
    this.quiet?.unsubscribe();
    this.flushing?.unsubscribe();
    this.board.holdInput(false);
  }

  /** The burst so far is one to three plus signs. */
  private get mayEscape(): boolean {
    return this.burst !== '' && '+++'.startsWith(this.burst);
  }

  private get link(): Link | undefined {
    return this.tcpIp.link(this.request.id);
  }

  /** 20 ms without a byte: the escape, or the end of a burst. */
  private silent(): void {
    if (this.board.receiving()) {
      this.quiet = this.board.after(1, () => this.silent());
      return;
    }
    const escape = this.burst === '+++';
    this.burst = '';
    if (escape) {
      const data = this.pending.take(this.pending.length - 3);
      this.pending.clear();
      this.outgoing.push(data);
      this.deliver();
      this.stop();
      this.left();
    } else if (!this.flushing) this.flush();
  }

  private flush(): void {
    this.flushing?.unsubscribe();
    this.flushing = undefined;
    this.outgoing.push(this.pending.take(this.pending.length));
    this.deliver();
  }

  private deliver(): void {
    const link = this.link;
    // The receive buffer is full while the peer takes nothing: the line is held, or overruns.
    this.board.holdInput(this.outgoing.length >= this.board.profile.limits.uart);
    if (this.sending || !link || this.outgoing.length === 0) return;
    this.sending = true;
    const bytes = this.outgoing.take(this.board.profile.limits.packet);
    this.board.follow(link.write(bytes, 0), () => {
      this.board.after(0, () => {
        this.sending = false;
        this.deliver();
      });
    });
  }

  private reconnectSoon(): void {
    if (this.over) return;
    this.timers.add(this.board.after(this.board.get('reconnectInterval') * 100, () => this.reconnect()));
  }

  private reconnect(): void {
    if (this.over || this.link) return;
    if (!this.ready()) return this.reconnectSoon();
    this.timers.add(
      this.board.keep(
        this.tcpIp.connect(this.request).subscribe({
          next: (channel) => {
            const { id, type } = this.request;
            this.tcpIp.adopt(new Link(this.board, this.tcpIp, id, type, false, channel, this.shownPort ?? channel.localPort), false);
            this.deliver();
          },
          error: () => this.reconnectSoon(),
        }),
      ),
    );
  }
}
