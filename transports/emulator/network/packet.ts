/** What travels between two ends. Byte counts are absolute: `received` since the start, `edge` up to where the other end may send. */
export type Packet =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'ack'; readonly received: number; readonly edge: number }
  | { readonly kind: 'fin' | 'rst' | 'open' };

/** The way to the other end. */
export interface PacketLine {
  put(packet: Packet): void;
  /** Loses what is under way. */
  clear(): void;
}
