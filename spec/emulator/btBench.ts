import { createAir, type Air, type AirConfig, type EmulatorConfig } from 'rx-esp-at/emulator';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { BleHost } from './bleBench.js';

export const masterMac = '24:0a:c4:09:34:23';
export const slaveMac = '24:0a:c4:d6:e4:46';

/** Two modules in one air, in virtual time. */
export class BtBench {
  readonly scheduler = new SteppedScheduler();
  readonly air: Air;
  readonly master: BleHost;
  readonly slave: BleHost;

  constructor(private readonly firmware: NonNullable<EmulatorConfig['firmware']>, air: Omit<AirConfig, 'scheduler'> = {}, more: EmulatorConfig | ((scheduler: SteppedScheduler) => EmulatorConfig) = {}, slave?: EmulatorConfig) {
    this.air = createAir({ ...air, scheduler: this.scheduler });
    const config = typeof more === 'function' ? more(this.scheduler) : more;
    this.master = this.host({ ...config, bleMac: masterMac });
    this.slave = this.host({ ...(slave ?? config), bleMac: slaveMac, seed: 2 });
  }

  /** Another module of this air. */
  host(config: EmulatorConfig): BleHost {
    return new BleHost(this.scheduler, { firmware: this.firmware, ...config, air: this.air });
  }

  wait(ms: number): void {
    this.scheduler.advance(ms);
  }

  /** The preparations of the documents' example: a master, and a slave that waits for it. */
  prepare(): void {
    for (const line of ['AT+BTINIT=1', 'AT+BTSPPINIT=1']) expect(this.master.command(line)).toBe('\r\nOK\r\n');
    for (const line of ['AT+BTINIT=1', 'AT+BTSPPINIT=2', 'AT+BTNAME="EXAMPLE"', 'AT+BTSCANMODE=2', 'AT+BTSPPSTART']) expect(this.slave.command(line)).toBe('\r\nOK\r\n');
  }

  /** And the connection. */
  connect(): void {
    this.prepare();
    expect(this.master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 2000)).toContain(`+BTSPPCONN:0,"${slaveMac}"\r\n`);
    expect(this.slave.take()).toBe(`+BTSPPCONN:0,"${masterMac}"\r\n`);
  }
}
