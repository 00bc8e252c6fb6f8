import { enumerate } from '../support/enumeration.js';
import { bleGattTable } from './tables/bleGatt.js';

enumerate(bleGattTable);
