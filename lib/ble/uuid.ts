/** Behind the 32 bits of a UUID that was assigned. */
const base = '00001000800000805F9B34FB';

/** A UUID as this package shows it: upper case without dashes and `0x`, and as short as it can be said. Text that is none stays text. */
export const shortUuid = (text: string): string => {
  const digits = text.replace(/^0x/i, '').replace(/-/g, '').toUpperCase();
  const assigned = digits.length === 32 && digits.endsWith(base) ? digits.slice(0, 8) : digits;
  return assigned.length === 8 && assigned.startsWith('0000') ? assigned.slice(4) : assigned;
};

/** Whether both mean the same: `a002`, `0xA002` and `0000A002-0000-1000-8000-00805F9B34FB` do. */
export const sameUuid = (a: string, b: string): boolean => shortUuid(a) === shortUuid(b);
