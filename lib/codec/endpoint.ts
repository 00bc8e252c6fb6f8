/** One end of a connection. */
export interface Endpoint {
  /** IPv4, or IPv6 text. */
  readonly address: string;
  readonly port: number;
}

/** Two fields of the wire as one value; `undefined` where they do not stand (AT+CIPDINFO=0). */
export const endpoint = (address: string | undefined, port: number | undefined): { readonly remote?: Endpoint } =>
  address === undefined || port === undefined ? {} : { remote: { address, port } };
