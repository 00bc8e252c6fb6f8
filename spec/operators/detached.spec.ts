import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { detached } from '../../operators/detached.js';

const run = (work: (helpers: RunHelpers) => void): void => void new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work);

describe('detached', () => {
  it('emits, completes and errors as its source does', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const [good, bad] = [cold('-a-b-|'), cold('-a-#')];
      expectObservable(detached(good)).toBe('-a-b-|');
      expectObservable(detached(bad)).toBe('-a-#');
      expectSubscriptions(good.subscriptions).toBe('^----!');
      expectSubscriptions(bad.subscriptions).toBe('^--!');
    }));

  it('lets the source run to its end when nobody listens any more, error or not', () =>
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const [good, bad] = [cold('-a-b-|'), cold('-a-#')];
      expectObservable(detached(good), '^-!').toBe('-a-');
      expectObservable(detached(bad), '^-!').toBe('-a-');
      expectSubscriptions(good.subscriptions).toBe('^----!');
      expectSubscriptions(bad.subscriptions).toBe('^--!');
    }));
});
