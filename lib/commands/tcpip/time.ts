import { anyInt, arranged, asctime, fields, flag, int, line, optional, text, uint } from '../../codec/index.js';
import { command, mapped, one, query, setting } from '../../command/index.js';

const server = text({ min: 1, max: 253 });

/**
 * Document 000 §4.15, whose syntax line omits `enable`. `timezone` in hours, -12 to 14, or (document 002) hhmm, as 1245 and -930.
 * +TIME_UPDATED follows the first answer of a server (3.0 and later), perhaps before OK.
 */
export const sntp = setting(
  'AT+CIPSNTPCFG',
  fields({ enable: flag, timezone: optional(int(-1259, 1459)), first: optional(server), second: optional(server), third: optional(server) }),
  { events: ['+TIME_UPDATED'], doc: 'Sets time zone and SNTP servers.', source: 'document 000 §4.15; document 002 AT+CIPSNTPCFG' },
);

/** Document 000 §4.15. Clears the servers; document 002 no longer has it. */
export const sntpClear = command({ name: 'AT+CIPSNTPCFG', form: 'execute', repeatable: true, doc: 'Clears the SNTP servers.', source: 'document 000 §4.15' });

/** Documents show it without quotes, the wire has them (FORMATS at_query_cmd_cipsntpcfg). */
const shown = optional({ ...text(), pattern: `${text().pattern}|[^",]*` });

/** Document 000 §4.15. Off: `timezone` only since 3.2. */
export const sntpQuery = query(
  'AT+CIPSNTPCFG',
  one(
    arranged(
      line('+CIPSNTPCFG:', fields({ enable: flag, timezone: optional(anyInt), first: shown, second: shown, third: shown })),
      ({ enable, timezone, first, second, third }) => ({
        enable,
        timezone,
        servers: [first, second, third].filter((name): name is string => name !== undefined),
      }),
    ),
  ),
  { doc: 'Time zone and SNTP servers.', source: 'document 000 §4.15; document 002 AT+CIPSNTPCFG' },
);

/** Document 000 §4.16. Emits local time as `2021-09-02T18:57:03`; of 1970 until SNTP has answered. */
export const timeQuery = query('AT+CIPSNTPTIME', mapped(one(line('+CIPSNTPTIME:', fields({ time: asctime }))), ({ time }) => time), {
  doc: 'The time by SNTP.',
  source: 'document 000 §4.16; document 002 AT+CIPSNTPTIME',
});

/** Document 002. Seconds between two synchronisations, 15 to 4294967. */
export const sntpInterval = setting('AT+CIPSNTPINTV', fields({ seconds: int(15, 4294967) }), {
  events: ['+TIME_UPDATED'],
  doc: 'Interval of SNTP.',
  source: 'document 002 AT+CIPSNTPINTV',
});

/** Document 002. Emits s. */
export const sntpIntervalQuery = query('AT+CIPSNTPINTV', one(line('+CIPSNTPINTV:', fields({ seconds: uint }))), {
  doc: 'Interval of SNTP.',
  source: 'document 002 AT+CIPSNTPINTV',
});
