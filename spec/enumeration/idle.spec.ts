import { enumerate } from '../support/enumeration.js';
import { idleTable } from './tables/idle.js';

enumerate(idleTable);
