import { endpoint } from '../../codec/endpoint.js';
import { address, anyInt, arranged, fields, flag, int, line, optional, showSender, uint, when } from '../../codec/index.js';
import { command, counted, many, mapped, one, query, setting } from '../../command/index.js';
import { link, linkId, links, port } from './linkFields.js';

/** Document 000 §4.18. */
export const showSenders = setting('AT+CIPDINFO', fields({ enable: flag }), {
  effect: ({ enable }) => ({ cipdinfo: enable }),
  doc: 'Whether +IPD and +CIPRECVDATA carry the sender.',
  source: 'document 000 §4.18; document 002 AT+CIPDINFO',
});

/** Document 002; the 2.0 firmware answers it too. The wire says `true` and `false`. */
export const showSendersQuery = query('AT+CIPDINFO', one(line('+CIPDINFO:', fields({ enable: flag }))), {
  doc: 'Whether +IPD and +CIPRECVDATA carry the sender.',
  source: 'document 002 AT+CIPDINFO',
});

/** Document 000 §4.23. For every link; upstream replaced it by AT+CIPRECVTYPE (3.3), newer cores still take it. */
export const receiveMode = setting('AT+CIPRECVMODE', fields({ passive: flag }), {
  effect: ({ passive }) => ({ passive }),
  events: ['+IPD'],
  doc: 'Active or passive receive, for every link.',
  source: 'document 000 §4.23',
});

/** Document 000 §4.23. */
export const receiveModeQuery = query('AT+CIPRECVMODE', one(line('+CIPRECVMODE:', fields({ passive: flag }))), {
  doc: 'Active or passive receive.',
  source: 'document 000 §4.23',
});

/** Document 002; 3.3 and later. `link` 5 for every one. */
export const receiveType = setting('AT+CIPRECVTYPE', fields({ link: links, passive: flag }), {
  effect: ({ passive }) => ({ passive }),
  events: ['+IPD'],
  doc: 'Active or passive receive, link by link.',
  source: 'document 002 AT+CIPRECVTYPE',
});

/** Document 002. In CIPMUX=0 one line, link 0. */
export const receiveTypeQuery = query('AT+CIPRECVTYPE', many(line('+CIPRECVTYPE:', fields({ link: linkId, passive: flag }))), {
  doc: 'Active or passive receive of each link.',
  source: 'document 002 AT+CIPRECVTYPE',
});

/**
 * Document 000 §4.24; document 002. Passive receive only. Emits at most `length` bytes, with their sender while AT+CIPDINFO=1;
 * nothing buffered is ERROR.
 */
export const receive = command({
  name: 'AT+CIPRECVDATA',
  form: 'set',
  params: fields({ link, length: int(1, 0x7fffffff) }),
  response: counted(
    arranged(
      line('+CIPRECVDATA:', fields({ length: uint, address: when(showSender, address), port: when(showSender, port) }), { counted: 'length', proof: true }),
      ({ length, address: from, port: fromPort }) => ({ length, ...endpoint(from, fromPort) }),
    ),
  ),
  phase: 'counted',
  timeout: 5000,
  doc: 'Takes buffered data of a link out of the module.',
  source: 'document 000 §4.24; document 002 AT+CIPRECVDATA',
});

const length = optional(anyInt);
const lengths = arranged(line('+CIPRECVLEN:', fields({ 0: length, 1: length, 2: length, 3: length, 4: length })), (found) => ({
  lengths: Object.values(found).filter((count): count is number => typeof count === 'number'),
}));

/** Document 000 §4.25. Bytes buffered, one number a link; -1 (2.x) or 0 for a closed one. TLS lengths are upper bounds. */
export const receiveLengths = query('AT+CIPRECVLEN', mapped(one(lengths), (found) => found.lengths), {
  doc: 'Bytes buffered for each link.',
  source: 'document 000 §4.25; document 002 AT+CIPRECVLEN',
});
