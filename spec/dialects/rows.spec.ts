import { commandKey, type Command } from '../../lib/command/command.js';
import { basicRows } from '../../lib/dialects/shared/basicRows.js';
import { bleRows } from '../../lib/dialects/shared/bleRows.js';
import { btRows } from '../../lib/dialects/shared/btRows.js';
import { ethernetRows } from '../../lib/dialects/shared/ethernetRows.js';
import { eventRows } from '../../lib/dialects/shared/eventRows.js';
import { mqttRows } from '../../lib/dialects/shared/mqttRows.js';
import { tcpipRows } from '../../lib/dialects/shared/tcpipRows.js';
import { wifiRows } from '../../lib/dialects/shared/wifiRows.js';
import { v2 } from '../../lib/dialects/v2.js';
import { basicV2 } from '../../lib/dialects/v2/basicV2.js';
import { bleV2 } from '../../lib/dialects/v2/bleV2.js';
import { httpV2 } from '../../lib/dialects/v2/httpV2.js';
import { mqttV2 } from '../../lib/dialects/v2/mqttV2.js';
import { tcpipV2 } from '../../lib/dialects/v2/tcpipV2.js';
import { wifiV2 } from '../../lib/dialects/v2/wifiV2.js';
import { v4 } from '../../lib/dialects/v4.js';
import { basicV4 } from '../../lib/dialects/v4/basicV4.js';
import { bleV4 } from '../../lib/dialects/v4/bleV4.js';
import { eventsV4 } from '../../lib/dialects/v4/eventsV4.js';
import { httpV4 } from '../../lib/dialects/v4/httpV4.js';
import { mqttV4 } from '../../lib/dialects/v4/mqttV4.js';
import { tcpipV4 } from '../../lib/dialects/v4/tcpipV4.js';
import { wifiV4 } from '../../lib/dialects/v4/wifiV4.js';

const shared: readonly Command[] = [...basicRows, ...wifiRows, ...tcpipRows, ...bleRows, ...ethernetRows, ...btRows, ...mqttRows];
const lists = {
  v2: [...basicV2, ...wifiV2, ...tcpipV2, ...bleV2, ...ethernetRows, ...btRows, ...mqttV2, ...httpV2],
  v4: [...basicV4, ...wifiV4, ...tcpipV4, ...bleV4, ...ethernetRows, ...btRows, ...mqttV4, ...httpV4],
};

test.each(Object.entries(lists))('%s lists a command once: nothing that is shared is hidden by a row of its own', (_name, rows) => {
  const keys = rows.map(commandKey);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('a row that both bases have stands in one place, among the shared ones', () => {
  const both = [...v2.commands.values()].filter((row) => v4.commands.get(commandKey(row)) === row);
  expect(both.filter((row) => !shared.includes(row))).toEqual([]);
  expect(shared.filter((row) => !both.includes(row))).toEqual([]);
  expect(eventsV4.slice(0, eventRows.length)).toEqual(eventRows);
  expect(new Set(eventsV4).size).toBe(eventsV4.length);
});
