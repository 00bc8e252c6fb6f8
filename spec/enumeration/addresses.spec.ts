import { enumerate } from '../support/enumeration.js';
import { addressesTable } from './tables/addresses.js';

enumerate(addressesTable);
