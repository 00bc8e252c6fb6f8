import fc from 'fast-check';
import { isTopic, isTopicFilter, topicMatches } from '../../lib/mqtt/topicMatches.js';

/** The rules once more, level by level. */
const model = (filter: readonly string[], topic: readonly string[]): boolean => {
  const [wanted, ...others] = filter;
  const [level, ...rest] = topic;
  if (wanted === '#') return true;
  if (wanted === undefined || level === undefined) return wanted === level;
  return (wanted === '+' || wanted === level) && model(others, rest);
};

const level = fc.constantFrom('a', 'b', '', 'B', '$SYS', '$', 'ä');
const topicLevels = fc.array(level, { minLength: 1, maxLength: 5 });
const filterLevels = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 5 }), fc.boolean())
  .map(([levels, open]) => (open || levels.length === 0 ? [...levels, '#'] : levels));

describe('topicMatches', () => {
  it.each([
    ['a/b', 'a/b', true], ['a/b', 'a/B', false], ['a', '/a', false], ['/a', '/a', true], ['a/', 'a', false], ['+', 'a', true], ['+', '/a', false], ['+/+', '/a', true],
    ['/+', '/a', true], ['a/+', 'a', false], ['a/+', 'a/', true], ['a/+/c', 'a/b/c', true], ['a/+/c', 'a/b/d/c', false], ['#', 'a', true], ['#', '/', true], ['a/#', 'a', true],
    ['a/#', 'a/b/c', true], ['a/#', 'ab', false], ['a/b/#', 'a', false], ['#', '$SYS/x', false], ['+/x', '$SYS/x', false], ['$SYS/#', '$SYS/x', true], ['$SYS/+', '$SYS/x', true],
    ['a/+', 'a/$x', true], ['a/#', 'a/$x', true], ['+/#', 'a', true],
    ['$share/g/a/+', 'a/b', true], ['$share/g/a/+', 'b', false], ['$share/g/#', '$SYS/x', false], ['$share/g', '$share/g', true], ['$share/g/a/b', 'g/a/b', false],
  ])('%s takes %s: %s', (filter, topic, taken) => {
    expect(topicMatches(filter, topic)).toBe(taken);
  });

  it('is the model, for whatever filters and topics', () => {
    let taken = 0;
    fc.assert(
      fc.property(filterLevels, topicLevels, (filter, topic) => {
        const hidden = topic[0]?.startsWith('$') === true && (filter[0] === '+' || filter[0] === '#');
        const expected = !hidden && model(filter, topic);
        if (expected) taken += 1;
        expect(topicMatches(filter.join('/'), topic.join('/'))).toBe(expected);
      }),
      { seed: 3, numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  it.each(['a', 'a/b', '#', '+', '/', '//', 'a/#', '/#', '+/a/+', 'a,"b', ' ', '$SYS/#'])('"%s" is a filter', (filter) => {
    expect(isTopicFilter(filter)).toBe(true);
  });

  it.each(['', 'a#', '#a', 'a/#/b', '##', 'a+', '+a', 'a/b+/c', 'a\0', '/##', '#/'])('"%s" is none', (filter) => {
    expect(isTopicFilter(filter)).toBe(false);
  });

  it('takes topics for what they are', () => {
    for (const topic of ['a', '/', 'a/b', 'a,"b\\']) expect([topic, isTopic(topic)]).toEqual([topic, true]);
    for (const topic of ['', 'a/+', '#', 'a\0']) expect([topic, isTopic(topic)]).toEqual([topic, false]);
  });
});
