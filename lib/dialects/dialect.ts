import type { Command, EventDeclaration } from '../command/index.js';
import { commandKey } from '../command/command.js';
import type { Capabilities } from './capabilities.js';

/** Families of firmware: ESP32 1.x, 2.0 to 2.1, 2.2 to 2.4, 3.x, 4.x, 5.x, and ESP8266 up to 1.7. */
export type DialectName = 'v1' | 'v2' | 'v2.4' | 'v3' | 'v4' | 'v5' | 'nonos';

/** What a family of firmware releases takes and says: data, nothing else. */
export interface Dialect {
  readonly name: DialectName;
  readonly commands: ReadonlyMap<string, Command>;
  readonly events: readonly EventDeclaration[];
  readonly capabilities: Capabilities;
}

/** What a base dialect lists. */
export interface DialectInit {
  readonly name: DialectName;
  /** Of entries that share name and form, `decode` tries the earlier first: `1` before the `0` that turns the same thing off. */
  readonly commands: readonly Command[];
  readonly events: readonly EventDeclaration[];
  readonly capabilities: Capabilities;
}

const table = (commands: readonly Command[]): ReadonlyMap<string, Command> => new Map(commands.map((declared) => [commandKey(declared), declared]));

/** A base dialect. */
export const dialect = ({ name, commands, events, capabilities }: DialectInit): Dialect => ({ name, commands: table(commands), events, capabilities });

/** What a dialect has otherwise than the one it is derived from. */
export interface Delta {
  readonly name: DialectName;
  /** Entries under the name and form of existing ones. */
  readonly replace?: readonly Command[];
  readonly add?: readonly Command[];
  /** Names (every form), keys (`AT+CIPSTATE query`) or beginnings of names (`AT+MQTT*`) that are missing. */
  readonly drop?: readonly string[];
  readonly replaceEvents?: readonly EventDeclaration[];
  readonly addEvents?: readonly EventDeclaration[];
  readonly dropEvents?: readonly string[];
  readonly capabilities?: Partial<Capabilities>;
}

/** A dialect as the difference to another one. */
export const derive = (base: Dialect, delta: Delta): Dialect => {
  const { replace = [], add = [], drop = [], replaceEvents = [], addEvents = [], dropEvents = [] } = delta;
  const commands = new Map(base.commands);
  const dropped = (key: string, name: string): boolean =>
    drop.some((what) => what === key || what === name || (what.endsWith('*') && name.startsWith(what.slice(0, -1))));
  for (const [key, declared] of base.commands) if (dropped(key, declared.name)) commands.delete(key);
  for (const declared of [...replace, ...add]) commands.set(commandKey(declared), declared);
  const replaced = (name: string): EventDeclaration | undefined => replaceEvents.find((event) => event.name === name);
  const events = base.events.filter((event) => !dropEvents.includes(event.name)).map((event) => replaced(event.name) ?? event);
  return { name: delta.name, commands, events: [...events, ...addEvents], capabilities: { ...base.capabilities, ...delta.capabilities } };
};
