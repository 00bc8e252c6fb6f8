import type { Progress, Step } from './tour.js';
import { grouped, summary } from './summary.js';

/** Where the demo writes: `process.stdout`, or a pipe, or a test. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const redrawEvery = 80;
/** Without a terminal: a line of text each time so much more has been received. */
const share = 0.25;

const bar = (part: number): string => {
  const full = Math.round(part * 10);
  return `[${'#'.repeat(full)}${'.'.repeat(10 - full)}]`;
};

const describe = ({ readings, total, celsius, unread, heldBack }: Progress): string =>
  `${grouped(readings)} of ${grouped(total)}, ${celsius.toFixed(2)} °C, unread ${grouped(unread)} bytes, sensor held back ${grouped(heldBack)}x`;

/** Shows steps as they come: on a terminal with one live line that is drawn again, elsewhere as plain lines. */
export const terminal = (screen: Screen, now: () => number): { show(step: Step): void; line(text: string): void; clear(): void } => {
  const live = screen.isTTY === true;
  let drawn = false;
  let drawnAt = -Infinity;
  let told = 0;

  const clear = (): void => {
    if (drawn) screen.write('\r\x1b[2K');
    drawn = false;
  };
  const line = (text: string): void => {
    clear();
    screen.write(`${text}\n`);
  };
  const draw = (text: string): void => {
    clear();
    // A line that wraps could not be cleared.
    screen.write(text.slice(0, (screen.columns || 80) - 1));
    drawn = true;
    drawnAt = now();
  };
  const progress = (step: Progress): void => {
    const part = step.readings / step.total;
    if (live && (now() - drawnAt >= redrawEvery || part === 1)) draw(`  ${bar(part)} ${describe(step)}`);
    if (!live && (part === 1 || part >= told + share)) {
      told = Math.floor(part / share) * share;
      line(`  ${describe(step)}`);
    }
  };
  const show = (step: Step): void => {
    if (step.kind === 'progress') return progress(step);
    if (step.kind === 'fact') return line(`  ${step.label.padEnd(10)}${step.text}`);
    if (step.kind === 'report') return line(`\n${summary(step)}`);
    if (live) draw(`  ${step.text} ...`);
  };
  return { show, line, clear };
};
