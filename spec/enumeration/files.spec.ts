import { enumerate } from '../support/enumeration.js';
import { filesTable } from './tables/files.js';

enumerate(filesTable);
