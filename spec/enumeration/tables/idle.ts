import type { Table } from '../../support/enumeration.js';

/** What queries answer while nothing was ever set up: recorded on 2.0 (BLE) and 4.1 (MQTT, HTTP). */
export const idleTable: Table = {
  'AT+MQTTCONN query': { cases: [{ expect: { link: 0, state: 'none', scheme: 0, host: '', port: 0, path: '', reconnect: false } }] },
  'AT+MQTTSUB query': { cases: [{ expect: { state: 'none', topics: [] } }] },
  'AT+HTTPURLCFG query': { cases: [{ expect: undefined }] },
  'AT+HTTPCHEAD query': { cases: [{ expect: [] }] },
  'AT+BLEINIT query': { cases: [{ expect: { role: 'off' } }] },
  'AT+BLENAME query': { cases: [{ expect: '' }] },
};
