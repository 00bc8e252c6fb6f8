import { delay, map, mergeMap, NEVER, Observable, of, Subject, throwError, timer, type SchedulerLike } from 'rxjs';
import {
  NetworkError, type ConnectOptions, type DatagramSocket, type Network, type NetworkEndpoint, type NetworkServer, type NetworkSocket,
} from 'rx-esp-at/emulator';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** One TCP connection as the scripted peer drives it: segments of 1440 bytes, at most 5744 bytes unread. */
export class ScriptedSocket implements NetworkSocket {
  private readonly segments = new Subject<Uint8Array>();
  private early: Uint8Array[] = [];
  private queue: Uint8Array[] = [];
  private flight = 0;
  private closing = false;
  private subscribed = false;
  private pumping = false;
  /** What the module sent, one character per byte. */
  received = '';
  ended = false;
  readonly writable = new Subject<void>();
  /** Bytes the socket takes at once; unlimited unless a script narrows it. */
  room = Infinity;

  constructor(
    private readonly scheduler: SchedulerLike,
    readonly remote: NetworkEndpoint,
    readonly localPort: number,
    private readonly echo: (data: string) => string,
    private readonly segment: number,
    private readonly firstGap: number,
  ) {}

  readonly incoming = new Observable<Uint8Array>((subscriber) => {
    this.subscribed = true;
    const subscription = this.segments.subscribe(subscriber);
    for (const bytes of this.early.splice(0)) subscriber.next(bytes);
    return subscription;
  });

  /** Bytes the peer has not been able to send yet. */
  get waiting(): number {
    return this.queue.reduce((sum, { length }) => sum + length, 0);
  }

  /** The peer sends. */
  say(text: string): void {
    for (let at = 0; at < text.length; at += this.segment) this.queue.push(bytesOf(text.slice(at, at + this.segment)));
    this.pump(this.firstGap);
  }

  /** The peer closes after what it said; in the same instant as the last segment. */
  close(): void {
    this.closing = true;
    this.pump(0);
  }

  consumed(bytes: number): void {
    this.flight -= bytes;
    this.scheduler.schedule(() => this.pump(0), 1);
  }

  send(bytes: Uint8Array): number {
    if (this.ended) return 0;
    const count = Math.min(bytes.length, this.room);
    this.room -= count;
    const text = textOf(bytes.subarray(0, count));
    this.received += text;
    const answer = this.echo(text);
    if (answer) this.scheduler.schedule(() => this.say(answer), 5);
    return count;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.ended = true;
  }

  private pump(gap: number): void {
    if (this.pumping) return;
    const next = this.queue[0];
    if (next && this.flight + next.length <= 5744) {
      // A last short segment waits until the full ones before it are acknowledged.
      const hasty = next.length === this.segment || this.flight === 0 || gap < 0;
      if (!hasty) {
        this.pumping = true;
        this.scheduler.schedule(() => {
          this.pumping = false;
          this.pump(-1);
        }, 5);
        return;
      }
      this.queue.shift();
      this.flight += next.length;
      if (this.subscribed) this.segments.next(next);
      else this.early.push(next);
      if (gap > 0 && this.queue.length > 0) {
        this.pumping = true;
        this.scheduler.schedule(() => {
          this.pumping = false;
          this.pump(gap);
        }, gap);
      } else this.pump(gap);
    } else if (!next && this.closing) this.segments.complete();
  }
}

/** How the scripted world answers. */
export interface ScriptedOptions {
  readonly scheduler: SchedulerLike;
  /** Ports of 192.168.4.2 that refuse. */
  readonly refused?: readonly number[];
  /** Ports of 192.168.4.2 that never answer. */
  readonly silent?: readonly number[];
  /** Ports of 192.168.4.2 that do not speak TLS. */
  readonly plain?: readonly number[];
  readonly echo?: (data: string, port: number) => string;
  readonly segment?: number;
  readonly firstGap?: number;
  readonly names?: Readonly<Record<string, string>>;
  readonly alive?: readonly string[];
  readonly time?: number;
}

/** A small network for replays: one peer at 192.168.4.2 whose moves the spec makes. */
export class ScriptedNetwork implements Network {
  readonly sockets: ScriptedSocket[] = [];
  /** One per UDP socket: lets the peer say something by itself. */
  readonly datagrams: ((text: string) => void)[] = [];
  /** Every connection that was asked for. */
  readonly asked: ConnectOptions[] = [];
  private readonly servers = new Map<number, Subject<NetworkSocket>>();
  private port = 53000;
  time: number | undefined;

  constructor(private readonly options: ScriptedOptions) {
    this.time = options.time;
  }

  get last(): ScriptedSocket {
    const socket = this.sockets[this.sockets.length - 1];
    if (!socket) throw new Error('nobody is connected');
    return socket;
  }

  connect(options: ConnectOptions): Observable<NetworkSocket> {
    const { host, port, tls } = options;
    this.asked.push(options);
    return timer(5, this.options.scheduler).pipe(
      mergeMap(() => {
        if (host !== '192.168.4.2' || this.options.refused?.includes(port)) return throwError(() => new NetworkError('refused'));
        if (this.options.silent?.includes(port)) return NEVER;
        if (tls && this.options.plain?.includes(port)) return throwError(() => new NetworkError('tls'));
        return of(this.make({ address: host, port }, (this.port += 1)));
      }),
    );
  }

  /** A client comes to a server of the module; undefined when nobody listens. */
  client(port: number): ScriptedSocket | undefined {
    const server = this.servers.get(port);
    if (!server) return undefined;
    const socket = this.make({ address: '192.168.4.2', port: (this.port += 1) }, port);
    server.next(socket);
    return socket;
  }

  datagram({ localPort }: { readonly localPort?: number }): Observable<DatagramSocket> {
    const { scheduler, echo } = this.options;
    const incoming = new Subject<{ bytes: Uint8Array; remote: NetworkEndpoint }>();
    const socket: DatagramSocket = {
      localPort: localPort ?? (this.port += 1),
      incoming,
      send: (bytes, remote) => {
        const answer = (echo ?? ((data) => (data.startsWith('ECHO') ? data : '')))(textOf(bytes), remote.port);
        if (answer) scheduler.schedule(() => incoming.next({ bytes: bytesOf(answer), remote }), 5);
      },
      close: () => incoming.complete(),
    };
    this.datagrams.push((text) => incoming.next({ bytes: bytesOf(text), remote: { address: '192.168.4.2', port: 2000 } }));
    return of(socket).pipe(delay(1, scheduler));
  }

  listen({ port }: { readonly port: number }): Observable<NetworkServer> {
    return timer(1, this.options.scheduler).pipe(
      map(() => {
        const connections = new Subject<NetworkSocket>();
        this.servers.set(port, connections);
        return { port, connections, close: () => this.servers.delete(port) };
      }),
    );
  }

  resolve(host: string): Observable<string> {
    const address = this.options.names?.[host];
    return address === undefined
      ? timer(20, this.options.scheduler).pipe(mergeMap(() => throwError(() => new NetworkError('not-found'))))
      : of(address).pipe(delay(2, this.options.scheduler));
  }

  ping(host: string): Observable<number> {
    return timer(1000, this.options.scheduler).pipe(
      mergeMap(() => (this.options.alive?.includes(host) ? of(11) : throwError(() => new NetworkError('timeout')))),
    );
  }

  now(): Observable<number> {
    return this.time === undefined ? NEVER : of(this.time).pipe(delay(2, this.options.scheduler));
  }

  private make(remote: NetworkEndpoint, localPort: number): ScriptedSocket {
    const { scheduler, echo, segment = 1440, firstGap = 5 } = this.options;
    const answer = (data: string): string => (echo ? echo(data, remote.port) : data.startsWith('ECHO') ? data : '');
    const socket = new ScriptedSocket(scheduler, remote, localPort, answer, segment, firstGap);
    this.sockets.push(socket);
    return socket;
  }
}
