import type { Answers } from './answers.js';
import type { Device } from './device.js';
import type { Passage } from './passage.js';
import { Passthrough } from './tcpip/passthrough.js';

/** What a start brings together. */
export interface StartUp {
  readonly device: Device;
  readonly answers: Answers;
  readonly passage: Passage;
  /** ROM and loader text is on the AT port. */
  readonly bootLog: boolean;
}

/** The firmware is up: it reads lines, or the link of AT+SAVETRANSLINK has the port. */
const begin = ({ device, answers, passage }: StartUp, quiet: boolean): void => {
  const saved = device.get('transLink');
  if (saved) {
    device.set('mode', 1);
    const request = { id: 0, type: saved.type as 'TCP', host: saved.host, port: saved.port, localPort: saved.localPort || undefined, peerMode: 0 };
    const outcome = passage.give(device.intake, (left) => new Passthrough(device, device.tcpIp, request, 0, device.reachable, left));
    if (!quiet) device.print('\r\n>');
    answers.enter(outcome);
  } else device.intake.lines();
  if (!quiet) device.print('\r\nready\r\n');
};

/** From power to `ready`, with the automatic join; `quiet`: it happened long ago. */
export const startUp = (start: StartUp, quiet: boolean): void => {
  const { device } = start;
  const { profile, station, timing: { boot, join } } = device;
  const joins = device.get('autoJoin') === 1;
  if (quiet) {
    if (joins) station.settle();
    return begin(start, true);
  }
  if (joins && profile.style.joinsBeforeReady) device.after(Math.max(0, boot - join - 1), () => station.rejoin());
  if (start.bootLog) device.after(1, () => profile.bootText.forEach((text) => device.print(text)));
  device.after(boot, () => {
    begin(start, false);
    if (joins && !profile.style.joinsBeforeReady) station.rejoin();
  });
};
