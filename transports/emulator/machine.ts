import { Answers } from './answers.js';
import { CalendarClock } from './clock.js';
import { commandTable } from './commands/index.js';
import type { Device } from './device.js';
import { Dispatcher } from './dispatcher.js';
import type { MachineOptions } from './machineOptions.js';
import { mainboard } from './mainboard.js';
import { assemble } from './parts.js';
import { Passage } from './passage.js';
import { startUp } from './startUp.js';
import { Updates } from './updates.js';

/** The module behind its serial line. */
export interface Machine {
  /** The line in passthrough. */
  readonly passage: Passage;
  /** Power on, or a reset; `quiet`: it happened long ago. */
  boot(quiet: boolean): void;
  /** Bytes off the line: to the intake, from there as lines to the dispatcher, whose outcomes the answers print. */
  receive(bytes: Uint8Array): void;
}

/** Makes a module that is off. What outlives a restart is made here; each boot assembles the rest anew. */
export const machine = (options: MachineOptions): Machine => {
  const { profile, network, ports, world, bootLog } = options;
  const table = commandTable(profile);
  const calendar = new CalendarClock(() => options.scheduler.now());
  const updates = new Updates(options.updates);
  const board = mainboard(options, () => boot(false));
  const passage = new Passage(board);

  const say = (line: string): void => {
    if (!passage.open || (board.get('sysmsg') & 4) !== 0) board.print(line);
  };

  const restart = (): void => {
    if (device.station.beacon) device.station.leave(true);
    // The port boots with its own rate: the OK must have left at the old one.
    board.whenPrinted(() => boot(false));
  };

  const sleep = (ms: number | undefined): void => {
    device.tcpIp.shutdown();
    device.station.leave(false);
    board.halt();
    device.intake.off();
    if (ms !== undefined) board.after(ms, () => boot(false));
  };

  const assembled = (): Device => {
    const surroundings = { ...board, calendar, network, ports, world, say, transparent: () => passage.open };
    const parts = assemble(surroundings);
    return {
      ...surroundings, ...parts, updates, restart, sleep,
      passthrough: (make) => passage.give(parts.intake, make),
      rows: () => [...table.values()],
    };
  };
  let device = assembled();

  /** What the parts of this boot tell the module. */
  const attend = ({ intake, station, tcpIp, sntp }: Device, dispatcher: Dispatcher): void => {
    board.follow(intake.linesIn, (line) => dispatcher.accept(line));
    board.follow(intake.forced, () => {
      board.print('\r\nWill force to restart!!!\r\n');
      restart();
    });
    board.follow(station.gotIp, () => {
      tcpIp.wasLinked = false;
      sntp.restart();
    });
    // The stack drops its sockets after the command that left the access point has been answered.
    board.follow(station.lost, () => board.after(5, () => tcpIp.abortAll()));
  };

  const boot = (quiet: boolean): void => {
    device.tcpIp.shutdown();
    passage.stop();
    board.powerOn();
    updates.boot();
    device = assembled();
    const answers = new Answers(board, device.intake);
    attend(device, new Dispatcher(device, table, answers, () => boot(false)));
    startUp({ device, answers, passage, bootLog }, quiet);
  };

  return { passage, boot, receive: (bytes) => device.intake.receive(bytes) };
};
