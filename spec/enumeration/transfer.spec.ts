import { enumerate } from '../support/enumeration.js';
import { transferTable } from './tables/transfer.js';

enumerate(transferTable);
