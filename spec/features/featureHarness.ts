import { type AtModule, type ModuleConfig, openModule } from '../../lib/index.js';
import type { Transport } from '../../lib/transport.js';
import type { EmulatorConfig } from '../../transports/emulator/index.js';
import { virtualModule } from '../support/virtualModule.js';

/** A module in virtual time with what went over its line. */
export interface FeatureHarness {
  readonly world: ReturnType<typeof virtualModule>;
  /** Lines to and from the module, masked, the prologue's among them. */
  readonly trace: string[];
  /** Errors of `openModule`. */
  readonly failures: unknown[];
  /** Breaches of the protocol. */
  readonly violations: string[];
  /** Runs once, when the module is open. */
  opened(use: (module: AtModule) => void): void;
  /** Lines to the module since `from`. */
  sent(from?: number): string[];
  close(): void;
}

export interface FeatureHarnessConfig {
  readonly emulator?: EmulatorConfig;
  readonly module?: ModuleConfig;
  /** Stands between host and module. */
  readonly transport?: (module: Transport) => Transport;
}

/** Nothing happens before `world.run`. */
export const featureHarness = ({ emulator = {}, module = {}, transport = (same) => same }: FeatureHarnessConfig = {}): FeatureHarness => {
  const world = virtualModule({ emulator });
  const trace: string[] = [];
  const lines: string[] = [];
  const failures: unknown[] = [];
  const violations: string[] = [];
  const uses: ((module: AtModule) => void)[] = [];
  world.module.violations.subscribe(({ kind }) => violations.push(kind));
  const life = openModule(transport(world.module), {
    ...module,
    scheduler: world.scheduler,
    trace: {
      next: ({ dir, text }) => {
        trace.push(text);
        if (dir === 'tx') lines.push(text);
      },
    },
  }).subscribe({ next: (opened) => uses.forEach((use) => use(opened)), error: (error: unknown) => failures.push(error) });
  return {
    world,
    trace,
    failures,
    violations,
    opened: (use) => uses.push(use),
    sent: (from = 0) => lines.slice(from),
    close: () => life.unsubscribe(),
  };
};

/** The lines of the prologue: those before the user's. */
export const userLines = (lines: readonly string[]): string[] => lines.filter((line) => !/^AT(?:|E0|\+GMR|\+SYSLOG=1|\+SYSMSG=3|\+CIPMUX=1|\+CIPDINFO=0)$/.test(line));
