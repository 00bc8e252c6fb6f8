import type { Observable, Subscription } from 'rxjs';
import type { Board } from './board.js';
import type { Device } from './device.js';
import { Life } from './life.js';
import type { MachineOptions } from './machineOptions.js';
import { Output } from './output.js';
import { SettingsStore, type Settings } from './settings.js';

/** The board itself, which stays while boots come and go: the clock, the settings and the line out. */
export interface Mainboard extends Board, Pick<Device, 'setBaud' | 'unstored' | 'asStored' | 'erase'> {
  /** Whatever runs or waits ends. */
  halt(): void;
  /** Power on, or a reset: volatile settings are forgotten, the line is as the flash has it. */
  powerOn(): void;
}

const defective = (defect: unknown): never => {
  throw defect;
};

/** Makes a board; `browned` runs when a fault has cut the module off. */
export const mainboard = (options: MachineOptions, browned: () => void): Mainboard => {
  const { profile, timing, random, scheduler, uart, faults, violation } = options;
  const settings = new SettingsStore(options.factory, options.ports.flash);
  const life = new Life(scheduler);
  /** A fault cut the module off: nothing is printed until it boots. */
  let mute = false;

  const after = (ms: number, run: () => void): Subscription => life.after(ms, run);
  const keep = (subscription: Subscription): Subscription => life.add(subscription);
  const get = <K extends keyof Settings>(key: K): Settings[K] => settings.get(key);
  const setBaud = (rate: number): void => uart.rate('module', rate);
  const guard = (): void => uart.guard(profile.limits.uart, (get('uart').flow & 1) === 1);

  const cutOff = (): void => {
    life.renew();
    mute = true;
    after(0, browned);
  };
  const newOutput = (): Output => new Output(after, uart.toHost, faults, cutOff);
  let output = newOutput();

  /** AT+SYSMSGFILTER: what begins and ends as configured is not printed. */
  const filtered = (text: string): boolean =>
    get('messageFilter') === 1 && get('messageFilters').some(([head, tail]) => text.startsWith(head) && text.endsWith(tail));
  const print = (text: string): void => {
    if (!mute && !filtered(text)) output.print(text);
  };

  return {
    profile, timing, random, violation, after, keep, get, print, setBaud,
    now: () => scheduler.now(),
    follow: <T>(source: Observable<T>, next: (value: T) => void) => keep(source.subscribe({ next, error: defective })),
    set(key, value) {
      settings.set(key, value);
      if (key === 'uart') guard();
    },
    printBytes(bytes) {
      if (!mute) output.printBytes(bytes);
    },
    log(text) {
      if (options.sharedLog || profile.style.logOnPort) print(`${text}\n`);
    },
    whenRoom: (run) => uart.toHost.whenAtMost(2048, run),
    whenPrinted: (run) => uart.toHost.whenAtMost(0, run),
    receiving: () => uart.receiving,
    holdInput: (on) => uart.hold(on),
    meet: (event) => faults.meet(event),
    unstored: (run) => settings.unstored(run),
    asStored: (run) => settings.asStored(run),
    erase: () => settings.erase(),
    halt: () => life.renew(),
    powerOn() {
      life.renew();
      mute = false;
      settings.restart();
      uart.hold(false);
      setBaud(get('uart').baud);
      guard();
      output = newOutput();
    },
  };
};
