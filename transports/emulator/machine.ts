import { isObservable, of, take, type Observable, type SchedulerLike, type Subscription } from 'rxjs';
import type { ApplicationPorts } from './applications/applications.js';
import type { Timing } from './board.js';
import { CalendarClock } from './clock.js';
import { readCommand } from './commandLine.js';
import { commandTable } from './commands/index.js';
import type { Device, Row } from './device.js';
import { Life } from './life.js';
import { codeLine } from './intake.js';
import type { FaultAction, FaultEvent, Faults } from './faults.js';
import type { Network } from './network/network.js';
import { error, type Outcome, type RawSink } from './outcome.js';
import { Output } from './output.js';
import { assemble, type Parts, type Surroundings } from './parts.js';
import type { Profile } from './profiles/profile.js';
import type { Random } from './random.js';
import { Refusal } from './refusal.js';
import { SettingsStore, type Settings } from './settings.js';
import { Passthrough } from './tcpip/passthrough.js';
import type { Uart } from './uart.js';
import { Updates, type UpdateConfig } from './updates.js';
import type { ViolationKind } from './violation.js';
import type { World } from './wifi/world.js';

/** What a machine is made of. */
export interface MachineOptions {
  readonly profile: Profile;
  readonly scheduler: SchedulerLike;
  readonly timing: Timing;
  readonly random: Random;
  readonly uart: Uart;
  readonly network: Network;
  readonly ports: ApplicationPorts;
  readonly world: World;
  readonly faults: Faults;
  readonly factory: () => Settings;
  readonly sharedLog: boolean;
  readonly bootLog: boolean;
  readonly updates: UpdateConfig | undefined;
  readonly violation: (kind: ViolationKind, text: string) => void;
}

/** The module: boots, runs one command at a time, and holds the parts of the current boot together. */
export class Machine implements Device, Surroundings {
  readonly profile: Profile;
  readonly timing: Timing;
  readonly random: Random;
  readonly network: Network;
  readonly ports: ApplicationPorts;
  readonly world: World;
  readonly calendar: CalendarClock;
  readonly updates: Updates;
  private parts: Parts;
  private life: Life;
  private output: Output;
  private readonly settings: SettingsStore;
  private readonly table: ReadonlyMap<string, Row>;
  private through: RawSink | undefined;
  /** A fault cut the module off: nothing is printed until it boots. */
  private mute = false;

  constructor(private readonly options: MachineOptions) {
    this.profile = options.profile;
    this.timing = options.timing;
    this.random = options.random;
    this.network = options.network;
    this.ports = options.ports;
    this.world = options.world;
    this.settings = new SettingsStore(options.factory, options.ports.flash);
    this.table = commandTable(options.profile);
    this.calendar = new CalendarClock(() => options.scheduler.now());
    this.updates = new Updates(options.updates);
    this.life = new Life(options.scheduler);
    this.output = this.newOutput();
    this.parts = assemble(this);
  }

  /** Power on, or a reset; `quiet`: it happened long ago. */
  boot(quiet: boolean): void {
    this.tcpIp.shutdown();
    this.through?.stop();
    this.through = undefined;
    this.life.end();
    this.life = new Life(this.options.scheduler);
    this.mute = false;
    this.settings.restart();
    this.updates.boot();
    this.options.uart.hold(false);
    this.applyUart();
    this.output = this.newOutput();
    this.parts = assemble(this);
    this.follow(this.intake.linesIn, (line) => this.accept(line));
    this.follow(this.intake.forced, () => {
      this.print('\r\nWill force to restart!!!\r\n');
      this.restart();
    });
    this.follow(this.station.gotIp, () => {
      this.tcpIp.wasLinked = false;
      this.sntp.restart();
    });
    // The stack drops its sockets after the command that left the access point has been answered.
    this.follow(this.station.lost, () => this.after(5, () => this.tcpIp.abortAll()));
    const { boot, join } = this.timing;
    const joins = this.get('autoJoin') === 1;
    if (quiet) {
      if (joins) this.station.settle();
      return this.begin(true);
    }
    if (joins && this.profile.style.joinsBeforeReady) this.after(Math.max(0, boot - join - 1), () => this.station.rejoin());
    if (this.options.bootLog) this.after(1, () => this.profile.bootText.forEach((text) => this.print(text)));
    this.after(boot, () => {
      this.begin(false);
      if (joins && !this.profile.style.joinsBeforeReady) this.station.rejoin();
    });
  }

  get intake(): Parts['intake'] {
    return this.parts.intake;
  }

  get station(): Parts['station'] {
    return this.parts.station;
  }

  get softAp(): Parts['softAp'] {
    return this.parts.softAp;
  }

  get tcpIp(): Parts['tcpIp'] {
    return this.parts.tcpIp;
  }

  get sntp(): Parts['sntp'] {
    return this.parts.sntp;
  }

  get ethernet(): Parts['ethernet'] {
    return this.parts.ethernet;
  }

  get provisioning(): Parts['provisioning'] {
    return this.parts.provisioning;
  }

  get applications(): Parts['applications'] {
    return this.parts.applications;
  }

  now(): number {
    return this.options.scheduler.now();
  }

  after(ms: number, run: () => void): Subscription {
    return this.life.after(ms, run);
  }

  keep(subscription: Subscription): Subscription {
    return this.life.add(subscription);
  }

  follow<T>(source: Observable<T>, next: (value: T) => void): Subscription {
    const error = (defect: unknown): never => {
      throw defect;
    };
    return this.keep(source.subscribe({ next, error }));
  }

  get<K extends keyof Settings>(key: K): Settings[K] {
    return this.settings.get(key);
  }

  set<K extends keyof Settings>(key: K, value: Settings[K]): void {
    this.settings.set(key, value);
    if (key === 'uart') this.options.uart.guard(this.profile.limits.uart, (this.get('uart').flow & 1) === 1);
  }

  print(text: string): void {
    // AT+SYSMSGFILTER: what begins and ends as configured is not printed.
    if (this.get('messageFilter') === 1 && this.get('messageFilters').some(([head, tail]) => text.startsWith(head) && text.endsWith(tail))) return;
    if (!this.mute) this.output.print(text);
  }

  printBytes(bytes: Uint8Array): void {
    if (!this.mute) this.output.printBytes(bytes);
  }

  log(text: string): void {
    if (this.options.sharedLog || this.profile.style.logOnPort) this.print(`${text}\n`);
  }

  say(line: string): void {
    if (!this.through || (this.get('sysmsg') & 4) !== 0) this.print(line);
  }

  whenRoom(run: () => void): void {
    this.options.uart.toHost.whenAtMost(2048, run);
  }

  whenPrinted(run: () => void): void {
    this.options.uart.toHost.whenAtMost(0, run);
  }

  receiving(): boolean {
    return this.options.uart.receiving;
  }

  holdInput(on: boolean): void {
    this.options.uart.hold(on);
  }

  meet(event: FaultEvent): FaultAction | undefined {
    return this.options.faults.meet(event);
  }

  violation(kind: ViolationKind, text: string): void {
    this.options.violation(kind, text);
  }

  setBaud(rate: number): void {
    this.options.uart.rate('module', rate);
  }

  unstored<T>(run: () => T): T {
    return this.settings.unstored(run);
  }

  asStored<T>(run: () => T): T {
    return this.settings.asStored(run);
  }

  erase(): void {
    this.settings.erase();
  }

  rows(): readonly Row[] {
    return [...this.table.values()];
  }

  restart(): void {
    if (this.station.beacon) this.station.leave(true);
    // The port boots with its own rate: the OK must have left at the old one.
    this.whenPrinted(() => this.boot(false));
  }

  sleep(ms: number | undefined): void {
    this.tcpIp.shutdown();
    this.station.leave(false);
    this.life.end();
    this.life = new Life(this.options.scheduler);
    this.intake.off();
    if (ms !== undefined) this.after(ms, () => this.boot(false));
  }

  passthrough(make: (left: () => void) => RawSink): Outcome {
    const through = make(() => {
      this.through = undefined;
      this.intake.lines();
      if (this.profile.style.quits && (this.get('sysmsg') & 1) !== 0) this.print('\r\n+QUITT\r\n');
      this.escapedAt = this.now();
      this.escapes += 1;
    });
    return { kind: 'raw', sink: through, entered: () => (this.through = through) };
  }

  /** When `+++` was last understood. */
  escapedAt: number | undefined;
  /** How often it was. */
  escapes = 0;

  /** Some interface has an address. */
  get reachable(): boolean {
    return this.station.online || this.softAp.on || this.ethernet.online;
  }

  /** True while bytes go through to a peer. */
  get transparent(): boolean {
    return this.through !== undefined;
  }

  private newOutput(): Output {
    return new Output((ms, run) => this.after(ms, run), this.options.uart.toHost, this.options.faults, () => {
      this.life.end();
      this.life = new Life(this.options.scheduler);
      this.mute = true;
      this.after(0, () => this.boot(false));
    });
  }

  private applyUart(): void {
    const { baud, flow } = this.get('uart');
    this.setBaud(baud);
    this.options.uart.guard(this.profile.limits.uart, (flow & 1) === 1);
  }

  /** The firmware is up. */
  private begin(quiet: boolean): void {
    const saved = this.get('transLink');
    if (saved) {
      this.set('mode', 1);
      const request = { id: 0, type: saved.type as 'TCP', host: saved.host, port: saved.port, localPort: saved.localPort || undefined, peerMode: 0 };
      const outcome = this.passthrough(
        (left) => new Passthrough(this, this.tcpIp, request, 0, () => this.reachable, left),
      );
      if (!quiet) this.print('\r\n>');
      if (outcome.kind === 'raw') this.enter(outcome);
    } else this.intake.lines();
    if (!quiet) this.print('\r\nready\r\n');
  }

  private enter(outcome: Extract<Outcome, { kind: 'raw' }>): void {
    this.intake.feed(outcome.sink, '', true);
    outcome.entered();
  }

  /** A whole command line came. */
  private accept(line: string): void {
    const fault = this.meet({ point: 'command', line });
    switch (fault?.do) {
      case 'stall':
        return;
      case 'reset':
        return this.boot(false);
      case 'busy':
        this.print('\r\nbusy p...\r\n');
        return this.intake.lines();
      case 'error':
        this.after(this.timing.command, () => this.finish(error(...(fault.code === undefined ? [] : [fault.code])), line));
        return;
      default:
        this.after(this.timing.command, () => this.run(line));
    }
  }

  private run(line: string): void {
    const asked = readCommand(line, this.table, this.profile.release);
    if ('codes' in asked) return this.finish(error(...asked.codes), line);
    const { name, run, args } = asked;
    try {
      const outcome = run({ device: this, name, args: args(), print: (text) => this.print(text) });
      this.conclude(isObservable(outcome) ? outcome : of(outcome), line);
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      this.finish(error(...refused.codes), line);
    }
  }

  /** Ends a command when its outcome comes; one that fails instead is an ERROR. */
  private conclude(outcome: Observable<Outcome>, line: string): void {
    this.keep(outcome.subscribe({ next: (value) => this.finish(value, line), error: () => this.finish(error(), line) }));
  }

  /** Ends a command, or gives the line to its payload. */
  private finish(outcome: Outcome, line: string): void {
    switch (outcome.kind) {
      case 'ok':
        return this.terminal('\r\nOK\r\n', line, outcome.after);
      case 'error':
        if (this.get('syslog') === 1) for (const code of outcome.codes) this.print(codeLine(code));
        return this.terminal('\r\nERROR\r\n', line, outcome.after);
      case 'text':
        return this.terminal(outcome.text, line, outcome.after);
      case 'raw':
        return this.prompt('\r\n>', () => this.enter(outcome));
      case 'prompt':
        this.conclude(outcome.result.pipe(take(1)), line);
        // Ahead of the prompt: drivers that go by the OK have their payload on its way before a second write.
        this.intake.feed(outcome.sink, line, false);
        return outcome.bare ? this.print('>') : this.prompt(this.profile.style.promptMark);
    }
  }

  private prompt(mark: string, then?: () => void): void {
    if (!this.profile.style.promptApart) {
      this.print(`\r\nOK\r\n${mark}`);
      return then?.();
    }
    this.print('\r\nOK\r\n');
    this.after(1, () => {
      this.print(mark);
      then?.();
    });
  }

  private terminal(text: string, line: string, after: (() => void) | undefined): void {
    const fault = this.meet({ point: 'terminal', line, text });
    if (fault?.do === 'stall') return;
    const end = (): void => {
      this.print(text);
      this.intake.lines();
      after?.();
    };
    if (fault?.do === 'late') this.after(fault.ms, end);
    else end();
  }
}
