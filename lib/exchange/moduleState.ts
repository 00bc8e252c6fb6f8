import { bootSettings, type ModuleSettings } from '../command/command.js';
import type { Dialect } from '../dialects/dialect.js';
import { headsOf } from './heads.js';
import type { LineInput } from './lineInput.js';

/** What is known of the module: the commands it has, and the settings that decide how its lines look. */
export interface ModuleState {
  /** A new one tells the framer its heads. */
  dialect: Dialect;
  /** As they are on the module now. Another value means another object. */
  readonly settings: ModuleSettings;
  /** As users' commands will meet them: those that were kept, else those of now. */
  readonly expected: ModuleSettings;
  /** The module said before its last `ready` that it boots straight into passthrough. */
  readonly rawBoot: boolean;
  learn(change: Partial<ModuleSettings>): void;
  /** Tells the framer what the dialect's heads look like now. */
  reshape(): void;
  /** Users' commands wait from now on, and will meet the settings of now. */
  keep(): void;
  /** The module has restarted: everything is as it boots with. */
  booted(): void;
  bootsRaw(): void;
  /** What was kept holds again, users' commands go on. */
  restored(): void;
}

/** A module that has just booted. */
export const createModuleState = (initial: Dialect, instruct: LineInput['instruct']): ModuleState => {
  let dialect = initial;
  let settings: ModuleSettings = bootSettings;
  /** Set while users' commands wait: from a restart to the end of the prologue, and while somebody has the line alone. */
  let before: ModuleSettings | undefined;
  let rawBoot = false;
  const reshape = (): void => instruct({ do: 'heads', heads: headsOf(dialect, settings) });
  const keep = (): void => {
    before ??= settings;
  };
  return {
    get dialect() {
      return dialect;
    },
    set dialect(next: Dialect) {
      dialect = next;
      reshape();
    },
    get settings() {
      return settings;
    },
    get expected() {
      return before ?? settings;
    },
    get rawBoot() {
      return rawBoot;
    },
    learn: (change) => {
      settings = { ...settings, ...change };
    },
    reshape,
    keep,
    booted: () => {
      keep();
      settings = bootSettings;
    },
    bootsRaw: () => {
      rawBoot = true;
    },
    restored: () => {
      before = undefined;
      rawBoot = false;
    },
  };
};
