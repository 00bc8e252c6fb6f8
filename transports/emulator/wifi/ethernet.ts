import type { Board } from '../board.js';
import type { IpSettings } from '../settings.js';
import type { World } from './world.js';

/** The Ethernet interface of builds that have one: follows the cable. */
export class Ethernet {
  address: IpSettings | undefined;

  constructor(private readonly board: Board, world: World) {
    if (!board.profile.groups.has('ethernet')) return;
    board.follow(world.changes, (event) => {
      if (event.kind !== 'cable') return;
      if (event.plugged) this.up(event.lease);
      else this.down();
    });
  }

  get online(): boolean {
    return this.address !== undefined;
  }

  private up(lease: IpSettings): void {
    this.board.print('+ETH_CONNECTED\r\n');
    this.board.after(this.board.timing.dhcp, () => {
      const { ip, gateway, netmask } = this.board.get('ethernetIp') ?? lease;
      this.address = { ip, gateway, netmask };
      this.board.print(`+ETH_GOT_IP:${ip}\r\n`);
    });
  }

  private down(): void {
    this.address = undefined;
    this.board.print('+ETH_DISCONNECTED\r\n');
  }
}
