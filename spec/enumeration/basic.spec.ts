import { enumerate } from '../support/enumeration.js';
import { basicTable } from './tables/basic.js';

enumerate(basicTable);
