import { Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { RawPhase } from '../rawPhase.js';
import { Link } from './link.js';
import type { OpenRequest } from './openRequest.js';
import type { TcpIp } from './tcpIp.js';

/** Passthrough: bytes go to the peer of a link; a lost link is opened again, silently. That of a server waits for the next client. */
export class Passthrough extends RawPhase {
  private readonly timers = new Subscription();

  constructor(
    board: Board,
    private readonly tcpIp: TcpIp,
    /** How the link is opened again. */
    private readonly request: OpenRequest & { readonly server?: boolean },
    /** Which port AT+CIPSTATUS shows: 0 for a link of AT+SAVETRANSLINK. */
    private readonly shownPort: number | undefined,
    private readonly ready: () => boolean,
    left: () => void,
  ) {
    super(board, left);
    this.timers.add(board.follow(tcpIp.rawEnded, () => this.reconnectSoon()));
    this.timers.add(board.follow(tcpIp.rawBegun, () => this.deliver()));
    if (!this.link) this.reconnectSoon();
  }

  override stop(): void {
    super.stop();
    this.timers.unsubscribe();
  }

  protected deliver(): void {
    const { link } = this;
    this.guardInput();
    if (link) this.forward((bytes) => link.write(bytes, 0));
  }

  private get link(): Link | undefined {
    return this.tcpIp.link(this.request.id);
  }

  private reconnectSoon(): void {
    if (this.timers.closed || this.request.server === true) return;
    this.timers.add(this.board.after(this.board.get('reconnectInterval') * 100, () => this.reconnect()));
  }

  private reconnect(): void {
    if (this.timers.closed || this.link) return;
    if (!this.ready()) return this.reconnectSoon();
    this.timers.add(
      this.board.keep(
        this.tcpIp.dialler.connect(this.request).subscribe({
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
