import { Subject } from 'rxjs';
import { fields, line, uint } from '../../lib/codec/index.js';
import { counted, event, free, group, many, mapped, maybe, none, ofEvent, one, type AtEvent, type Item } from '../../lib/command/index.js';

const a = line('+A:', fields({ a: uint }));
const b = line('+B:', fields({ b: uint }));
const items: readonly Item[] = [{ line: a, value: { a: 1 } }, { line: b, value: { b: 2 } }, { line: a, value: { a: 3 } }];

test('one, maybe, many, none, free', () => {
  expect(one(a).collect(items, [])).toEqual({ a: 1 });
  expect(one(a).collect([], [])).toMatchObject({ kind: 'decode', code: 'missing', details: { line: '+A:' } });
  expect(maybe(b).collect(items, [])).toEqual({ b: 2 });
  expect(maybe(b).collect([], [])).toBeUndefined();
  expect(many(a).collect(items, [])).toEqual([{ a: 1 }, { a: 3 }]);
  expect(none.collect(items, ['x'])).toBeUndefined();
  expect(free.collect([], ['x', 'y'])).toEqual(['x', 'y']);
});

test('a payload is given with its fields', () => {
  const payload = new Uint8Array([1, 2]);
  expect(counted(a).collect([{ line: a, value: { a: 2 }, payload }], [])).toEqual({ a: 2, payload });
});

test('groups and maps pass an error of a part on', () => {
  const both = group({ first: one(a), rest: many(b) });
  expect(both.lines).toEqual([a, b]);
  expect(both.collect(items, [])).toEqual({ first: { a: 1 }, rest: [{ b: 2 }] });
  expect(both.collect([], [])).toMatchObject({ kind: 'decode', code: 'missing' });
  expect(mapped(both, ({ first }) => first.a + 1).collect(items, [])).toBe(2);
  expect(mapped(both, () => 7).collect([], [])).toMatchObject({ code: 'missing' });
});

test('ofEvent picks one declaration and neither completes nor fails by itself', () => {
  const declared = event({ line: a, doc: 'for specifications', source: 'none' });
  const all = new Subject<AtEvent>();
  const seen: unknown[] = [];
  const subscription = all.pipe(ofEvent(declared)).subscribe(({ fields: { a: value } }) => seen.push(value));
  for (const name of ['+A', '+B', '+A']) all.next({ name, fields: { a: name } });
  expect(declared.name).toBe('+A');
  expect(seen).toEqual(['+A', '+A']);
  subscription.unsubscribe();
  expect(all.observed).toBe(false);
});
