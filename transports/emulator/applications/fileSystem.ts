import type { NvsStore } from '../settings.js';

/** Space is given out in clusters, as large as a sector of the flash. */
const cluster = 4096;
/** Wear levelling, boot sector, tables and root directory. */
const overhead = 12 * cluster;

/** A long name of FAT: no path, none of the reserved characters, no blank or dot at its end. */
const isName = (name: string): boolean => /^[^\x00-\x1f"*/:<>?\\|]{1,255}$/.test(name) && !/[. ]$/.test(name);

const clusters = (length: number): number => Math.ceil(length / cluster);

/** The root directory of a FAT file system: names keep their case and are found without it. Files stand in the store, one string of byte-characters each. */
export class FileSystem {
  constructor(private readonly store: NvsStore, private readonly partition: number) {}

  /** Names in the order of their creation. */
  get names(): readonly string[] {
    return Object.keys(this.store).filter((key) => key.startsWith('file:')).map((key) => key.slice(5));
  }

  /** The contents; undefined for a missing file. */
  read(name: string): string | undefined {
    const key = this.find(name);
    return key === undefined ? undefined : (this.store[key] as string);
  }

  remove(name: string): boolean {
    const key = this.find(name);
    if (key === undefined) return false;
    delete this.store[key];
    return true;
  }

  /** Opens for writing, and so creates; false for an impossible name, or with no cluster left for it. */
  create(name: string): boolean {
    if (!isName(name) || this.partition === 0) return false;
    if (this.find(name) === undefined) this.store[`file:${name}`] = '';
    return true;
  }

  /** Writes at an offset; a gap before it is filled with zeros. False where the disk is full: what fitted was written. */
  write(name: string, offset: number, data: string): boolean {
    const key = this.find(name) ?? `file:${name}`;
    const old = this.read(name) ?? '';
    const used = this.names.filter((other) => `file:${other}` !== key).reduce((sum, other) => sum + clusters((this.read(other) ?? '').length), 0);
    const room = (Math.max(0, clusters(this.partition - overhead)) - used) * cluster;
    // Nothing is kept of a write that begins behind the end of the disk.
    if (offset > room) return false;
    const before = old.slice(0, offset).padEnd(offset, '\0');
    const whole = before + data + old.slice(offset + data.length);
    this.store[key] = whole.slice(0, Math.max(room, 0));
    return whole.length <= room;
  }

  private find(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const found = this.names.find((other) => other.toLowerCase() === wanted);
    return found === undefined ? undefined : `file:${found}`;
  }
}
