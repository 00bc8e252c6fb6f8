import { InvalidArgumentError } from 'commander';
import type { AccessPoint } from 'rx-esp-at/emulator';
import { whole } from './whole.js';

/** Texts between the commas; a backslash takes comma, quote and backslash out of their role, as in AT strings. */
const split = (text: string): readonly string[] => {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') throw new InvalidArgumentError('A quote is written \\".');
    if (character === ',') parts.push('');
    else if (character !== '\\') parts[parts.length - 1] += character;
    else {
      const next = text[(at += 1)] ?? '';
      if (next === '' || !'\\,"'.includes(next)) throw new InvalidArgumentError('A backslash stands before a comma, a quote or a backslash only.');
      parts[parts.length - 1] += next;
    }
  }
  return parts;
};

const within = (text: string, min: number, max: number, what: string): string => {
  const length = Buffer.byteLength(text);
  if (length < min || length > max || /[\0\r\n]/.test(text)) throw new InvalidArgumentError(`${what} has ${String(min)} to ${String(max)} bytes, none of them CR, LF or NUL.`);
  return text;
};

/** Reads `SSID,PASSWORD[,CHANNEL,RSSI]`; an empty password means an open network. Collects repeated options. */
export const accessPoint = (text: string, before: readonly AccessPoint[] = []): readonly AccessPoint[] => {
  const [ssid = '', password, channel, rssi, ...rest] = split(text);
  if (password === undefined || rest.length > 0) throw new InvalidArgumentError('Expected SSID,PASSWORD[,CHANNEL,RSSI]; an open network is "SSID,".');
  const point: AccessPoint = {
    ssid: within(ssid, 1, 32, 'A network name'),
    ...(password === '' ? {} : { password: within(password, 8, 64, 'A password') }),
    ...(channel === undefined || channel === '' ? {} : { channel: whole(1, 14)(channel) }),
    ...(rssi === undefined || rssi === '' ? {} : { rssi: whole(-127, 0)(rssi) }),
  };
  return [...before, point];
};
