import { enumerate } from '../support/enumeration.js';
import { linksTable } from './tables/links.js';

enumerate(linksTable);
