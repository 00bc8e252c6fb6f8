/** One key with what is held beside it. */
export interface HidKey {
  /** HID usage of the keyboard page: 4 is `a`, 40 is Enter. */
  readonly usage: number;
  /** Modifiers bit by bit: 1 control, 2 shift, 4 alt, 8 GUI; times 16 the right ones. */
  readonly modifiers: number;
}

/** Bits of the modifiers. */
export const hidModifiers = { control: 1, shift: 2, alt: 4, gui: 8, rightControl: 16, rightShift: 32, rightAlt: 64, rightGui: 128 } as const;

/** Usages of keys that type no character. */
export const hidKeys = {
  enter: 40, escape: 41, backspace: 42, tab: 43, space: 44, capsLock: 57,
  f1: 58, f2: 59, f3: 60, f4: 61, f5: 62, f6: 63, f7: 64, f8: 65, f9: 66, f10: 67, f11: 68, f12: 69,
  printScreen: 70, scrollLock: 71, pause: 72, insert: 73, home: 74, pageUp: 75, delete: 76, end: 77, pageDown: 78, right: 79, left: 80, down: 81, up: 82,
} as const;

/** Usages of the consumer page. */
export const hidConsumerKeys = {
  power: 48, brightnessUp: 111, brightnessDown: 112, play: 176, pause: 177, nextTrack: 181, previousTrack: 182, stop: 183, playPause: 205, mute: 226, volumeUp: 233, volumeDown: 234,
} as const;

/** The keys from a usage on, as they are and with shift. */
const rows: readonly (readonly [first: number, plain: string, shifted: string])[] = [
  [4, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [30, '1234567890', '!@#$%^&*()'],
  [40, '\n', ''],
  [43, '\t', ''],
  [44, ' -=[]\\', ''],
  [45, '', '_+{}|'],
  [51, ';\'`,./', ':"~<>?'],
];

const shift = hidModifiers.shift;
const table = new Map<string, HidKey>(
  rows.flatMap(([first, plain, shifted]) => [
    ...[...plain].map((character, index) => [character, { usage: first + index, modifiers: 0 }] as const),
    ...[...shifted].map((character, index) => [character, { usage: first + index, modifiers: shift }] as const),
  ]),
);

/** The key of a character on a keyboard with the US layout; `undefined` where it has none. Line feed is Enter. */
export const hidKeyOf = (character: string): HidKey | undefined => table.get(character);
