import type { Table } from '../../support/enumeration.js';
import { addressesTable } from './addresses.js';
import { basicTable } from './basic.js';
import { bleTable } from './ble.js';
import { bleGattTable } from './bleGatt.js';
import { bleProfilesTable } from './bleProfiles.js';
import { btTable } from './bt.js';
import { filesTable } from './files.js';
import { httpTable } from './http.js';
import { linksTable } from './links.js';
import { mqttTable } from './mqtt.js';
import { softApTable } from './softAp.js';
import { stationTable } from './station.js';
import { tlsTable } from './tls.js';
import { transferTable } from './transfer.js';

/** Every table of cases. */
export const tables: readonly Table[] = [basicTable, stationTable, softApTable, addressesTable, linksTable, transferTable, tlsTable, mqttTable, httpTable, filesTable, bleTable, bleGattTable, bleProfilesTable, btTable];
