import { createEscapeGuard } from '../../operators/escapeGuard.js';
import { ascii, text } from '../support/byteSources.js';

/** What is written of these chunks, `|` standing for a sure quiet. */
const written = (...chunks: readonly string[]): string => {
  const guard = createEscapeGuard();
  return chunks
    .flatMap((chunk) =>
      guard.plan(ascii(chunk)).map((write) => {
        guard.wrote(write);
        return (write.apart ? '|' : ' ') + text(write.bytes);
      }),
    )
    .join('');
};

describe('escapeGuard', () => {
  it.each<[string, readonly string[], string]>([
    ['splits a chunk that is a lone escape', ['+++'], ' +|++'],
    ['splits it again after the next', ['+++', '+++'], ' +|++|+|++'],
    ['leaves longer runs and mixed chunks alone', ['++++', 'a+++', '+++b', '+'], ' ++++ a+++ +++b +'],
    ['parts what would add up to three', ['+', '++'], ' +|++'],
    ['parts two and one', ['++', '+'], ' ++|+'],
    ['parts the third of three', ['+', '+', '+'], ' + +|+'],
    ['forgets what stood before the pause', ['+', '+', '+', '+'], ' + +|+ +'],
    ['goes on counting behind the pause', ['+', '+', '+', '++'], ' + +|+|++'],
    ['splits behind other data too, as nobody knows when the line is quiet', ['abc', '+++'], ' abc +|++'],
    ['looks at every run of the latest writes', ['+', '++++', '++', '++', '+'], ' + ++++ ++ ++|+'],
    ['parts the first of a split one as well', ['++', '+++'], ' ++|+|++'],
    ['trusts no pause between two calls: the module may have held the line', ['+', '++', '+'], ' +|++|+'],
    ['forgets at other data', ['++', 'x', '+'], ' ++ x +'],
  ])('%s', (_, chunks, expected) => {
    expect(written(...chunks)).toBe(expected);
  });
});
