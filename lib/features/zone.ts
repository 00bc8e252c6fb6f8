import { AtError } from '../../operators/atError.js';

/** A time zone: whole hours east of UTC (-12 to 14), or an offset in hours and minutes as text: `+0545`, `-0930`, `1245`. */
export type Zone = number | string;

/** A zone as minutes east of UTC, and as AT+CIPSNTPCFG takes it. */
export interface ZoneOffset {
  readonly minutes: number;
  readonly wire: number;
}

const wrong = (zone: Zone, why: string): AtError =>
  new AtError({ kind: 'usage', code: 'parameter', message: `zone ${String(zone)}: ${why}`, details: { parameter: 'zone', value: zone } });

/**
 * Reads a zone; the error is found before a byte is sent. Whole hours go out as hours, which every firmware takes. The firmware drops leading zeros
 * and takes -12 to 14 for hours (document 002 AT+CIPSNTPCFG), so it has no way to say an offset of 1 to 14 minutes east or 1 to 12 minutes west.
 */
export const readZone = (zone: Zone): ZoneOffset | AtError => {
  if (typeof zone === 'number') {
    return Number.isInteger(zone) && zone >= -12 && zone <= 14 ? { minutes: zone * 60, wire: zone } : wrong(zone, 'expected whole hours, -12 to 14');
  }
  const [, sign, hourText, minuteText] = /^([+-]?)(\d{2})(\d{2})$/.exec(zone) ?? [];
  const [hours, rest] = [Number(hourText), Number(minuteText)];
  const west = sign === '-';
  if (hourText === undefined || rest > 59 || hours > (west ? 12 : 14)) return wrong(zone, 'expected hhmm between -1259 and +1459');
  const factor = west && hours + rest > 0 ? -1 : 1;
  if (rest === 0) return { minutes: factor * hours * 60, wire: factor * hours };
  if (hours === 0 && rest <= (west ? 12 : 14)) return wrong(zone, 'the firmware would read these minutes as hours');
  return { minutes: factor * (hours * 60 + rest), wire: factor * (hours * 100 + rest) };
};
