import { enumerate } from '../support/enumeration.js';
import { btTable } from './tables/bt.js';

enumerate(btTable);
