import type { Command } from '../command/index.js';

/** A command with its parameters, ready to be executed. */
export interface Call {
  readonly command: Command;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How something is done in a dialect: features read these, never version numbers. */
export interface Capabilities {
  /** Passive receive: how it is switched on for a link, and whether TLS and UDP are without it. */
  readonly passiveReceive: { enable(link: number): Call; readonly tcpOnly?: boolean };
  /** Most bytes one AT+CIPSEND takes. */
  readonly sendLimit: number;
  /** AT+CIPSENDEX takes two backslashes for one; elsewhere `\\0` ends behind a backslash (2.0). */
  readonly textEscapes: boolean;
  /** Bytes the module buffers for an unread link. */
  readonly receiveWindow: number;
  /** AT+CIPTCPOPT exists: a send can be bounded in time. */
  readonly socketOptions: boolean;
  /** AT+CIPSENDL exists: bulk data without slices. */
  readonly bulkSend: boolean;
  /** A client of the server can be passed through, where it is the only one (2.3 and later). */
  readonly transparentServer: boolean;
  /** AT+CIPV6 exists, and types such as `TCPv6`. */
  readonly ipv6: boolean;
  /** BLE connections at a time; their numbers begin at 0. */
  readonly bleConnections: number;
  readonly mqtt: {
    /** Longest topic in bytes. */
    readonly topicLimit: number;
    /** Most bytes one AT+MQTTPUBRAW takes. */
    readonly payloadLimit: number;
    /** AT+MQTTLONGCLIENTID and its like take credentials that no line holds. */
    readonly longCredentials: boolean;
  };
  /** Value of AT+SYSMSG that the prologue sets: bit 0 +QUITT, bit 1 +LINK_CONN. */
  readonly sysmsg: number;
}
