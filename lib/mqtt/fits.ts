import { AtError } from '../../operators/atError.js';
import { commandKey, type Command } from '../command/command.js';
import { encodeCommand } from '../command/encodeCommand.js';
import type { AtModule } from '../module/atModule.js';

/** What is wrong with a command of this dialect before a byte is sent; `undefined` when its line can be sent, or the dialect lacks it. */
export const faultOf = <P>({ dialect, settings }: AtModule, command: Command<P>, params: P & Readonly<Record<string, unknown>>): AtError | undefined => {
  const declared = dialect.commands.get(commandKey(command));
  if (declared === undefined) return undefined;
  const encoded = encodeCommand(declared, params, settings);
  return encoded instanceof AtError ? encoded : undefined;
};
