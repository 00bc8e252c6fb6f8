/** A multicast address: 224.0.0.0 to 239.255.255.255, ff00::/8. */
export const isGroup = (address: string): boolean => /^(?:22[4-9]|23\d)\.|^ff[0-9a-f]{2}:/i.test(address);

/** The broadcast address of every network, or that of one with 24 bits. */
export const isBroadcast = (address: string): boolean => /^\d+\.\d+\.\d+\.255$/.test(address);
