import { enumerate } from '../support/enumeration.js';
import { bleProfilesTable } from './tables/bleProfiles.js';

enumerate(bleProfilesTable);
