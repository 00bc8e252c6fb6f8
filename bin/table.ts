const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns a terminal gives to a text: two to East Asian letters and emoji, none to what combines with the letter before. */
export const width = (text: string): number => [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : /\p{M}/u.test(letter) ? 0 : 1), 0);

const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));

const cut = (text: string, limit: number): string => {
  if (width(text) <= limit) return text;
  const letters = [...text];
  while (letters.length > 0 && width(letters.join('')) > limit - 1) letters.pop();
  return `${letters.join('')}…`;
};

/** Rows under a heading, columns apart; with a limit no line is wider than that many columns. */
export const table = (heading: readonly string[], rows: readonly (readonly string[])[], limit?: number): string => {
  const all = [heading, ...rows];
  const columns = heading.map((_, index) => Math.max(...all.map((row) => width(row[index] ?? ''))));
  const lines = all.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : pad(cell, columns[index] ?? 0))).join('  ').trimEnd());
  return lines.map((line) => (limit === undefined ? line : cut(line, limit))).join('\n');
};

/** Names and values, one a line. */
export const list = (entries: readonly (readonly [string, string | undefined])[]): string => {
  const known = entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  const column = Math.max(0, ...known.map(([name]) => width(name)));
  return known.map(([name, value]) => `${pad(name, column)}  ${value}`).join('\n');
};
