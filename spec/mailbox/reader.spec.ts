import { Observable, Subject } from 'rxjs';
import { createReader } from '../../lib/mailbox/reader.js';

test('a demand that comes out of the emission it follows neither overtakes nor piles up', () => {
  const demand = new Subject<number>();
  const many = 20_000;
  const seen: number[] = [];
  const failures: unknown[] = [];
  new Observable<number>((subscriber) => {
    const reader = createReader('items', { demand, queueLimit: many }, subscriber);
    subscriber.add(reader.start());
    for (let item = 0; item < many; item += 1) reader.take(item);
  }).subscribe({
    next: (item) => {
      seen.push(item);
      demand.next(1);
    },
    error: (error: unknown) => failures.push(error),
  });
  demand.next(1);
  expect([seen.length, failures]).toEqual([many, []]);
  expect(seen.every((item, index) => item === index)).toBe(true);
});

test('a demand that fails ends the subscription, one that completes leaves it', () => {
  const failing = new Subject<number>();
  const log: unknown[] = [];
  const reading = (demand: Observable<number>): void => void new Observable<string>((subscriber) => {
    const reader = createReader('items', { demand }, subscriber);
    subscriber.add(reader.start());
    reader.take('a');
  }).subscribe({ next: (item) => log.push(item), error: (error: unknown) => log.push(error), complete: () => log.push('complete') });
  reading(failing);
  failing.error('broken');
  const ended = new Subject<number>();
  reading(ended);
  ended.next(1);
  ended.complete();
  expect(log).toEqual(['broken', 'a']);
});
