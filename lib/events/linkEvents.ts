import { endpoint } from '../codec/endpoint.js';
import { address, arranged, enumeration, fields, int, keyword, line, optional, uint } from '../codec/index.js';
import { event } from '../command/index.js';

const link = fields({ link: optional(int(0, 4)) });
const messages = 'document 000 §4; PROTOCOL section 2';

/** `link` only with AT+CIPMUX=1; instead of it +LINK_CONN comes while bit 1 of AT+SYSMSG is set. */
export const connected = event({ line: line('CONNECT', fields({}), { lead: link }), doc: 'A link is open.', source: messages });
/** `link` only with AT+CIPMUX=1. In passive receive mode it is withheld until an announced buffer is read. */
export const closed = event({ line: line('CLOSED', fields({}), { lead: link }), doc: 'A link is closed.', source: messages });
/** 1.1 and 1.2 only; later a refused connection is its command's ERROR. */
export const connectFailed = event({ line: line('CONNECT FAIL', fields({}), { lead: link }), doc: 'A link could not be opened.', source: 'FORMATS at_ipCmd' });
/** Documents write blanks and no quotes; the wire has neither blanks nor bare strings. */
export const linkConnected = event({
  line: line(
    '+LINK_CONN:',
    fields({
      status: uint,
      link: int(0, 4),
      type: keyword('TCP', 'UDP', 'SSL', 'TCPv6', 'UDPv6', 'SSLv6'),
      role: enumeration({ client: 0, server: 1 }),
      remoteAddress: address,
      remotePort: uint,
      localPort: uint,
    }),
  ),
  doc: 'A link is open, with both ends of it.',
  source: 'document 000 §2.11; FORMATS LINK_CONN',
});

const received = fields({ link: optional(int(0, 4)), length: uint, address: optional(address), port: optional(uint) });
const layouts = [
  { fields: 1, length: 0 },
  { fields: 2, length: 1 },
  { fields: 3, length: 0 },
  { fields: 4, length: 1 },
];

/** Data of a link: with its payload in active receive, as the announced count in passive receive. */
export const data = event({
  name: '+IPD',
  line: arranged(line('+IPD,', received, { counted: 'length', end: ':', anyLayout: layouts }), ({ link: id, length, address: from, port }) => ({
    link: id,
    length,
    ...endpoint(from, port),
  })),
  doc: 'Data has come on a link.',
  source: 'document 000 §4.19, §4.22; document 002 +IPD',
});
/** Progress of AT+CIPSENDL in bytes: sent, and received from the line. */
export const sendProgress = event({ line: line('+CIPSENDL:', fields({ sent: uint, received: uint })), doc: 'Progress of a long send.', source: 'document 002 AT+CIPSENDL' });
/** More clients than AT+CIPSERVERMAXCONN allows. */
export const serverFull = event({
  name: 'Have Connections',
  line: line('Have ', fields({ connections: uint }), { close: ' Connections' }),
  doc: 'The server has its most clients.',
  source: 'document 000 §4.11; PROTOCOL section 2',
});
/** The client certificate is missing. Document 000 §4.20. */
export const noCertificate = event({ line: line('NO CERT FOUND', fields({})), doc: 'The client certificate is missing.', source: 'document 000 §4.20; PROTOCOL section 2' });
/** The private key is missing. Document 000 §4.20. */
export const noPrivateKey = event({ line: line('NO PRVT_KEY FOUND', fields({})), doc: 'The private key is missing.', source: 'document 000 §4.20; PROTOCOL section 2' });
/** The CA certificate is missing. Document 000 §4.20. */
export const noAuthority = event({ line: line('NO CA FOUND', fields({})), doc: 'The CA certificate is missing.', source: 'document 000 §4.20; PROTOCOL section 2' });
