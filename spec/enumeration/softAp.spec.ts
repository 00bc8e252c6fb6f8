import { enumerate } from '../support/enumeration.js';
import { softApTable } from './tables/softAp.js';

enumerate(softApTable);
