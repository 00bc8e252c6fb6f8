import { emulator, type Emulator, type EmulatorConfig, type Violation } from 'rx-esp-at/emulator';
import type { Connection } from '../../lib/transport.js';
import { ScriptedNetwork, type ScriptedOptions } from '../support/scriptedNetwork.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** A module on a bench, in virtual time. */
export class Bench {
  readonly scheduler = new SteppedScheduler();
  readonly network: ScriptedNetwork;
  readonly module: Emulator;
  readonly violations: Violation[] = [];
  /** Chunks as the host got them, with the time of each. */
  readonly chunks: { readonly at: number; readonly text: string }[] = [];
  connection!: Connection;
  private heard = '';

  constructor(given: EmulatorConfig | ((scheduler: SteppedScheduler) => EmulatorConfig) = {}, net: Partial<ScriptedOptions> = {}) {
    const config = typeof given === 'function' ? given(this.scheduler) : given;
    this.network = new ScriptedNetwork({ scheduler: this.scheduler, alive: ['192.168.4.2'], ...net });
    this.module = emulator({ scheduler: this.scheduler, network: this.network, ...config });
    this.module.violations.subscribe((violation) => this.violations.push(violation));
    this.module.open().subscribe((connection) => {
      this.connection = connection;
      connection.incoming.subscribe((bytes) => {
        this.heard += textOf(bytes);
        this.chunks.push({ at: this.scheduler.frame, text: textOf(bytes) });
      });
    });
  }

  /** Writes without waiting. */
  write(text: string): void {
    this.connection.write(bytesOf(text)).subscribe();
  }

  /** Writes, lets `ms` pass, and gives what was heard since the last time. */
  send(text: string, ms = 100): string {
    this.write(text);
    return this.wait(ms);
  }

  /** A command without its echo and line end. */
  command(line: string, ms = 100): string {
    const heard = this.send(`${line}\r\n`, ms);
    return heard.startsWith(`${line}\r\n`) ? heard.slice(line.length + 2) : heard;
  }

  wait(ms: number): string {
    this.scheduler.advance(ms);
    const text = this.heard;
    this.heard = '';
    return text;
  }

  /** Joins the default access point. */
  join(): void {
    this.command('AT+CWMODE=1');
    expect(this.command('AT+CWJAP="Espressif",""', 1000)).toBe('WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n');
  }

  /** Joins and opens a TCP link to the scripted peer. */
  connect(port = 1000): void {
    this.join();
    expect(this.command(`AT+CIPSTART="TCP","192.168.4.2",${port}`)).toBe('CONNECT\r\n\r\nOK\r\n');
  }

  kinds(): readonly string[] {
    return this.violations.map(({ kind }) => kind);
  }
}

export const OK = '\r\nOK\r\n';
export const ERROR = '\r\nERROR\r\n';
