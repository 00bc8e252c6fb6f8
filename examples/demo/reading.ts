/** One measurement, and the line of text that it came as. */
export interface Reading {
  readonly seq: number;
  readonly celsius: number;
  readonly line: string;
}

/** Line `seq` of the sensor: `17,21.68`. */
export const lineOf = (seq: number): string => `${String(seq)},${(20 + 5 * Math.sin(seq / 300)).toFixed(2)}`;

/** What ends a line on the way. */
export const eol = '\r\n';

/** Reads a line; throws where it is none of the sensor's, which a broken stream would soon show. */
export const parseReading = (line: string): Reading => {
  const match = /^(\d+),(-?\d+\.\d\d)$/.exec(line);
  if (match === null) throw new Error(`this is no reading: ${JSON.stringify(line.slice(0, 40))}`);
  return { seq: Number(match[1]), celsius: Number(match[2]), line };
};

/** Counts lines and folds them into a checksum (FNV-1a, 32 bits) that a lost, doubled, changed or misplaced character would change. */
export class Tally {
  count = 0;
  bytes = 0;
  private hash = 0x811c9dc5;

  add(line: string): void {
    const text = line + eol;
    this.count += 1;
    this.bytes += text.length;
    for (let at = 0; at < text.length; at += 1) this.hash = Math.imul(this.hash ^ text.charCodeAt(at), 0x01000193);
  }

  get checksum(): string {
    return (this.hash >>> 0).toString(16).padStart(8, '0');
  }
}
