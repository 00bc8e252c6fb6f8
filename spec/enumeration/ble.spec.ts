import { enumerate } from '../support/enumeration.js';
import { bleTable } from './tables/ble.js';

enumerate(bleTable);
