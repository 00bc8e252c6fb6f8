import { isObservable, of } from 'rxjs';
import type { Answers } from './answers.js';
import { readCommand } from './commandLine.js';
import type { Device, Row } from './device.js';
import { error } from './outcome.js';
import { Refusal } from './refusal.js';

/** From a command line to its handler, and the handler's outcome to the answers. */
export class Dispatcher {
  constructor(
    private readonly device: Device,
    private readonly table: ReadonlyMap<string, Row>,
    private readonly answers: Answers,
    private readonly reset: () => void,
  ) {}

  /** A whole command line came; a fault may meet it. */
  accept(line: string): void {
    const { device, answers } = this;
    const fault = device.meet({ point: 'command', line });
    switch (fault?.do) {
      case 'stall':
        return;
      case 'reset':
        return this.reset();
      case 'busy':
        device.print('\r\nbusy p...\r\n');
        return device.intake.lines();
      case 'error':
        device.after(device.timing.command, () => answers.finish(error(...(fault.code === undefined ? [] : [fault.code])), line));
        return;
      default:
        device.after(device.timing.command, () => this.run(line));
    }
  }

  private run(line: string): void {
    const { device, answers } = this;
    const asked = readCommand(line, this.table, device.profile.release);
    if ('codes' in asked) return answers.finish(error(...asked.codes), line);
    const { name, run, args } = asked;
    try {
      const outcome = run({ device, name, args: args(), print: device.print });
      answers.conclude(isObservable(outcome) ? outcome : of(outcome), line);
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      answers.finish(error(...refused.codes), line);
    }
  }
}
