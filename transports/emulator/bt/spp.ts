import { map, Observable } from 'rxjs';
import { textOf } from '../format.js';
import { RawPhase } from '../rawPhase.js';
import type { ClassicLink } from './classicLink.js';
import type { ClassicPeer, Need, ProfileHost, SppPeer } from './peer.js';
import { SppConnection } from './sppConnection.js';

/** AT+BTSPPINIT: 0 off, 1 master, 2 slave. */
export type SppRole = 0 | 1 | 2;

/** The serial port profile: one connection, as its master or its slave. */
export class Spp implements SppPeer {
  role: SppRole = 0;
  /** AT+BTSPPSTART: a slave takes connections. */
  serving = false;
  /** AT+BTSPPSEND is in force. */
  raw: SppRaw | undefined;
  private current: SppConnection | undefined;
  private connecting = false;

  constructor(private readonly host: ProfileHost) {}

  get connection(): SppConnection | undefined {
    return this.current;
  }

  /** A connection is open or on its way. */
  get busy(): boolean {
    return this.connecting || this.current !== undefined;
  }

  get waiting(): boolean {
    return this.role === 2 && this.serving && !this.busy;
  }

  stop(): void {
    this.role = 0;
    this.serving = false;
    this.current?.cut();
  }

  /** Cold. AT+BTSPPCONN: emits whether there is a connection; completes. */
  connect(address: string, need: Need): Observable<boolean> {
    return new Observable((subscriber) => {
      this.connecting = true;
      subscriber.add(() => (this.connecting = false));
      return this.host.reach(address, need, ({ spp }) => spp.waiting).pipe(map((remote) => remote !== undefined && this.join(remote))).subscribe(subscriber);
    });
  }

  adopt(address: string): SppConnection {
    const { board } = this.host;
    return new SppConnection(board, address, (bytes) => this.received(bytes), () => {
      this.current = undefined;
      board.say(`+BTSPPDISCONN:0,"${address}"\r\n`);
    });
  }

  opened(connection: SppConnection, link: ClassicLink<SppConnection>): void {
    this.current = connection;
    connection.open(link);
    // The master's command says it.
    if (this.role === 2) this.host.board.say(`+BTSPPCONN:0,"${connection.address}"\r\n`);
    this.raw?.resume();
  }

  private join(remote: ClassicPeer): boolean {
    if (this.role !== 1) return false;
    const [mine, theirs] = [this.adopt(remote.address), remote.spp.adopt(this.host.address)];
    const link = this.host.join(mine, remote, theirs);
    this.opened(mine, link);
    remote.spp.opened(theirs, link);
    return true;
  }

  private received(bytes: Uint8Array): void {
    const { board, on } = this.host;
    // What waited for the line to have room outlived a restart.
    if (!on) return;
    if (this.raw) board.printBytes(bytes);
    else board.print(`+BTDATA:${bytes.length},${textOf(bytes)}\r\n`);
  }
}

/** The raw phase of AT+BTSPPSEND. It outlives the connection: bytes wait for the next one, and are gone with the `+++`. */
export class SppRaw extends RawPhase {
  constructor(private readonly spp: Spp, board: ProfileHost['board'], left: () => void) {
    super(board, () => {
      spp.raw = undefined;
      left();
    });
    spp.raw = this;
  }

  /** There is a connection again. */
  resume(): void {
    this.deliver();
  }

  protected deliver(): void {
    const { connection } = this.spp;
    this.guardInput();
    if (connection) this.forward((bytes) => connection.write(bytes));
  }
}
