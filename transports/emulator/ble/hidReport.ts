/** What a HID device sends, decoded. Keys and usages are codes of the HID usage tables. */
export type HidReport =
  /** `modifiers` bit by bit; six keys, 0 for none. */
  | { readonly kind: 'keyboard'; readonly modifiers: number; readonly keys: readonly number[] }
  /** `buttons` bit by bit; movements -127 to 127. */
  | { readonly kind: 'mouse'; readonly buttons: number; readonly x: number; readonly y: number; readonly wheel: number }
  /** A code of the consumer page. */
  | { readonly kind: 'consumer'; readonly usage: number };

/** Kinds in the order of their report characteristics. */
export const reportKinds: readonly HidReport['kind'][] = ['mouse', 'keyboard', 'consumer'];

const bytes = (...values: readonly number[]): string => String.fromCharCode(...values.map((value) => value & 0xff));
const signed = (code: number): number => (code << 24) >> 24;

/** A report as its characteristic carries it, in byte-characters. */
export const reportValue = (report: HidReport): string => {
  switch (report.kind) {
    case 'keyboard':
      return bytes(report.modifiers, 0, ...report.keys);
    case 'mouse':
      return bytes(report.buttons, report.x, report.y, report.wheel);
    case 'consumer':
      return bytes(report.usage, report.usage >> 8);
  }
};

/** And back. */
export const readReport = (kind: HidReport['kind'], value: string): HidReport => {
  const [first = 0, second = 0, third = 0, fourth = 0, ...rest] = Array.from(value, (character) => character.charCodeAt(0));
  switch (kind) {
    case 'keyboard':
      return { kind, modifiers: first, keys: [third, fourth, ...rest] };
    case 'mouse':
      return { kind, buttons: first, x: signed(second), y: signed(third), wheel: signed(fourth) };
    case 'consumer':
      return { kind, usage: first + second * 256 };
  }
};
