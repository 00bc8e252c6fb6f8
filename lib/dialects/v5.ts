import * as mqtt from '../commands/mqtt.js';
import * as events from '../events/events.js';
import { derive } from './dialect.js';
import { v4 } from './v4.js';

/** AT 5.x: +ERRNO tells why a connection failed, AT+MQTTCONN takes a time limit. */
export const v5 = derive(v4, { name: 'v5', replace: [mqtt.connect], addEvents: [events.errorNumber] });
