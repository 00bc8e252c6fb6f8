import { enumerate } from '../support/enumeration.js';
import { mqttTable } from './tables/mqtt.js';

enumerate(mqttTable);
