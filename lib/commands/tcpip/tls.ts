import { anyInt, arranged, bareHex, bareText, concealed, countedTexts, enumeration, fields, hexText, int, line, optional, secret, text, wireTexts } from '../../codec/index.js';
import { command, many, query, setting } from '../../command/index.js';
import { links } from './linkFields.js';

const verification = enumeration({ none: 0, client: 1, server: 2, both: 3 });
const found = { link: anyInt };
/** Documents show quotes, the firmware prints none (FORMATS at_ipCmd): without them commas of a key are taken to be its own. */
const keyText = { ...bareText, pattern: '".*?"(?=,")|.*' };

/** Document 000 §4.20. Before connecting; `link` 5 for every one. `client` sends a certificate, `server` checks the peer's (the clock must be right). Always stored. What is missing is in `details.reason`. */
export const tls = command({
  name: 'AT+CIPSSLCCONF',
  form: 'set',
  params: fields({ link: links, verify: verification, certificate: optional(int(0, 255)), authority: optional(int(0, 255)) }),
  reasons: ['NO CERT FOUND', 'NO PRVT_KEY FOUND', 'NO CA FOUND'].map((text) => arranged(line(text, fields({})), () => ({ reason: text }))),
  repeatable: true,
  events: ['NO CERT FOUND', 'NO PRVT_KEY FOUND', 'NO CA FOUND'],
  doc: 'Which certificates a TLS client uses.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCCONF',
});

/** Document 000 §4.20. One line a link, in CIPMUX=0 (since 3.5) link 0 alone. */
export const tlsQuery = query(
  'AT+CIPSSLCCONF',
  many(line('+CIPSSLCCONF:', fields({ ...found, verify: verification, certificate: anyInt, authority: anyInt }))),
  { doc: 'Which certificates a TLS client uses.', source: 'document 000 §4.20; document 002 AT+CIPSSLCCONF' },
);

/** Document 000 §4.20, the second. `name` must be in the peer's certificate; at most 64 bytes. */
export const tlsName = setting('AT+CIPSSLCCN', fields({ link: links, name: text({ max: 64 }) }), {
  doc: 'Common name that a TLS client expects.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCCN',
});

/** Document 000 §4.20. Links without a name print nothing. */
export const tlsNameQuery = query('AT+CIPSSLCCN', many(line('+CIPSSLCCN:', fields({ ...found, name: bareText }))), {
  doc: 'Common name that a TLS client expects.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCCN',
});

/** Document 000 §4.20, the third. At most 64 bytes. */
export const tlsServerName = setting('AT+CIPSSLCSNI', fields({ link: links, name: text({ max: 64 }) }), {
  doc: 'Server name (SNI) that a TLS client asks for.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCSNI',
});

/** Document 000 §4.20. Links without a name print nothing. */
export const tlsServerNameQuery = query('AT+CIPSSLCSNI', many(line('+CIPSSLCSNI:', fields({ ...found, name: bareText }))), {
  doc: 'Server name (SNI) that a TLS client asks for.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCSNI',
});

/** Document 000 §4.20, the fourth. Up to 5 names, none clears them; a bracket of document 002 is misplaced. */
export const tlsProtocols = setting('AT+CIPSSLCALPN', fields({ link: links, protocols: countedTexts(5, { min: 1, max: 32 }) }), {
  doc: 'Application protocols (ALPN) that a TLS client offers.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCALPN',
});

/** Document 000 §4.20. Links without any print nothing. */
export const tlsProtocolsQuery = query('AT+CIPSSLCALPN', many(line('+CIPSSLCALPN:', fields({ ...found, protocols: optional(wireTexts) }))), {
  doc: 'Application protocols (ALPN) that a TLS client offers.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCALPN',
});

/** Document 000 §4.20, the fifth; both documents call the key an identity. Key and hint at most 32 bytes, no NUL: AT+CIPSSLCPSKHEX for others. */
export const tlsKey = setting('AT+CIPSSLCPSK', fields({ link: links, key: secret(text({ max: 32 })), hint: text({ max: 32 }) }), {
  doc: 'Pre-shared key of a TLS client.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCPSK',
});

/** Document 000 §4.20. The key is a `Secret`; links without one print nothing. */
export const tlsKeyQuery = query('AT+CIPSSLCPSK', many(line('+CIPSSLCPSK:', fields({ ...found, key: concealed(keyText), hint: bareText }))), {
  doc: 'Pre-shared key of a TLS client.',
  source: 'document 000 §4.20; document 002 AT+CIPSSLCPSK',
});

/** Document 002; 3.3 and later. The key as hex digits, two a byte: at most 32 bytes. */
export const tlsKeyHex = setting('AT+CIPSSLCPSKHEX', fields({ link: links, key: secret(hexText({ max: 32 })), hint: text({ max: 32 }) }), {
  doc: 'Pre-shared key of a TLS client, in hex digits.',
  source: 'document 002 AT+CIPSSLCPSKHEX',
});

/** Document 002. The key is a `Secret` of hex digits. */
export const tlsKeyHexQuery = query('AT+CIPSSLCPSKHEX', many(line('+CIPSSLCPSKHEX:', fields({ ...found, key: concealed(bareHex), hint: bareText }))), {
  doc: 'Pre-shared key of a TLS client, in hex digits.',
  source: 'document 002 AT+CIPSSLCPSKHEX',
});
