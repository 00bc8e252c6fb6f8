import { ok } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { Refusal } from '../refusal.js';
import type { UartSettings } from '../settings.js';

/** The rate that the divider of an 80 MHz clock, with its four fraction bits, really gives. */
const divided = (baud: number): number => Math.floor((80_000_000 * 16) / Math.floor((80_000_000 * 16) / baud));

const line = ({ data, stop, parity, flow }: UartSettings): string => `${data},${stop},${parity},${flow}`;

const read = ({ device, args }: Call): UartSettings => {
  // 2.0 refuses a missing parameter without a code, 4.1 names it.
  if (args.count > 5 || (args.count < 5 && device.profile.style.countCodes)) throw new Refusal();
  return {
    baud: args.int(0, { min: 80, max: 5_000_000 }),
    data: args.int(1, { min: 5, max: 8 }),
    stop: args.int(2, { min: 1, max: 3 }),
    parity: args.int(3, { min: 0, max: 2 }),
    flow: args.int(4, { min: 0, max: 3 }),
  };
};

const current: { query: Handler; set: Handler } = {
  query: ({ device, name, print }) => {
    const uart = device.get('uart');
    print(`${name}:${divided(uart.baud)},${line(uart)}\r\n`);
    return ok();
  },
  set: (call) => {
    const uart = read(call);
    return ok(() => apply(call, uart));
  },
};

/** The new rate holds once the OK has left at the old one. */
const apply = ({ device }: Call, uart: UartSettings): void => {
  device.set('uart', uart);
  device.whenPrinted(() => device.setBaud(uart.baud));
};

export const uart: readonly Row[] = [
  { name: '+UART', group: 'basic', ...current },
  { name: '+UART_CUR', group: 'basic', ...current },
  {
    name: '+UART_DEF', group: 'basic',
    query: ({ device, name, print }) => {
      const saved = device.get('uartSaved');
      print(`${name}:${saved.baud},${line(saved)}\r\n`);
      return ok();
    },
    set: (call) => {
      const wanted = read(call);
      return ok(() => {
        call.device.set('uartSaved', wanted);
        apply(call, wanted);
      });
    },
  },
];
