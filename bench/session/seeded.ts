/** A seeded source of numbers in [0, 1): a 32-bit mixer over a counter. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
};

/** Text that a careless reader would take for frames. */
const traps = ['\r\nOK\r\n', '\r\n>', '+IPD,4,9:', 'ready\r\n', '+++', '\r\nERROR\r\n', '+CIPRECVDATA:5,', '\0', '0,CLOSED\r\n', 'busy p...\r\n'];

/** Random bytes among which traps stand. */
export const randomBytes = (random: () => number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const trap = random() < 0.05 ? (traps[Math.floor(random() * traps.length)] ?? '') : String.fromCharCode(Math.floor(random() * 256));
    for (let index = 0; index < trap.length && at < length; index += 1) bytes[at++] = trap.charCodeAt(index);
  }
  return bytes;
};
