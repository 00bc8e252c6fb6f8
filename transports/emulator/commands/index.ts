import type { Row } from '../device.js';
import type { Profile } from '../profiles/profile.js';
import { addresses } from './addresses.js';
import { basic } from './basic.js';
import { links } from './links.js';
import { naming } from './names.js';
import { pending } from './pending.js';
import { provisioning } from './provisioning.js';
import { receiving } from './receive.js';
import { scanning } from './scan.js';
import { sending } from './send.js';
import { serving } from './server.js';
import { softAp } from './softAp.js';
import { ssl } from './ssl.js';
import { station } from './station.js';
import { system } from './system.js';
import { transLink } from './transLink.js';
import { uart } from './uart.js';

/** Later rows of a name replace earlier ones. */
const all: readonly Row[] = [
  ...pending, ...basic, ...system, ...uart, ...station, ...scanning, ...softAp, ...addresses, ...links, ...sending, ...receiving, ...serving,
  ...transLink, ...naming, ...ssl, ...provisioning,
];

/** The commands of a build by name, in the order in which AT+CMD? lists them. */
export const commandTable = (profile: Profile): ReadonlyMap<string, Row> => {
  const known = all.filter(
    ({ group, since, until }) => profile.groups.has(group) && profile.release >= (since ?? 0) && profile.release <= (until ?? Infinity),
  );
  const byName = new Map(known.map((row) => [row.name, row]));
  const place = new Map(profile.commandOrder.map((name, index) => [name.startsWith('AT') ? name.slice(2) : name, index]));
  const at = ({ name }: Row): number => place.get(name) ?? place.size;
  return new Map([...byName.values()].sort((a, b) => at(a) - at(b)).map((row) => [row.name, row]));
};
