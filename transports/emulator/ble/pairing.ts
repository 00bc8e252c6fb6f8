import type { BluetoothHost } from './bluetoothHost.js';
import type { BleLink, BlePeer, PairingStep } from './peer.js';

/** How two sides find a key. */
type Method = 'none' | 'compare' | 'central shows' | 'peripheral shows' | 'both type';

/** One pairing while it goes on, known to both sides. */
interface Process { key: number; method: Method; readonly asked: BlePeer; answers: Map<BlePeer, number>; accepted: boolean; readonly mustProtect: boolean; since: number }

/** Silence after which a pairing has failed, in milliseconds: the core specification's. */
const patience = 30_000;

const running = new WeakMap<BleLink, Process>();
const shows = (capability: number): boolean => capability === 0 || capability === 1 || capability === 4;
const types = (capability: number): boolean => capability === 2 || capability === 4;

/** The association model of the core specification, from what both sides can do. */
const methodOf = (central: BlePeer, peripheral: BlePeer): Method => {
  const [c, p] = [central.security, peripheral.security];
  if (((c.auth | p.auth) & 4) === 0) return 'none';
  const secure = (c.auth & p.auth & 8) !== 0;
  if (secure && [c, p].every(({ capability }) => capability === 1 || capability === 4)) return 'compare';
  if (c.capability === 2 && p.capability === 2) return 'both type';
  if (shows(c.capability) && types(p.capability)) return 'central shows';
  return types(c.capability) && shows(p.capability) ? 'peripheral shows' : 'none';
};

/** Pairing as one module takes part in it: its events, and what AT+BLEENC and its answers set going. */
export class Pairing {
  constructor(private readonly board: BluetoothHost, private readonly indexOf: (link: BleLink) => number, private readonly me: BlePeer) {}

  /** Addresses of the bonded peers. */
  get bonds(): readonly string[] {
    return this.board.get('bleBonds');
  }

  set bonds(addresses: readonly string[]) {
    this.board.set('bleBonds', addresses);
  }

  /** AT+BLEENC: asks the other side. */
  ask(link: BleLink, mustProtect: boolean): void {
    link.tell(this.me, 2, (peer) => {
      const process: Process = { key: 0, method: 'none', asked: peer, answers: new Map(), accepted: false, mustProtect, since: this.board.now() };
      running.set(link, process);
      this.watch(link, process, patience);
      peer.pairing(link, { kind: 'request' });
    });
  }

  /** AT+BLEENCRSP: false where nothing was asked. */
  answer(link: BleLink, accepted: boolean): boolean {
    const process = running.get(link);
    if (!process || process.asked !== this.me || process.accepted) return false;
    process.accepted = accepted;
    process.since = this.board.now();
    link.tell(this.me, 7, (peer) => {
      if (!accepted) return this.end(link, peer, false);
      const [central, peripheral] = link.isCentral(this.me) ? [this.me, peer] : [peer, this.me];
      process.method = methodOf(central, peripheral);
      const shower = process.method === 'peripheral shows' ? peripheral : central;
      process.key = shower.staticKey ?? Math.floor(this.board.random() * 1_000_000);
      const step = (side: BlePeer, kind: 'show' | 'compare' | 'type'): void => side.pairing(link, kind === 'type' ? { kind } : { kind, key: process.key });
      switch (process.method) {
        case 'none':
          return this.end(link, peer, !process.mustProtect);
        case 'compare':
          step(central, 'compare');
          return step(peripheral, 'compare');
        case 'both type':
          step(central, 'type');
          return step(peripheral, 'type');
        default:
          step(shower, 'show');
          return step(shower === central ? peripheral : central, 'type');
      }
    });
    return true;
  }

  /** AT+BLEKEYREPLY and AT+BLECONFREPLY: false where it was not this side's turn. */
  reply(link: BleLink, value: number, compared: boolean): boolean {
    const process = running.get(link);
    if (!process?.accepted || process.answers.has(this.me) || (process.method === 'compare') !== compared) return false;
    const central = link.isCentral(this.me);
    if (process.method === 'none' || process.method === (central ? 'central shows' : 'peripheral shows')) return false;
    process.answers.set(this.me, value);
    process.since = this.board.now();
    link.tell(this.me, 16, (peer) => {
      if (running.get(link) !== process) return;
      const values = [...process.answers.values()];
      if (process.method === 'compare') {
        if (values.includes(0)) this.end(link, peer, false);
        else if (values.length === 2) this.end(link, peer, true);
      } else if (process.method === 'both type') {
        if (values.length === 2) this.end(link, peer, values[0] === values[1]);
      } else this.end(link, peer, value === process.key);
    });
    return true;
  }

  /** What the other side, or the end of it, brings. */
  step(link: BleLink, step: PairingStep): void {
    const index = this.indexOf(link);
    if (index < 0) return;
    switch (step.kind) {
      case 'request':
        return this.board.say(`+BLESECREQ:${index}\r\n`);
      case 'type':
        return this.board.say(`+BLESECKEYREQ:${index}\r\n`);
      case 'show': {
        const digits = this.board.profile.release < 20 ? `${step.key}` : `${step.key}`.padStart(6, '0');
        return this.board.say(`+BLESECNTFYKEY:${index},${digits}\r\n`);
      }
      case 'compare':
        return this.board.say(`+BLESECNCREQ:${index},${step.key}\r\n`);
      case 'done': {
        if (step.good) for (const bit of [1, 2, 4]) if ((step.keys & bit) !== 0) this.board.say(`+BLESECKEYTYPE:${index},${bit}\r\n`);
        this.board.say(`+BLEAUTHCMPL:${index},${step.good ? 0 : 1}\r\n`);
        const address = link.peerOf(this.me);
        if (step.bonded && !this.bonds.includes(address)) this.bonds = [...this.bonds, address];
        if (!step.good && this.me.security.option === 1) link.close();
      }
    }
  }

  private watch(link: BleLink, process: Process, ms: number): void {
    this.board.after(ms, () => {
      if (running.get(link) !== process) return;
      const quiet = this.board.now() - process.since;
      if (quiet < patience) this.watch(link, process, patience - quiet);
      else link.tell(this.me, 2, (peer) => this.end(link, peer, false));
    });
  }

  private end(link: BleLink, peer: BlePeer, good: boolean): void {
    running.delete(link);
    const bonded = good && (this.me.security.auth & peer.security.auth & 1) === 1;
    const keys = bonded ? this.me.security.initiatorKeys & peer.security.initiatorKeys & 7 : 0;
    for (const side of [this.me, peer]) side.pairing(link, { kind: 'done', good, bonded, keys });
  }
}
