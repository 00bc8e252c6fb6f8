import { enumerate } from '../support/enumeration.js';
import { stationTable } from './tables/station.js';

enumerate(stationTable);
