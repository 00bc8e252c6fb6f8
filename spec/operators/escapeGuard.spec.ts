import { createEscapeGuard } from '../../operators/escapeGuard.js';
import { ascii, text } from '../support/byteSources.js';

const GAP = 40;

/** What is written of these chunks, `|` standing for a sure quiet; `[time, chunk]`, writes taking no time and a quiet GAP. */
const written = (...chunks: readonly (readonly [number, string])[]): string => {
  const guard = createEscapeGuard(GAP);
  let clock = 0;
  return chunks
    .flatMap(([time, chunk]) => {
      clock = Math.max(clock, time);
      return guard.plan(ascii(chunk), clock).map((write) => {
        if (write.apart) clock += GAP;
        guard.wrote(write, clock);
        return (write.apart ? '|' : ' ') + text(write.bytes);
      });
    })
    .join('');
};

describe('escapeGuard', () => {
  it.each<[string, readonly (readonly [number, string])[], string]>([
    ['splits a chunk that is a lone escape', [[0, '+++']], ' +|++'],
    ['splits it again after the next', [[0, '+++'], [0, '+++']], ' +|++|+|++'],
    ['leaves longer runs and mixed chunks alone', [[0, '++++'], [0, 'a+++'], [0, '+++b'], [0, '+']], ' ++++ a+++ +++b +'],
    ['parts what would add up to three', [[0, '+'], [10, '++']], ' +|++'],
    ['parts two and one', [[0, '++'], [10, '+']], ' ++|+'],
    ['parts the third of three', [[0, '+'], [10, '+'], [20, '+']], ' + +|+'],
    ['forgets what stood before the pause', [[0, '+'], [1, '+'], [2, '+'], [3, '+']], ' + +|+ +'],
    ['goes on counting behind the pause', [[0, '+'], [1, '+'], [2, '+'], [3, '++']], ' + +|+|++'],
    ['splits behind other data too, as nobody knows when the line is quiet', [[0, 'abc'], [1, '+++']], ' abc +|++'],
    ['looks at every run of the latest writes', [[0, '+'], [1, '++++'], [2, '++'], [3, '++'], [4, '+']], ' + ++++ ++ ++|+'],
    ['parts the first of a split one as well', [[0, '++'], [1, '+++']], ' ++|+|++'],
    ['is not bothered by what was quiet anyway', [[0, '+'], [GAP, '++'], [2 * GAP, '+']], ' + ++ +'],
    ['counts again what was not', [[0, '+'], [GAP - 1, '++']], ' +|++'],
    ['forgets at other data', [[0, '++'], [1, 'x'], [2, '+']], ' ++ x +'],
  ])('%s', (_, chunks, expected) => {
    expect(written(...chunks)).toBe(expected);
  });

  it('does not take a slow write for a quiet', () => {
    const guard = createEscapeGuard(GAP);
    const plus = { bytes: ascii('+'), apart: false };
    guard.wrote(plus, 0);
    // Started at 0, done at 100: the two may still stand together on the line.
    guard.wrote(plus, 100);
    expect(guard.plan(ascii('+'), 101)).toEqual([{ bytes: ascii('+'), apart: true }]);
  });
});
