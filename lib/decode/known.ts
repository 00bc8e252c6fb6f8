import { bootSettings, type ModuleSettings } from '../command/command.js';
import { anyDialect } from '../dialects/anyDialect.js';
import { detectDialect } from '../dialects/detectDialect.js';
import type { Dialect, DialectName } from '../dialects/dialect.js';
import { dialects } from '../dialects/dialects.js';
import { beyond } from './beyond.js';
import { type CommandText, readCommand } from './commandText.js';
import type { CaptureContext } from './decoded.js';
import type { Pending } from './pending.js';

/** Where a command line is looked up before AT+GMR has answered: in every table, the newest first. */
const unidentified: readonly Dialect[] = [beyond(anyDialect), dialects.v4, dialects.v5, dialects.v2, dialects.v1, dialects.nonos];

const settingsOf = (context: CaptureContext): ModuleSettings => ({
  ...bootSettings,
  ...(context.echo === undefined ? {} : { echo: context.echo }),
  cipmux: context.cipmux === 1,
  cipdinfo: context.cipdinfo === 1,
  passive: context.passive === true,
  sysmsg: context.sysmsg ?? 0,
  syslog: context.syslog === 1,
});

/** What a capture has told so far of the module it was taken from. */
export interface Known {
  readonly dialect: Dialect;
  readonly settings: ModuleSettings;
  /** A command line as it was written, by the tables it may be of. */
  read(text: string): CommandText;
  /** A command has ended: settings may have changed, or the answer to AT+GMR tells the dialect. */
  concluded(done: Pending): void;
  /** The settings are those after boot. */
  restarted(): void;
}

/** What is known when the capture begins; `changed` is called when lines mean something else from now on. */
export const createKnown = (wanted: DialectName | 'auto', context: CaptureContext, changed: () => void): Known => {
  let identified = wanted !== 'auto';
  let dialect = beyond(wanted === 'auto' ? anyDialect : dialects[wanted]);
  let settings = settingsOf(context);
  const adapt = (next: ModuleSettings): void => {
    settings = next;
    changed();
  };
  return {
    get dialect() {
      return dialect;
    },
    get settings() {
      return settings;
    },
    read: (text) => readCommand(text, identified ? [dialect] : unidentified, settings),
    concluded: ({ command: { declared, params, name }, result, slot }) => {
      const success = declared.terminals?.success ?? ['OK'];
      if (result !== undefined && success.includes(result) && declared.effect !== undefined) adapt({ ...settings, ...declared.effect(params) });
      const firmware = wanted === 'auto' && name === 'AT+GMR' ? detectDialect(slot.free) : undefined;
      if (firmware === undefined) return;
      identified = true;
      dialect = beyond(dialects[firmware.dialect]);
      changed();
    },
    restarted: () => adapt(bootSettings),
  };
};
