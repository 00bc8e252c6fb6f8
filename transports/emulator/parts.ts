import { Applications, type ApplicationPorts } from './applications/applications.js';
import type { Board } from './board.js';
import type { CalendarClock } from './clock.js';
import { Intake } from './intake.js';
import type { Network } from './network/network.js';
import { Sntp } from './tcpip/sntp.js';
import { TcpIp } from './tcpip/tcpIp.js';
import { Ethernet } from './wifi/ethernet.js';
import { Provisioning } from './wifi/provisioning.js';
import { SoftAp } from './wifi/softAp.js';
import { Station } from './wifi/station.js';
import type { World } from './wifi/world.js';

/** What each boot of the module makes anew. */
export interface Parts {
  readonly intake: Intake;
  readonly station: Station;
  readonly softAp: SoftAp;
  readonly tcpIp: TcpIp;
  readonly sntp: Sntp;
  readonly ethernet: Ethernet;
  readonly provisioning: Provisioning;
  readonly applications: Applications;
  /** Some interface has an address. */
  reachable(): boolean;
}

/** What parts need beside each other. */
export interface Surroundings extends Board {
  readonly calendar: CalendarClock;
  readonly network: Network;
  readonly ports: ApplicationPorts;
  readonly world: World;
  /** Bytes go through to a peer. */
  transparent(): boolean;
  say(line: string): void;
}

/** The parts of one boot, knowing each other. */
export const assemble = (machine: Surroundings): Parts => {
  const { network, ports, world, calendar, say } = machine;
  const reachable = (): boolean => station.online || softAp.on || ethernet.online;
  const intake = new Intake(machine);
  const station = new Station(machine, world, say);
  const softAp = new SoftAp(machine, world, say);
  const tcpIp = new TcpIp(machine, network, reachable, () => machine.transparent() && machine.get('mode') === 1);
  const ethernet = new Ethernet(machine, world);
  const sntp = new Sntp(machine, network, calendar, () => station.online || ethernet.online);
  const provisioning = new Provisioning(machine, world, station);
  const applications = new Applications(machine, ports, reachable, station.lost, provisioning);
  return { intake, station, softAp, tcpIp, sntp, ethernet, provisioning, applications, reachable };
};
