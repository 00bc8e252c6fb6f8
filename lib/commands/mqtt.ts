import { anyInt, arranged, concealed, enumeration, fields, flag, int, line, optional, secret, text } from '../codec/index.js';
import { action, command, many, mapped, one, query, setting } from '../command/index.js';

/** Only link 0 exists. */
const link = int(0, 0);
const qos = int(0, 2);
const topic = text({ min: 1, max: 128 });
/** The module answers within 10 s (document 000 §9.13), newer ones within 15. */
const timeout = 20_000;

/** How MQTT is carried: over TCP, TLS or WebSocket, with or without certificates of the server and of the client. */
export const schemes = enumeration({
  tcp: 1,
  tls: 2,
  'tls, server verified': 3,
  'tls, client certificate': 4,
  'tls, both': 5,
  ws: 6,
  wss: 7,
  'wss, server verified': 8,
  'wss, client certificate': 9,
  'wss, both': 10,
});

/** What AT+MQTTCONN? and AT+MQTTSUB? tell; 5 was never seen on a wire. */
const states = enumeration({ none: 0, 'user-configured': 1, 'connection-configured': 2, disconnected: 3, connected: 4, 'connected, nothing subscribed': 5, subscribed: 6 });

/** Document 000 §9.1. First of all; credentials longer than the line allows by the commands after it. Errors 0x010a60xx by name. */
export const configure = setting(
  'AT+MQTTUSERCFG',
  fields({
    link,
    scheme: schemes,
    clientId: text({ max: 256 }),
    username: text({ max: 64 }),
    password: secret(text({ max: 64 })),
    certificate: int(0, 0),
    authority: int(0, 0),
    path: text({ max: 32 }),
  }),
  { timeout, effect: () => ({ mqtt: true }), doc: 'Sets scheme and credentials.', source: 'document 000 §9.1' },
);

/** Document 000 §9.1; gone since 2.2. The password is a `Secret`. */
export const configureQuery = query(
  'AT+MQTTUSERCFG',
  one(
    line(
      '+MQTTUSERCFG:',
      fields({ link: anyInt, scheme: schemes, clientId: text(), username: text(), password: concealed(text()), certificate: anyInt, authority: anyInt, path: text() }),
    ),
  ),
  { doc: 'Scheme and credentials.', source: 'document 000 §9.1' },
);

/** Document 000 §9.2, which lacks the comma. After AT+MQTTUSERCFG, before AT+MQTTCONNCFG (then 0x010a6002). The line holds fewer than 256 bytes. */
export const clientId = setting('AT+MQTTCLIENTID', fields({ link, clientId: text({ max: 256 }) }), { timeout, doc: 'Sets a long client ID.', source: 'document 000 §9.2' });

/** Document 000 §9.2; gone since 2.2. */
export const clientIdQuery = query('AT+MQTTCLIENTID', one(line('+MQTTCLIENTID:', fields({ link: anyInt, clientId: text() }))), { doc: 'The client ID.', source: 'document 000 §9.2' });

/** Document 000 §9.3, which lacks the comma. As `clientId`. */
export const username = setting('AT+MQTTUSERNAME', fields({ link, username: text({ max: 256 }) }), { timeout, doc: 'Sets a long user name.', source: 'document 000 §9.3' });

/** Document 000 §9.3; gone since 2.2. */
export const usernameQuery = query('AT+MQTTUSERNAME', one(line('+MQTTUSERNAME:', fields({ link: anyInt, username: text() }))), { doc: 'The user name.', source: 'document 000 §9.3' });

/** Document 000 §9.4, which lacks the comma. As `clientId`. */
export const password = setting('AT+MQTTPASSWORD', fields({ link, password: secret(text({ max: 256 })) }), { timeout, doc: 'Sets a long password.', source: 'document 000 §9.4' });

/** Document 000 §9.4; gone since 2.2. The password is a `Secret`. */
export const passwordQuery = query('AT+MQTTPASSWORD', one(line('+MQTTPASSWORD:', fields({ link: anyInt, password: concealed(text()) }))), {
  doc: 'The password.',
  source: 'document 000 §9.4',
});

const long = { form: 'set', params: fields({ link, length: int(1, 1024) }), phase: 'prompt', length: 'length', timeout, source: 'PROTOCOL section 7; document 000 §9.2' } as const;

/** Not in the documents; since 2.2. Takes `data` of `length` bytes. */
export const longClientId = command({ name: 'AT+MQTTLONGCLIENTID', ...long, doc: 'Sets a client ID of any length.' });

/** Not in the documents; since 2.2. Takes `data` of `length` bytes. */
export const longUsername = command({ name: 'AT+MQTTLONGUSERNAME', ...long, doc: 'Sets a user name of any length.' });

/** Not in the documents; since 2.2. Takes `data` of `length` bytes; no trace shows payload bytes as text. */
export const longPassword = command({ name: 'AT+MQTTLONGPASSWORD', ...long, doc: 'Sets a password of any length.' });

const will = { keepAlive: int(0, 7200), persistent: flag, willTopic: text({ max: 128 }), willMessage: text({ max: 128 }), willQos: qos, willRetain: flag };

/** Document 000 §9.5. `keepAlive` in s (0 is 120), `persistent` keeps the broker's session, the last will's topic and message at most 64 bytes (128 later). */
export const session = setting('AT+MQTTCONNCFG', fields({ link, ...will }), { timeout, doc: 'Sets keep-alive, session and last will.', source: 'document 000 §9.5' });

/** Document 000 §9.5; gone since 2.2. */
export const sessionQuery = query(
  'AT+MQTTCONNCFG',
  one(line('+MQTTCONNCFG:', fields({ link: anyInt, keepAlive: anyInt, persistent: flag, willTopic: text(), willMessage: text(), willQos: anyInt, willRetain: flag }))),
  { doc: 'Keep-alive, session and last will.', source: 'document 000 §9.5' },
);

/**
 * Document 000 §9.6. +MQTTCONNECTED comes before OK; refused: +MQTTDISCONNECTED and ERROR. TLS may take 10 s a packet. `timeout` in ms, 3000 to 60000,
 * newer releases only.
 */
export const connect = command({
  name: 'AT+MQTTCONN',
  form: 'set',
  params: fields({ link, host: text({ min: 1, max: 128 }), port: int(1, 65535), reconnect: flag, timeout: optional(int(3000, 60_000)) }),
  timeout: 90_000,
  events: ['+MQTTCONNECTED', '+MQTTDISCONNECTED'],
  doc: 'Connects to a broker.',
  source: 'document 000 §9.6',
});

/** Document 000 §9.6, which lacks a comma; the port is quoted on the wire. */
export const connectQuery = query(
  'AT+MQTTCONN',
  one(
    arranged(line('+MQTTCONN:', fields({ link: anyInt, state: states, scheme: anyInt, host: text(), port: text(), path: text(), reconnect: flag })), (found) => ({
      ...found,
      port: Number(found.port),
    })),
  ),
  { doc: 'State of the connection.', source: 'document 000 §9.6' },
);

/** Document 000 §9.7. `topic` at most 64 bytes (128 later); the message as a string: the whole line holds 256 bytes. */
export const publish = action('AT+MQTTPUB', fields({ link, topic, message: text(), qos, retain: flag }), { timeout, doc: 'Publishes a string.', source: 'document 000 §9.7' });

/** Document 000 §9.8. Takes `data` of `length` bytes, 1 to 1024 in `v2`, by memory later. Ends with +MQTTPUB:OK or +MQTTPUB:FAIL and no OK. */
export const publishRaw = command({
  name: 'AT+MQTTPUBRAW',
  form: 'set',
  params: fields({ link, topic, length: int(1, 0x7fffffff), qos, retain: flag }),
  phase: 'prompt',
  length: 'length',
  terminals: { success: ['+MQTTPUB:OK'], failure: ['+MQTTPUB:FAIL', 'ERROR'] },
  timeout,
  doc: 'Publishes bytes.',
  source: 'document 000 §9.8',
});

/** Document 000 §9.9. A topic that is subscribed already is OK too. */
export const subscribe = setting('AT+MQTTSUB', fields({ link, topic, qos }), { timeout, events: ['+MQTTSUBRECV'], doc: 'Subscribes to a topic.', source: 'document 000 §9.9' });

/** Document 000 §9.9. State of the connection and the topics with their QoS. */
export const subscribeQuery = query(
  'AT+MQTTSUB',
  mapped(many(line('+MQTTSUB:', fields({ link: anyInt, state: states, topic: text(), qos: anyInt }))), (rows) => ({
    state: rows[0]?.state,
    // Without subscriptions there is one line with an empty topic.
    topics: rows.filter((row) => row.topic !== '').map((row) => ({ topic: row.topic, qos: row.qos })),
  })),
  { doc: 'Subscribed topics.', source: 'document 000 §9.9' },
);

/** Document 000 §9.10. A topic that is not subscribed is OK too. */
export const unsubscribe = setting('AT+MQTTUNSUB', fields({ link, topic }), { timeout, doc: 'Unsubscribes from a topic.', source: 'document 000 §9.10' });

/** Document 000 §9.11. Closes and forgets the configuration; prints no +MQTTDISCONNECTED. Nothing configured: 0x010a6003. */
export const clean = setting('AT+MQTTCLEAN', fields({ link }), {
  timeout,
  events: ['+MQTTDISCONNECTED'],
  effect: () => ({ mqtt: false }),
  doc: 'Closes the connection.',
  source: 'document 000 §9.11',
});
