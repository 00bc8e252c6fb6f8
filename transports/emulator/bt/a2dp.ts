import { map, Observable } from 'rxjs';
import type { AudioControl, AudioEvent } from './audioEvent.js';
import type { ClassicLink } from './classicLink.js';
import type { A2dpPeer, A2dpRole, ClassicPeer, Need, ProfileHost } from './peer.js';
import { Playback, type AudioSource } from './playback.js';

/** The stack asks for a key whatever the host says. */
const need: Need = { bonded: true, authenticated: false, digits: 0, modern: false };

/** Bytes of a command between the two. */
const word = 12;

/** The audio profile: one connection, as its source or its sink. */
export class A2dp implements A2dpPeer {
  private is: A2dpRole | undefined;
  /** AT+BTA2DPSRC; byte-characters. */
  url: string | undefined;
  private playback: Playback | undefined;
  private link: ClassicLink<A2dpPeer> | undefined;
  private remote: string | undefined;
  private connecting = false;

  constructor(
    private readonly host: ProfileHost,
    /** Opens what AT+BTA2DPSRC names; undefined where there is no such thing. */
    private readonly source: (url: string) => AudioSource | undefined,
  ) {}

  get role(): A2dpRole | undefined {
    return this.is;
  }

  /** The other side's address while there is one. */
  get connection(): string | undefined {
    return this.remote;
  }

  get busy(): boolean {
    return this.connecting || this.link !== undefined;
  }

  start(role: A2dpRole): void {
    this.is = role;
  }

  stop(): void {
    this.link?.cut();
    this.is = undefined;
    this.url = undefined;
  }

  /** Cold. AT+BTA2DPCONN: emits whether there is a connection; completes. */
  connect(address: string): Observable<boolean> {
    return new Observable((subscriber) => {
      this.connecting = true;
      subscriber.add(() => (this.connecting = false));
      const takes = ({ a2dp }: ClassicPeer): boolean => a2dp.role !== undefined && a2dp.role !== this.is && !a2dp.busy;
      return this.host.reach(address, need, takes).pipe(map((remote) => remote !== undefined && this.join(remote))).subscribe(subscriber);
    });
  }

  disconnect(): void {
    this.link?.close();
  }

  /** A source plays, stops or suspends: false where it has nothing to play. */
  direct(control: 'play' | 'stop' | 'suspend'): boolean {
    if (control === 'play') {
      const opened = this.playback ? undefined : this.open();
      if (!this.playback && !opened) return false;
      this.playback ??= opened;
      if (this.playback?.playing === false) {
        this.playback.play();
        this.both({ kind: 'playing' });
      }
    } else if (control === 'suspend') {
      if (this.playback?.playing === true) {
        this.playback.suspend();
        this.both({ kind: 'suspended' });
      }
    } else this.end();
    return true;
  }

  /** A sink sends what its buttons mean. */
  remotely(control: AudioControl): void {
    this.link?.tell(this, word, (end) => end.controlled(control));
  }

  closed(): void {
    this.playback?.stop();
    this.playback = undefined;
    const { remote, host } = this;
    this.link = undefined;
    this.remote = undefined;
    host.board.say(`+BTA2DPDISCONN:0,"${remote ?? ''}"\r\n`);
  }

  private join(remote: ClassicPeer): boolean {
    if (this.is === undefined) return false;
    const link = this.host.join<A2dpPeer>(this, remote, remote.a2dp);
    this.opened(link, remote.address);
    remote.a2dp.opened(link, this.host.address);
    return true;
  }

  opened(link: ClassicLink<A2dpPeer>, remote: string): void {
    this.link = link;
    this.remote = remote;
    this.host.board.say(`+BTA2DPCONN:0,"${remote}"\r\n`);
  }

  controlled(control: AudioControl): void {
    this.tell({ kind: 'control', control });
    if (control === 'play' || control === 'stop') this.direct(control);
  }

  private open(): Playback | undefined {
    const music = this.url === undefined ? undefined : this.source(this.url);
    return music && new Playback(
      this.host.board,
      music,
      (bytes) => this.link?.tell(this, bytes.length, (end) => end.tell({ kind: 'data', bytes })),
      () => this.end(),
    );
  }

  private end(): void {
    if (!this.playback) return;
    this.playback.stop();
    this.playback = undefined;
    this.both({ kind: 'stopped' });
  }

  /** The state of the stream, known here now and there in a moment. */
  private both(event: AudioEvent): void {
    this.tell(event);
    this.link?.tell(this, word, (end) => end.tell(event));
  }

  tell(event: AudioEvent): void {
    this.host.sound(event);
  }
}
