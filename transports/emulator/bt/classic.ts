import { defaultIfEmpty, map, mergeMap, Observable, of, Subject, Subscription, take, takeUntil } from 'rxjs';
import type { BluetoothHost } from '../ble/bluetoothHost.js';
import { A2dp } from './a2dp.js';
import type { Bond } from './btSettings.js';
import type { AudioEvent } from './audioEvent.js';
import type { ClassicAir, Found } from './classicAir.js';
import type { ClassicLink, LinkEnd, Side } from './classicLink.js';
import { pair } from './classicPairing.js';
import type { ClassicRadio } from './classicRadio.js';
import type { BtSecurity, ClassicPeer, DeviceClass, Need, ProfileHost } from './peer.js';
import type { AudioSource } from './playback.js';
import { Spp } from './spp.js';

/** What a pairing can ask of the host. */
export type Question = 'confirm' | 'key' | 'pin';

/** Classic Bluetooth of one boot of the module. */
export class Classic implements ClassicPeer, ProfileHost {
  /** AT+BTSCANMODE: 0 neither, 1 connectable, 2 both, 3 discoverable. */
  scanMode = 0;
  deviceClass: DeviceClass | undefined;
  security: BtSecurity = { capability: 3, pin: undefined };
  /** A pairing is under way. */
  pairing = false;
  readonly spp: Spp;
  readonly a2dp: A2dp;
  private readonly stopped = new Subject<void>();
  private readonly askingSubject = new Subject<void>();
  private question: { readonly kind: Question; readonly replies: Subject<string> } | undefined;

  constructor(readonly board: BluetoothHost, private readonly air: ClassicAir, private readonly radio: ClassicRadio, open: (url: string) => AudioSource | undefined) {
    this.spp = new Spp(this);
    this.a2dp = new A2dp(this, open);
  }

  /** AT+BTINIT=1 is in force, in this boot. */
  get on(): boolean {
    return this.radio.peer === this;
  }

  get address(): string {
    return this.radio.address;
  }

  get name(): string {
    return this.board.get('btName');
  }

  get simplePairing(): boolean {
    return this.radio.simplePairing;
  }

  get discoverable(): boolean {
    return this.scanMode >= 2;
  }

  get connectable(): boolean {
    return this.scanMode === 1 || this.scanMode === 2;
  }

  get bonds(): readonly Bond[] {
    return this.board.get('btBonds');
  }

  set bonds(bonds: readonly Bond[]) {
    this.board.set('btBonds', bonds);
  }

  bondWith(address: string): Bond | undefined {
    return this.bonds.find((bond) => bond.address === address);
  }

  side<E extends LinkEnd>(end: E): Side<E> {
    return { radio: this.radio, owner: this, end };
  }

  join<E extends LinkEnd>(mine: E, remote: ClassicPeer, theirs: E): ClassicLink<E> {
    return this.air.join([this.side(mine), remote.side(theirs)]);
  }

  sound(event: AudioEvent): void {
    this.radio.sound(event);
  }

  /** A key was agreed on. */
  keep(bond: Bond): void {
    this.bonds = [...this.bonds.filter(({ address }) => address !== bond.address), bond];
  }

  /** Hot: the host is about to be asked something. */
  get asking(): Observable<void> {
    return this.askingSubject;
  }

  /** AT+BTINIT. */
  start(): void {
    if (this.on) return;
    this.radio.peer = this;
    this.board.keep(new Subscription(() => this.radio.off()));
  }

  stop(): void {
    if (!this.on) return;
    this.spp.stop();
    this.a2dp.stop();
    this.scanMode = 0;
    this.stopped.next();
    this.radio.off();
  }

  /** Cold. AT+BTSTARTDISC: who is heard in `ms`, at most `most` answers where it is not 0. */
  discover(limited: boolean, ms: number, most: number): Observable<Found> {
    const found = this.air.inquire(this.radio, limited, ms, this.board.random).pipe(takeUntil(this.stopped));
    return most === 0 ? found : found.pipe(take(most));
  }

  reach(address: string, need: Need, wanted: (remote: ClassicPeer) => boolean): Observable<ClassicPeer | undefined> {
    return this.air.page(this.radio, address, this.board.random).pipe(
      mergeMap((radio) => {
        const remote = radio?.peer;
        if (!remote || !wanted(remote)) return of(undefined);
        return this.secure(remote, need).pipe(map((good) => (good && remote.on && wanted(remote) ? remote : undefined)));
      }),
      takeUntil(this.stopped),
      defaultIfEmpty(undefined),
    );
  }

  /** AT+BTSECCFM, AT+BTKEYREPLY, AT+BTPINREPLY: false where nothing of the kind was asked. */
  reply(kind: Question, value: string): boolean {
    const { question } = this;
    if (question?.kind !== kind) return false;
    this.question = undefined;
    // The air has it after the OK.
    this.board.after(5, () => question.replies.next(value));
    return true;
  }

  /** Cold. A number to compare. 2.0 does not print it. */
  askConfirmation(from: string, key: number): Observable<boolean> {
    const line = this.board.profile.release < 21 ? `+BTCFMREQ:${from}` : `+BTCFMREQ:"${from}",${key}`;
    return this.ask('confirm', line).pipe(map((reply) => reply === '1'));
  }

  /** Cold. A passkey to type in. */
  askKey(from: string): Observable<number> {
    return this.ask('key', `+BTKEYREQ:${this.shown(from)}`).pipe(map((reply) => Number(reply)));
  }

  /** Cold. The fixed PIN, or what the host says. */
  givePin(from: string): Observable<string> {
    return this.security.pin === undefined ? this.ask('pin', `+BTPINREQ:${this.shown(from)}`) : of(this.security.pin);
  }

  /** A passkey for the other side. */
  showKey(key: number): void {
    this.board.print(`+BTKEYNTF:0,${key}\r\n`);
  }

  /** An address as 2.0 prints it in questions, and as releases since 2.1 do. */
  private shown(address: string): string {
    return this.board.profile.release < 21 ? address : `"${address}"`;
  }

  private ask(kind: Question, line: string): Observable<string> {
    return new Observable((subscriber) => {
      const question = { kind, replies: new Subject<string>() };
      subscriber.add(question.replies.pipe(take(1)).subscribe(subscriber));
      this.question = question;
      this.askingSubject.next();
      this.board.print(`${line}\r\n`);
      return () => {
        if (this.question === question) this.question = undefined;
      };
    });
  }

  private secure(remote: ClassicPeer, need: Need): Observable<boolean> {
    const [mine, theirs] = [this.bondWith(remote.address), remote.bondWith(this.address)];
    if (!need.bonded || (mine && theirs && (!need.authenticated || mine.authenticated))) return of(true);
    return pair(this, remote, need, this.air.scheduler, this.board.random).pipe(map(({ good }) => good));
  }
}
