import type { NvsStore } from '../settings.js';

/** The flash erases in sectors. */
export const sectorSize = 4096;

/** A freshly formatted page of an NVS partition begins like this (4.1, `mfg_nvs`). */
const nvsHead = '\xfc\xff\xff\xff\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff';

/** One partition: label, type, subtype, address, size. */
export type PartitionRow = readonly [label: string, type: number, subtype: number, address: number, size: number];

/** The user partitions of AT+SYSFLASH. Sectors that were written stand in the store, one string of byte-characters each; the others are erased or as delivered. */
export class Partitions {
  constructor(private readonly store: NvsStore, private readonly rows: readonly PartitionRow[]) {}

  /** Bytes of the partition that holds the file system; 0 without one. */
  get fileSystemSize(): number {
    return this.rows.find(([label]) => label === 'fatfs' || label === 'fs_storage')?.[4] ?? 0;
  }

  /** Bytes of a partition; undefined where there is none of the name. */
  size(label: string): number | undefined {
    return this.rows.find(([name]) => name === label)?.[4];
  }

  read(label: string, offset: number, length: number): string {
    let text = '';
    for (let at = offset; at < offset + length; ) {
      const start = at % sectorSize;
      const piece = this.sector(label, at - start).slice(start, start + Math.min(sectorSize - start, offset + length - at));
      text += piece;
      at += piece.length;
    }
    return text;
  }

  /** Bits go from 1 to 0 only: what was not erased is mixed with what is written. */
  write(label: string, offset: number, data: string): void {
    for (let done = 0; done < data.length; ) {
      const start = (offset + done) % sectorSize;
      const base = offset + done - start;
      const old = this.sector(label, base);
      const piece = data.slice(done, done + sectorSize - start);
      let mixed = '';
      for (let at = 0; at < piece.length; at += 1) mixed += String.fromCharCode(piece.charCodeAt(at) & old.charCodeAt(start + at));
      this.store[this.key(label, base)] = old.slice(0, start) + mixed + old.slice(start + piece.length);
      done += piece.length;
    }
  }

  erase(label: string, offset: number, length: number): void {
    for (let at = offset; at < offset + length; at += sectorSize) this.store[this.key(label, at)] = '\xff'.repeat(sectorSize);
  }

  private key(label: string, base: number): string {
    return `flash:${label}:${base.toString(16)}`;
  }

  private sector(label: string, base: number): string {
    const kept = this.store[this.key(label, base)];
    if (typeof kept === 'string') return kept;
    const [, type, subtype] = this.rows.find(([name]) => name === label) ?? [];
    const head = type === 1 && subtype === 2 && base === 0 ? nvsHead : '';
    return head + '\xff'.repeat(sectorSize - head.length);
  }
}
