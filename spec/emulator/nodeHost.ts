import { Buffer } from 'node:buffer';
import type { Subscription } from 'rxjs';
import type { Connection } from '../../lib/transport.js';
import type { Emulator } from '../../transports/emulator/index.js';
import { opened, until } from './nodeHarness.js';

/** A host at an emulated module in real time. */
export class NodeHost {
  heard = '';

  private constructor(private readonly connection: Connection, private readonly subscription: Subscription) {
    connection.incoming.subscribe((bytes) => (this.heard += Buffer.from(bytes).toString('latin1')));
  }

  /** Opens the module and joins its access point. */
  static async at(module: Emulator): Promise<NodeHost> {
    const { value, subscription } = await opened(module.open());
    const host = new NodeHost(value, subscription);
    await host.exec('ATE0');
    await host.exec('AT+CWMODE=1');
    await host.exec('AT+CWJAP="Espressif",""');
    return host;
  }

  write(text: string): void {
    this.connection.write(Buffer.from(text, 'latin1')).subscribe();
  }

  /** Waits for what is to be heard, and gives everything heard since the last time. */
  async hear(end: RegExp): Promise<string> {
    await until(() => end.test(this.heard));
    const text = this.heard;
    this.heard = '';
    return text;
  }

  async exec(command: string, end = /\r\n(OK|ERROR)\r\n/): Promise<string> {
    this.heard = '';
    this.write(`${command}\r\n`);
    return this.hear(end);
  }

  leave(): void {
    this.subscription.unsubscribe();
  }
}
