/** The update server that the module finds, and how an update goes. */
export interface UpdateConfig {
  /** The newest firmware it has, `v4.1.1.0` or the like; AT+GMR shows it after the update. */
  readonly version: string;
  /** Others it has, for AT+CIPFWVER? and AT+CIUPDATE=<mode>,<version>. */
  readonly older?: readonly string[];
  /** From one step to the next, in ms. Default 200. */
  readonly stage?: number;
  /** The step that is not reached: 1 no server, 2 no connection, 3 no such version, 4 the download breaks off. Default none. */
  readonly failsAt?: 1 | 2 | 3 | 4;
}

/** The update server and what was installed from it: outlives restarts, as the flash's firmware slots do. */
export class Updates {
  /** What AT+GMR shows instead of the release's own version. */
  installed: string | undefined;
  private pending: string | undefined;
  /** As AT+CIUPDATE? tells it: 0 none, then the last step, -1 failed beside other work. */
  state = 0;
  running = false;

  constructor(readonly config: UpdateConfig | undefined) {}

  get versions(): readonly string[] {
    return this.config === undefined ? [] : [...(this.config.older ?? []), this.config.version];
  }

  /** The version is written: the next boot starts it. */
  write(version: string): void {
    this.pending = version;
  }

  /** A boot. */
  boot(): void {
    this.installed = this.pending ?? this.installed;
    this.pending = undefined;
    this.state = 0;
    this.running = false;
  }

  /** The lines of AT+GMR with the version that runs. */
  shown(lines: readonly string[]): readonly string[] {
    const version = this.installed?.replace(/^v/, '');
    if (version === undefined) return lines;
    return lines.map((line) => line.replace(/^((?:AT|Bin) version:v?)[\d.]+(?:-dev)?/, `$1${version}`));
  }
}
