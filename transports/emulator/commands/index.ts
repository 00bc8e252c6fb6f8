import { handlerOf, type Form, type Handler, type Row } from '../device.js';
import type { Profile } from '../profiles/profile.js';
import { addresses } from './addresses.js';
import { basic } from './basic.js';
import { ble } from './ble.js';
import { bt } from './bt.js';
import { flash } from './flash.js';
import { http } from './http.js';
import { links } from './links.js';
import { mqtt } from './mqtt.js';
import { naming } from './names.js';
import { nonos } from './nonos.js';
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
import { updating } from './update.js';

/** Later rows of a name replace earlier ones. */
const all: readonly Row[] = [
  ...pending, ...basic, ...system, ...uart, ...station, ...scanning, ...softAp, ...addresses, ...links, ...sending, ...receiving, ...serving,
  ...transLink, ...nonos, ...naming, ...ssl, ...provisioning, ...updating, ...mqtt, ...http, ...flash, ...ble, ...bt,
];

/** A row as far as the build has it: without what it lacks. */
const built = (row: Row, { lacks }: Profile): readonly Row[] => {
  if (lacks.includes(row.name)) return [];
  const { query, set, ...rest } = row;
  return [{ ...rest, ...(query && !lacks.includes(`${row.name}?`) ? { query } : {}), ...(set && !lacks.includes(`${row.name}=`) ? { set } : {}) }];
};

const around = (form: Form | undefined, release: number, wrap: (handler: Handler) => Handler): Handler | undefined => {
  const handler = handlerOf(form, release);
  return handler && wrap(handler);
};

/** The same command as `_CUR`, which the flash never sees, and as `_DEF`, which shows and changes what it holds. */
const twice = (row: Row, release: number): readonly Row[] => {
  const { name, group } = row;
  const query = handlerOf(row.query, release);
  const set = handlerOf(row.set, release);
  const shown = around(row.query, release, (handler) => (call) => call.device.asStored(() => handler(call)));
  const passing = around(row.set, release, (handler) => (call) => call.device.unstored(() => handler(call)));
  return [
    { name: `${name}_CUR`, group, ...(query ? { query } : {}), ...(passing ? { set: passing } : {}) },
    { name: `${name}_DEF`, group, ...(shown ? { query: shown } : {}), ...(set ? { set } : {}) },
  ];
};

/** The commands of a build by name, in the order in which AT+CMD? lists them. */
export const commandTable = (profile: Profile): ReadonlyMap<string, Row> => {
  const known = all.filter(
    ({ group, since, until }) => profile.groups.has(group) && profile.release >= (since ?? 0) && profile.release <= (until ?? Infinity),
  );
  const rows = known.flatMap((row) => built(row, profile));
  // A build may lack a command and have its two forms all the same.
  const doubled = known.filter(({ name }) => profile.twofold.includes(name)).flatMap((row) => twice(row, profile.release));
  const byName = new Map([...rows, ...doubled].map((row) => [row.name, row]));
  const place = new Map(profile.commandOrder.map((name, index) => [name.startsWith('AT') ? name.slice(2) : name, index]));
  const at = ({ name }: Row): number => place.get(name) ?? place.size;
  return new Map([...byName.values()].sort((a, b) => at(a) - at(b)).map((row) => [row.name, row]));
};
