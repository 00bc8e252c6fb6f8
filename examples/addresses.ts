/** The address of a host in a text that begins with one of the protocols, such as `http:`; anything else is an error in words. */
export const addressOf = (text: string, ...protocols: readonly string[]): URL => {
  let address: URL | undefined;
  try {
    address = new URL(text);
  } catch {
    // None at all is told as one of the wrong kind.
  }
  if (address === undefined || address.hostname === '' || !protocols.includes(address.protocol)) {
    throw new Error(`${text} is no address of a host: ${protocols.map((protocol) => `${protocol}//HOST`).join(' or ')}`);
  }
  return address;
};

/** The addresses of a command line. A real module cannot reach a server in this process, so it needs some. */
export const addresses =
  (...protocols: readonly string[]) =>
  (args: readonly string[]): readonly URL[] => {
    if (args.length === 0 && process.env['ESP_AT_PORT'] !== undefined) throw new Error('the module at ESP_AT_PORT needs an address to talk to');
    return args.map((text) => addressOf(text, ...protocols));
  };
