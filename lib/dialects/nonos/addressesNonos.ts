import * as t from 'io-ts';
import { field } from '../../codec/field.js';
import { arranged, bareText, type Field, fields, flag, int, line } from '../../codec/index.js';
import { many, mapped, one, variant } from '../../command/index.js';
import * as tcpip from '../../commands/tcpip.js';
import * as wifi from '../../commands/wifi.js';
import { without } from '../limited.js';

/** The ESP8266 has the softAP first: 0 the softAP, 1 the station, 2 both. */
const modes: Readonly<Record<number, string>> = { 1: '1', 2: '0', 3: '2' };
const interfaces: Field<number, false> = field(
  new t.Type<number, string, string>(
    'integer 1 to 3',
    (value): value is number => typeof value === 'number' && value in modes,
    (text, context) => {
      const found = Object.keys(modes).find((bits) => modes[Number(bits)] === text);
      return found === undefined ? t.failure(text, context, 'expected 0 to 2') : t.success(Number(found));
    },
    (value) => modes[value] ?? '',
  ),
  { pattern: '[0-2]', facts: { type: 'integer', min: 1, max: 3 } },
);

/** AT+CWDHCP of NONOS: which, then whether. */
export const dhcp = variant(wifi.dhcp, { params: fields({ interfaces, enable: flag }) });

/** Its bits too: bit 0 is the softAP's. */
export const dhcpQuery = variant(wifi.dhcpQuery, {
  response: one(
    arranged(line('+CWDHCP:', fields({ bits: int(0, 3) })), ({ bits }) => ({ interfaces: ((bits & 1) << 1) | ((bits >> 1) & 1) })),
  ),
});

/** Two servers at most. */
export const dns = without(tcpip.dns, 'third');

/** A line for each server, without quotes; whether they were set by hand is not told. */
export const dnsQuery = variant(tcpip.dnsQuery, {
  response: mapped(many(line('+CIPDNS:', fields({ server: bareText }))), (rows) => ({ enable: undefined, servers: rows.map(({ server }) => server) })),
});
