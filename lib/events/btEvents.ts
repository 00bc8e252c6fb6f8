import { anyInt, arranged, concealed, failable, fields, line, mac, optional, passkey, uint } from '../codec/index.js';
import { event } from '../command/index.js';

const ends = fields({ connection: anyInt, address: optional(failable(mac)) });
interface Ends {
  readonly connection: number;
  readonly address?: string | undefined;
}

/** `:-1` on the wire, `0,-1` later, `0,fail` in document 000: all mean that it came to nothing. */
const outcome = ({ connection, address }: Ends): { connection: number; address?: string; failed: boolean } =>
  connection < 0 || address === undefined || address === 'failed' ? { connection: Math.max(connection, 0), failed: true } : { connection, address, failed: false };

/** An SPP connection is open, or could not be opened. Document 000 §8.6. */
export const sppConnected = event({ line: arranged(line('+BTSPPCONN:', ends), outcome), doc: 'An SPP connection is open, or could not be opened.', source: 'document 000 §8.6' });
/** An SPP connection is closed, or could not be closed. Document 000 §8.7. */
export const sppDisconnected = event({ line: arranged(line('+BTSPPDISCONN:', ends), outcome), doc: 'An SPP connection is closed, or could not be closed.', source: 'document 000 §8.7' });
/** With its payload. */
export const sppData = event({ line: line('+BTDATA:', fields({ length: uint }), { counted: 'length' }), doc: 'Data has come by SPP.', source: 'document 000 §8.8; PROTOCOL section 2' });
/** An A2DP connection is open, or could not be opened. Document 000 §8.11. */
export const a2dpConnected = event({ line: arranged(line('+BTA2DPCONN:', ends), outcome), doc: 'An A2DP connection is open, or could not be opened.', source: 'document 000 §8.11' });
/** An A2DP connection is closed. Document 000 §8.12. */
export const a2dpDisconnected = event({ line: arranged(line('+BTA2DPDISCONN:', ends), outcome), doc: 'An A2DP connection is closed.', source: 'document 000 §8.12' });

/** A peer wants a PIN: AT+BTPINREPLY. Document 000 §8.17. */
export const btPinRequest = event({ line: line('+BTPINREQ:', fields({ address: mac })), doc: 'A peer wants a PIN: AT+BTPINREPLY.', source: 'document 000 §8.17; PROTOCOL section 2' });
/** A number to compare: AT+BTSECCFM. Document 000 §8.18. */
export const btConfirmRequest = event({
  line: line('+BTCFMREQ:', fields({ address: mac, key: optional(concealed(passkey)) })),
  doc: 'A number to compare: AT+BTSECCFM.',
  source: 'document 000 §8.18; PROTOCOL section 2',
});
/** The passkey to type in at the peer. Document 000 §8.16. */
export const btPasskey = event({ line: line('+BTKEYNTF:', fields({ connection: uint, key: concealed(passkey) })), doc: 'The passkey to type in at the peer.', source: 'document 000 §8.16; PROTOCOL section 2' });
/** A peer shows a passkey: AT+BTKEYREPLY. Document 000 §8.16. */
export const btPasskeyRequest = event({ line: line('+BTKEYREQ:', fields({ address: mac })), doc: 'A peer shows a passkey: AT+BTKEYREPLY.', source: 'document 000 §8.16; PROTOCOL section 2' });
