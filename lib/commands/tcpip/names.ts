import { address, anyInt, arranged, enumeration, fields, flag, int, line, optional, text, uint } from '../../codec/index.js';
import { command, many, mapped, one, query, setting } from '../../command/index.js';
import { host, links } from './linkFields.js';

/** Document 000 §4.2. Name to address; without network it takes 6 s (2.0) to 21 s (4.1) to be an ERROR. `network` in document 002. */
export const resolve = command({
  name: 'AT+CIPDOMAIN',
  form: 'set',
  params: fields({ host: text({ min: 1, max: 253 }), network: optional(enumeration({ any: 1, ipv4: 2, ipv6: 3 })) }),
  response: one(line('+CIPDOMAIN:', fields({ address }))),
  repeatable: true,
  timeout: 30_000,
  doc: 'Resolves a host name.',
  source: 'document 000 §4.2; document 002 AT+CIPDOMAIN',
});

/** `+PING:TIMEOUT`; document 000 prints `+timeout`, which only NONOS firmware says. */
export const pingTimeout = arranged(line('+PING:TIMEOUT', fields({})), () => ({ reason: 'timeout' }));

/** Document 000 §4.26. Emits the round trip in ms; none is an error `command`/`rejected` with `details.reason`. */
export const ping = command({
  name: 'AT+PING',
  form: 'set',
  params: fields({ host }),
  response: mapped(one(line('+PING:', fields({ time: uint }))), ({ time }) => time),
  reasons: [pingTimeout, arranged(line('+timeout', fields({})), () => ({ reason: 'timeout' }))],
  repeatable: true,
  timeout: 10_000,
  doc: 'Pings a host.',
  source: 'document 000 §4.26; document 002 AT+PING',
});

const servers = { first: optional(address), second: optional(address), third: optional(address) };

/** Document 000 §4.27. Off: the servers of DHCP or the built-in ones. On without any: 208.67.222.222 and 8.8.8.8. They must differ. */
export const dns = setting('AT+CIPDNS', fields({ enable: flag, ...servers }), { doc: 'Sets the DNS servers.', source: 'document 000 §4.27; document 002 AT+CIPDNS' });

/** Document 000 §4.27. Shows the servers in use also while off: one on 2.0, up to three since. `enable` is undefined where the line does not tell it (ESP8266 NONOS). */
export const dnsQuery = query(
  'AT+CIPDNS',
  one(
    arranged(line('+CIPDNS:', fields({ enable: flag, ...servers })), ({ enable, first, second, third }): { readonly enable: boolean | undefined; readonly servers: readonly string[] } => ({
      enable,
      servers: [first, second, third].filter((server): server is string => server !== undefined),
    })),
  ),
  { doc: 'The DNS servers.', source: 'document 000 §4.27; document 002 AT+CIPDNS' },
);

/** Document 002. IPv6 on or off; addresses show as WIFI GOT IPv6 LL and GL. */
export const ipv6 = setting('AT+CIPV6', fields({ enable: flag }), {
  events: ['WIFI GOT IPv6 LL', 'WIFI GOT IPv6 GL'],
  doc: 'Switches IPv6.',
  source: 'document 002 AT+CIPV6',
});

/** Document 002. */
export const ipv6Query = query('AT+CIPV6', one(line('+CIPV6:', fields({ enable: flag }))), { doc: 'Whether IPv6 is on.', source: 'document 002 AT+CIPV6' });

/** Document 000 §4.28; 2.1 and later. `linger` in s (-1 off), `sendTimeout` in ms (0 none), `keepAlive` in s (document 002). */
export const socketOptions = setting(
  'AT+CIPTCPOPT',
  fields({
    link: links,
    linger: optional(int(-1, 0x7fffffff)),
    noDelay: optional(flag),
    sendTimeout: optional(int(0, 0x7fffffff)),
    keepAlive: optional(int(0, 7200)),
  }),
  { doc: 'Socket options of a link.', source: 'document 000 §4.28; document 002 AT+CIPTCPOPT' },
);

/** Document 000 §4.28. One line a link, in CIPMUX=0 link 0 alone; units as above. */
export const socketOptionsQuery = query(
  'AT+CIPTCPOPT',
  many(line('+CIPTCPOPT:', fields({ link: anyInt, linger: anyInt, noDelay: flag, sendTimeout: anyInt, keepAlive: optional(anyInt) }))),
  { doc: 'Socket options of every link.', source: 'document 000 §4.28; document 002 AT+CIPTCPOPT' },
);
