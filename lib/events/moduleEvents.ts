import { fields, hexInt, ipv4, line } from '../codec/index.js';
import { event } from '../command/index.js';
import { updateSteps } from '../commands/tcpip/update.js';

/** The module has booted: echo on, no links, every setting that is not stored at its default. */
export const ready = event({ line: line('ready', fields({})), doc: 'The module has booted.', source: 'document 000 §2.2' });
/** AT+RST came while a command ran; the module restarts without finishing it. */
export const forcedRestart = event({ line: line('Will force to restart!!!', fields({})), doc: 'The module restarts in the middle of a command.', source: 'FORMATS at_port' });
/** A line was dropped because a command was running, or surplus bytes were. */
export const busy = event({ line: line('busy p...', fields({})), doc: 'Bytes were dropped because a command was running.', source: 'PROTOCOL section 1.2' });
/** NONOS firmware only: it is sending; SEND OK still comes. */
export const busySending = event({ line: line('busy s...', fields({})), doc: 'Bytes were dropped while sending.', source: 'PROTOCOL section 1.2' });
/** Passthrough was left (bit 0 of AT+SYSMSG). */
export const quit = event({ line: line('+QUITT', fields({})), doc: 'Passthrough was left.', source: 'document 000 §2.11' });
/** 5.0 and later: the cause of a failed AT+CIPSTART or AT+CIPSERVER. */
export const errorNumber = event({ line: line('+ERRNO:', fields({ code: hexInt })), doc: 'Cause of a failed connection.', source: 'FORMATS at_commom' });
/** A step of AT+CIUPDATE that comes outside its command: not blocking. */
export const updateStep = event({ line: line('+CIPUPDATE:', fields({ step: updateSteps })), doc: 'How far an update is.', source: 'document 002 AT+CIUPDATE' });

/** SNTP has set the clock. Document 002 AT+CIPSNTPCFG. */
export const timeUpdated = event({ line: line('+TIME_UPDATED', fields({})), doc: 'SNTP has set the clock.', source: 'document 002 AT+CIPSNTPCFG' });

/** Ethernet is connected. Document 000 §7.2. */
export const ethernetConnected = event({ line: line('+ETH_CONNECTED', fields({})), doc: 'Ethernet is connected.', source: 'document 000 §7.2; FORMATS at_ethCmd' });
/** Ethernet is disconnected. Document 000 §7.2. */
export const ethernetDisconnected = event({ line: line('+ETH_DISCONNECTED', fields({})), doc: 'Ethernet is disconnected.', source: 'document 000 §7.2; FORMATS at_ethCmd' });
/** Ethernet has an IPv4 address. Document 000 §7.2. */
export const ethernetGotIp = event({ line: line('+ETH_GOT_IP:', fields({ address: ipv4 })), doc: 'Ethernet has an IPv4 address.', source: 'document 000 §7.2; FORMATS at_ethCmd' });
