/** Major device classes by number. Bluetooth Assigned Numbers, 2.8. */
const majors = {
  miscellaneous: 0,
  computer: 1,
  phone: 2,
  'network access point': 3,
  'audio/video': 4,
  peripheral: 5,
  imaging: 6,
  wearable: 7,
  toy: 8,
  health: 9,
  uncategorized: 31,
} as const;

/** Service classes by bit of the 11 that the firmware tells; bit 0 is bit 13 of the class of device. 2 is reserved. */
const services = {
  'limited discoverable': 0,
  'LE audio': 1,
  positioning: 3,
  networking: 4,
  rendering: 5,
  capturing: 6,
  'object transfer': 7,
  audio: 8,
  telephony: 9,
  information: 10,
} as const;

/** Minor device classes that are numbers, by major class; the list's place is the number, empty where it is reserved. */
const minors: Readonly<Record<number, readonly string[]>> = {
  [majors.computer]: ['uncategorized', 'desktop workstation', 'server', 'laptop', 'handheld', 'palm-size', 'wearable computer', 'tablet'],
  [majors.phone]: ['uncategorized', 'cellular', 'cordless', 'smartphone', 'wired modem or voice gateway', 'common ISDN access'],
  [majors['audio/video']]: [
    'uncategorized',
    'wearable headset',
    'hands-free',
    '',
    'microphone',
    'loudspeaker',
    'headphones',
    'portable audio',
    'car audio',
    'set-top box',
    'hi-fi audio',
    'VCR',
    'video camera',
    'camcorder',
    'video monitor',
    'video display and loudspeaker',
    'video conferencing',
    '',
    'gaming or toy',
  ],
  [majors.wearable]: ['', 'wristwatch', 'pager', 'jacket', 'helmet', 'glasses'],
  [majors.toy]: ['', 'robot', 'vehicle', 'doll or action figure', 'controller', 'game'],
  [majors.health]: [
    'undefined',
    'blood pressure monitor',
    'thermometer',
    'weighing scale',
    'glucose meter',
    'pulse oximeter',
    'heart rate monitor',
    'health data display',
    'step counter',
    'body composition analyzer',
    'peak flow monitor',
    'medication monitor',
    'knee prosthesis',
    'ankle prosthesis',
    'health manager',
    'personal mobility device',
  ],
};

/** Three bits: how much of an access point's capacity is in use. */
const utilization = ['fully available', '1 to 17 % utilized', '17 to 33 % utilized', '33 to 50 % utilized', '50 to 67 % utilized', '67 to 83 % utilized', '83 to 99 % utilized', 'no service available'] as const;
/** Two bits, and what the four below them say. */
const pointing = ['', 'keyboard', 'pointing device', 'keyboard and pointing device'] as const;
const peripherals = ['', 'joystick', 'gamepad', 'remote control', 'sensing device', 'digitizer tablet', 'card reader', 'digital pen', 'handheld scanner', 'gestural input device'] as const;
/** Bits of an imaging device, from bit 2 on. */
const imaging = ['display', 'camera', 'scanner', 'printer'] as const;

/** What a device is: `computer`, `phone`, `peripheral` … */
export type DeviceMajorClass = keyof typeof majors;
/** What a device offers: `audio`, `networking`, `telephony` … */
export type DeviceServiceClass = keyof typeof services;

/** A class of device as the wire has it. */
export interface DeviceClassNumbers {
  /** 0 to 31. */
  readonly major: number;
  /** 0 to 63. */
  readonly minor: number;
  /** 11 bits. */
  readonly service: number;
}

/** What a class of device means. */
export interface DeviceClassNames {
  /** `undefined` where the number has no name. */
  readonly major: DeviceMajorClass | undefined;
  /** What it is, in the words of its major class; several for printers that scan. Empty where the number has no name. */
  readonly minor: readonly string[];
  readonly services: readonly DeviceServiceClass[];
}

const keysOf = <K extends string>(table: Readonly<Record<K, number>>): readonly K[] => Object.keys(table) as K[];

const minorNames = (major: number, minor: number): readonly string[] => {
  const named = (...names: readonly (string | undefined)[]): readonly string[] => names.filter((name) => name !== undefined && name !== '') as string[];
  if (major === majors['network access point']) return named(utilization[minor >> 3]);
  if (major === majors.peripheral) return named(pointing[minor >> 4], peripherals[minor & 0xf]);
  if (major === majors.imaging) return imaging.filter((_, bit) => (minor & (4 << bit)) !== 0);
  return named(minors[major]?.[minor]);
};

/** Names a class of device. Pure. */
export const deviceClassNames = ({ major, minor, service }: DeviceClassNumbers): DeviceClassNames => ({
  major: keysOf(majors).find((name) => majors[name] === major),
  minor: minorNames(major, minor),
  services: keysOf(services).filter((name) => (service & (1 << services[name])) !== 0),
});

/** The number of a major class, and the bits of services. Pure. */
export const majorClassOf = (name: DeviceMajorClass): number => majors[name];
export const serviceBitsOf = (names: readonly DeviceServiceClass[]): number => names.reduce((bits, name) => bits | (1 << services[name]), 0);
/** The number whose name is just this one, or `undefined`. Pure. */
export const minorClassOf = (major: number, name: string): number | undefined => {
  const found = Array.from({ length: 64 }, (_, minor) => minor).filter((minor) => {
    const names = minorNames(major, minor);
    return names.length === 1 && names[0] === name;
  });
  return found[0];
};
