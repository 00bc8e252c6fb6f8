import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Transport } from 'rx-esp-at';
import { type DialectName, dialectNames, tableOf } from 'rx-esp-at/catalogue';
import { emulator } from 'rx-esp-at/emulator';
import { nodeNetwork } from 'rx-esp-at/emulator/node';
import { serialport } from 'rx-esp-at/transports/serialport';
import { tcp } from 'rx-esp-at/transports/tcp';
import { whole } from './whole.js';

/** Which module, and how: the options of every command that uses one. */
export interface PortOptions {
  readonly port: Port;
  readonly baud?: number;
  readonly dialect: DialectName | 'auto';
  readonly trace?: boolean;
}

export type Port = { readonly kind: 'serial'; readonly path: string } | { readonly kind: 'tcp'; readonly host: string; readonly port: number } | { readonly kind: 'emulator' };

const parsePort = (text: string): Port => {
  if (text === 'emulator') return { kind: 'emulator' };
  if (!/^\w+:\/\//.test(text)) {
    if (text === '') throw new InvalidArgumentError('It is empty.');
    return { kind: 'serial', path: text };
  }
  const [, host, bracketed, port] = /^tcp:\/\/(?:\[([^\]]+)\]|([^:/@[\]]+)):(\d{1,5})\/?$/.exec(text) ?? [];
  const name = host ?? bracketed;
  const number = Number(port);
  if (name === undefined || number < 1 || number > 65535) throw new InvalidArgumentError('Expected a device, tcp://HOST:PORT or emulator.');
  return { kind: 'tcp', host: name, port: number };
};

/** `--dialect`, with the names there are. */
export const dialectOption = (what: string): Option => new Option('--dialect <name>', what).choices(['auto', ...dialectNames]).default('auto');

/** Adds the options of a command that uses a module. */
export const withPort = (command: Command): Command =>
  command
    .requiredOption('-p, --port <port>', 'where the module is: a serial device (/dev/ttyUSB0, COM3), tcp://HOST:PORT, or emulator for one inside this program', parsePort)
    .option('-b, --baud <rate>', 'bits per second of a serial device (115200 unless given); paces the emulator', whole(80, 5_000_000))
    .addOption(dialectOption('firmware dialect; auto asks the module'))
    .option('--trace', 'write every line in both directions to standard error, passwords masked');

/** The port in words. */
export const nameOf = (port: Port): string => (port.kind === 'serial' ? port.path : port.kind === 'tcp' ? `tcp://${port.host}:${String(port.port)}` : 'emulator');

/** A transport to the chosen port. Nothing is opened yet. */
export const transportOf = ({ port, baud, dialect }: PortOptions): Transport => {
  switch (port.kind) {
    case 'serial':
      return serialport({ path: port.path, ...(baud === undefined ? {} : { baudRate: baud }) });
    case 'tcp':
      return tcp({ host: port.host, port: port.port });
    case 'emulator':
      return emulator({ network: nodeNetwork(), dialect: dialect !== 'auto' && tableOf(dialect) === 'v2' ? 'v2' : 'v4', ...(baud === undefined ? {} : { baud }) });
  }
};
