import { ByteQueue } from '../byteQueue.js';
import type { NetworkEndpoint } from '../network/network.js';
import type { Channel } from './channel.js';

/** Bytes of a peer. */
export interface Received { readonly bytes: Uint8Array; readonly remote: NetworkEndpoint }

/** What came through a channel and was neither read nor printed: a stream of bytes, or datagrams with their boundaries. */
export class ReceiveBuffer {
  private readonly stream = new ByteQueue();
  private readonly datagrams: Received[] = [];
  private buffered = 0;

  constructor(private readonly channel: Channel) {}

  /** Bytes held. */
  get length(): number {
    return this.buffered;
  }

  store({ bytes, remote }: Received): void {
    this.buffered += bytes.length;
    if (this.channel.datagrams) this.datagrams.push({ bytes, remote });
    else this.stream.push(bytes);
  }

  /**
   * At most `max` bytes, `across` segments or datagrams, or of one of them at most; of datagrams the sender of the last, whose rest is lost. Never
   * called while nothing is held.
   */
  take(max: number, across: boolean): Received {
    if (this.channel.datagrams) return this.takeDatagrams(max, across);
    const bytes = this.stream.take(max, across);
    this.buffered -= bytes.length;
    this.channel.consumed(bytes.length);
    return { bytes, remote: this.channel.remote };
  }

  /** So do 2.1 and a later release (issues 323, 451 and 994 of esp-at). */
  private takeDatagrams(max: number, across: boolean): Received {
    const taken = new ByteQueue();
    let { remote } = this.channel;
    do {
      const next = this.datagrams.shift() as Received;
      this.buffered -= next.bytes.length;
      taken.push(next.bytes);
      remote = next.remote;
    } while (across && taken.length < max && this.datagrams.length > 0);
    return { bytes: taken.take(max, true), remote };
  }
}
