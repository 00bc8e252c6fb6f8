/** The module's calendar: seconds since 1970, from 0 at power-on until it is set; a restart keeps it. */
export class CalendarClock {
  private base = 0;
  private readonly since: { at: number };

  constructor(private readonly now: () => number) {
    this.since = { at: now() };
  }

  get seconds(): number {
    return this.base + Math.floor((this.now() - this.since.at) / 1000);
  }

  set(seconds: number): void {
    this.base = seconds;
    this.since.at = this.now();
  }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `asctime` without its newline. */
export const asctime = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${days[date.getUTCDay()] ?? ''} ${months[date.getUTCMonth()] ?? ''} ${day} ${time} ${date.getUTCFullYear()}`;
};

/** Seconds a zone is ahead: -12 to 14 are hours, everything else is `[+-]hhmm`, of which leading zeros are lost (document 002: 015 is UTC+00:15). */
export const zoneSeconds = (zone: number): number => {
  if (zone >= -12 && zone <= 14) return zone * 3600;
  const sign = Math.sign(zone);
  const size = Math.abs(zone);
  return sign * (Math.floor(size / 100) * 3600 + (size % 100) * 60);
};
