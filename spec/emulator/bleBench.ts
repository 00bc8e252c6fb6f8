import type { Observable } from 'rxjs';
import { createAir, emulator, type Air, type AirConfig, type Emulator, type EmulatorConfig } from 'rx-esp-at/emulator';
import type { Connection } from '../../lib/transport.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { bytesOf, textOf } from './bench.js';

/** One module of an air and its host, driven by raw lines. */
export class BleHost {
  readonly module: Emulator;
  private connection!: Connection;
  private heard = '';

  constructor(private readonly scheduler: SteppedScheduler, config: EmulatorConfig) {
    this.module = emulator({ scheduler, ...config });
    this.module.open().subscribe((connection) => {
      this.connection = connection;
      connection.incoming.subscribe((bytes) => (this.heard += textOf(bytes)));
    });
    this.command('ATE0');
  }

  /** Cold. Writes bytes; completes when the line has room again. */
  post(text: string): Observable<never> {
    return this.connection.write(bytesOf(text));
  }

  /** Writes bytes and gives what came within `ms`, with what was there before. */
  send(text: string, ms = 400): string {
    this.post(text).subscribe();
    this.scheduler.advance(ms);
    return this.take();
  }

  command(line: string, ms = 400): string {
    return this.send(`${line}\r\n`, ms);
  }

  /** Stops and resumes taking bytes. */
  hold(on: boolean): void {
    this.connection.hold?.(on);
  }

  /** What was heard since the last time. */
  take(): string {
    const { heard } = this;
    this.heard = '';
    return heard;
  }
}

/** A server and a client in one air, in virtual time. */
export class BleBench {
  readonly scheduler = new SteppedScheduler();
  readonly air: Air;
  readonly server: BleHost;
  readonly client: BleHost;

  constructor(firmware: NonNullable<EmulatorConfig['firmware']>, air: Omit<AirConfig, 'scheduler'> = {}, { server = {}, client = {} }: { server?: EmulatorConfig; client?: EmulatorConfig } = {}) {
    this.air = createAir({ ...air, scheduler: this.scheduler });
    this.server = new BleHost(this.scheduler, { firmware, air: this.air, bleMac: '24:0a:c4:03:f4:d6', ...server });
    this.client = new BleHost(this.scheduler, { firmware, air: this.air, bleMac: '24:0a:c4:09:34:23', seed: 2, ...client });
  }

  wait(ms: number): void {
    this.scheduler.advance(ms);
  }

  /** Server with its services and client, connected. */
  connect(): void {
    for (const line of ['AT+BLEINIT=2', 'AT+BLEGATTSSRVCRE', 'AT+BLEGATTSSRVSTART', 'AT+BLEADVSTART']) expect(this.server.command(line)).toBe('\r\nOK\r\n');
    expect(this.client.command('AT+BLEINIT=1')).toBe('\r\nOK\r\n');
    expect(this.client.command('AT+BLECONN=0,"24:0a:c4:03:f4:d6"', 1000)).toContain('+BLECONN:0,"24:0a:c4:03:f4:d6"\r\n');
    expect(this.server.take()).toBe('+BLECONN:0,"24:0a:c4:09:34:23"\r\n');
  }

  /** The same, and the client knows the services. */
  discover(): void {
    this.connect();
    expect(this.client.command('AT+BLEGATTCPRIMSRV=0', 1000)).toContain('\r\nOK\r\n');
    expect(this.client.command('AT+BLEGATTCCHAR=0,3', 1000)).toContain('\r\nOK\r\n');
  }
}
