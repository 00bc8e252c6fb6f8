import { isAtError } from 'rx-esp-at';
import { explain as inWords } from '../explain.js';

const hints: Readonly<Record<string, string>> = {
  'module/no-answer': 'Is this the AT port, at the right rate (--baud), and has the module power and ESP-AT firmware?',
  'link/refused': 'The module joined, but could not reach the sensor on this computer: look at the firewall, or name another address with --host.',
};
const joinHints: Readonly<Record<string, string>> = {
  password: 'The access point refused the password; put the right one in ESP_AT_PASSWORD.',
  'not-found': 'The module does not see this access point. It may be out of reach, or on a 5 GHz channel.',
};

/** An error in words, with what may help. */
export const explain = (error: unknown): string => {
  if (!isAtError(error)) return inWords(error);
  const hint = hints[`${error.kind}/${error.code}`] ?? (error.kind === 'command' ? joinHints[String(error.details['reason'])] : undefined);
  return `${inWords(error)}${hint === undefined ? '' : `\n${hint}`}`;
};
