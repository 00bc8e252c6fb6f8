import type { Board } from '../board.js';
import type { Visitor, World } from './world.js';

/** A station on the module's access point. */
export interface Guest { readonly mac: string; readonly ip: string }

/** SoftAP mode: who is connected, and which addresses they have. */
export class SoftAp {
  private list: Guest[] = [];

  constructor(private readonly board: Board, world: World, private readonly tell: (line: string) => void) {
    board.follow(world.changes, (event) => {
      if (event.kind === 'visit') this.visit(event.visitor);
      if (event.kind === 'leave') this.drop(event.mac);
    });
  }

  get guests(): readonly Guest[] {
    return this.list;
  }

  get on(): boolean {
    return this.board.get('wifiOn') && (this.board.get('wifiMode') & 2) !== 0;
  }

  /** The name shown: the set one, or the one made of the MAC's tail. */
  get ssid(): string {
    return this.board.get('softAp').ssid || `ESP_${this.board.get('softApMac').slice(9).replace(/:/g, '').toUpperCase()}`;
  }

  /** Disconnects one station, or all. */
  drop(mac?: string): void {
    const gone = this.list.filter((guest) => mac === undefined || guest.mac === mac);
    this.list = this.list.filter((guest) => !gone.includes(guest));
    for (const guest of gone) this.say(`+STA_DISCONNECTED:"${guest.mac}"\r\n`);
  }

  /** The access point went away: nobody is told one by one. */
  clear(): void {
    this.list = [];
  }

  private say(line: string): void {
    if (this.board.profile.style.stationsSaid) this.tell(line);
  }

  private visit(visitor: Visitor): void {
    const mac = visitor.mac.toLowerCase();
    const { password, stations, encryption } = this.board.get('softAp');
    if (!this.on || this.list.length >= stations || this.list.some((guest) => guest.mac === mac)) return;
    if (encryption !== 0 && password !== (visitor.password ?? '')) return;
    this.list.push({ mac, ip: '0.0.0.0' });
    this.say(`+STA_CONNECTED:"${mac}"\r\n`);
    if (visitor.ip === null || (this.board.get('dhcp') & 2) === 0) return;
    this.board.after(this.board.timing.dhcp, () => {
      const ip = visitor.ip ?? this.freeAddress();
      if (!this.list.some((guest) => guest.mac === mac)) return;
      this.list = this.list.map((guest) => (guest.mac === mac ? { mac, ip } : guest));
      this.say(`+DIST_STA_IP:"${mac}","${ip}"\r\n`);
    });
  }

  private freeAddress(): string {
    const [, first] = this.board.get('leases');
    const parts = first.split('.').map(Number);
    const head = parts.slice(0, 3).join('.');
    for (let last = parts[3] ?? 2; last < 255; last += 1) {
      const ip = `${head}.${last}`;
      if (!this.list.some((guest) => guest.ip === ip)) return ip;
    }
    return first;
  }
}
