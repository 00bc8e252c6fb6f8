import { enumerate } from '../support/enumeration.js';
import { httpTable } from './tables/http.js';

enumerate(httpTable);
