/** `+CIPSTATUS` calls them by these names. */
export type LinkType = 'TCP' | 'UDP' | 'SSL' | 'TCPv6' | 'UDPv6' | 'SSLv6';

/** What AT+CIPSTART asks for. */
export interface OpenRequest {
  readonly id: number;
  readonly type: LinkType;
  readonly host: string;
  readonly port: number;
  readonly localPort: number | undefined;
  /** Of UDP. */
  readonly peerMode: number;
}
