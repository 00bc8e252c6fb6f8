import { TestScheduler } from 'rxjs/testing';

/** A TestScheduler that compares with jest, for `run()`. */
export const marbles = (): TestScheduler =>
  new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });
