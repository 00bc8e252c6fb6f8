import { enumerate } from '../support/enumeration.js';
import { tlsTable } from './tables/tls.js';

enumerate(tlsTable);
