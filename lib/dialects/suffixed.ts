import type { Line } from '../codec/line.js';
import type { Command } from '../command/index.js';

/**
 * The same command under the name that NONOS firmware has for what is not stored (`CUR`) or stored (`DEF`):
 * `module.exec(suffixed(commands.wifi.mode, 'CUR'), { mode: 'station' })`. Its answers carry the longer name too.
 */
export const suffixed = <C extends Command>(key: C, suffix: 'CUR' | 'DEF'): C => {
  const word = key.name.replace(/^AT/, '');
  const origin = new Map<Line, Line>();
  const lines = key.response.lines.map((declared) => {
    const renamed: Line = { ...declared, prefix: declared.prefix.replace(word, `${word}_${suffix}`) };
    origin.set(renamed, declared);
    return renamed;
  });
  return {
    ...key,
    name: `${key.name}_${suffix}`,
    response: {
      ...key.response,
      lines,
      collect: (items, free) => key.response.collect(items.map((item) => ({ ...item, line: origin.get(item.line) ?? item.line })), free),
    },
  };
};
