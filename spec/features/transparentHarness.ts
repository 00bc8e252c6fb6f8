import { createCipheriv } from 'node:crypto';
import { mergeMap, Observable, tap } from 'rxjs';
import { type Duplex, tcp, transparent, type TransparentConfig } from '../../lib/index.js';
import type { ByteSource } from '../../operators/index.js';
import type { EmulatorConfig, FirmwareVersion } from '../../transports/emulator/index.js';
import { echo, type HostHandler } from '../../transports/emulator/network/index.js';
import { joinedModule, type JoinedModule, observed, type Observed } from '../support/joinedModule.js';
import type { VirtualModuleConfig } from '../support/virtualModule.js';

export const host = '192.168.4.2';
export const server: TransparentConfig = { host, port: 9000 };
export const bytesOf = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export interface Passage extends JoinedModule {
  readonly violations: string[];
  readonly seen: Observed<Duplex>;
  readonly duplex: Duplex;
  /** Bytes the peers got. */
  readonly atPeer: () => string;
}

export const keeping = (handler: HostHandler, got: Uint8Array[]): HostHandler => (socket) =>
  handler({ ...socket, incoming: socket.incoming.pipe(tap((bytes) => got.push(bytes.slice()))) });

/** A joined module, and a passthrough that is open after a second. */
export const passage = (handler: HostHandler, emulator: EmulatorConfig = {}, config: Partial<TransparentConfig> = {}, more: VirtualModuleConfig = {}): Passage => {
  const got: Uint8Array[] = [];
  const world = joinedModule({ ...more, emulator, network: { hosts: { [host]: { tcp: { 9000: keeping(handler, got), 9001: echo() } } } } });
  const violations: string[] = [];
  world.module.violations.subscribe(({ kind, text }) => violations.push(`${kind} ${text}`));
  const seen = observed(transparent(world.at, { ...server, ...config }));
  world.run(1000);
  const [duplex] = seen.values;
  if (duplex === undefined) throw new Error(`no passthrough: ${String(seen.error)} ${world.trace.join(' | ')}`);
  return { ...world, violations, seen, duplex, atPeer: () => Buffer.concat(got).toString('latin1') };
};

/** A following TCP connection to an echo says its word. */
export const usable = (world: JoinedModule): void => {
  let got = '';
  const life = tcp(world.at, { host, port: 9001 })
    .pipe(mergeMap((socket) => socket.send(bytesOf('still here')).pipe(mergeMap(() => socket.read()))))
    .subscribe({ next: (bytes) => (got += textOf(bytes)), error: (error: unknown) => (got += String(error)) });
  world.run(30_000);
  expect(got).toBe('still here');
  life.unsubscribe();
  world.run(5000);
};

/** Nothing is left when the module is closed. */
export const nothingLeft = (world: JoinedModule): void => {
  world.end();
  world.run(10_000);
  expect(world.scheduler.actions.filter(({ closed }) => !closed)).toEqual([]);
};

/** Random bytes that the seed decides, by the megabyte. */
export const shuffled = (length: number, random: () => number): Uint8Array => {
  const word = (): Uint8Array => Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
  return createCipheriv('aes-128-ctr', word(), word()).update(new Uint8Array(length));
};

/** Random bytes in pieces of random length, many of them nothing but plus signs, with pauses around the guard time between them. */
export const hostile = (world: Pick<JoinedModule, 'scheduler'>, length: number, random: () => number, sent: Uint8Array[]): ByteSource => {
  let left = length;
  return {
    read: (max = Infinity) =>
      new Observable<Uint8Array>((subscriber) => {
        if (left <= 0) return subscriber.complete();
        const dice = random();
        const plus = dice < 0.3;
        const size = Math.min(plus ? 1 + Math.floor(random() * 4) : Math.ceil(random() * (dice < 0.4 ? 20 : 4000)), max, left);
        left -= size;
        const bytes = plus ? new Uint8Array(size).fill(0x2b) : shuffled(size, random);
        const emit = (): void => {
          sent.push(bytes.slice());
          subscriber.next(bytes);
          subscriber.complete();
        };
        if (!plus || random() < 0.5) return emit();
        return world.scheduler.schedule(emit, random() * 60);
      }),
  };
};

export const firmwares: readonly FirmwareVersion[] = ['2.0.0', '2.1.0', '4.1.0'];
const lines: readonly (number | undefined)[] = [undefined, 115_200];
/** Every firmware on a line without a rate and on a slow one. */
export const kinds = firmwares.flatMap((firmware) => lines.map((baud) => ({ firmware, baud, emulator: { firmware, ...(baud === undefined ? {} : { baud }) } })));
