import { defer, Observable, type ObservableInput, type TeardownLogic } from 'rxjs';

/** What an operator's output offers to the inner subscriptions it owns: any `Subscriber`. */
export interface Owner {
  readonly closed: boolean;
  add(teardown: TeardownLogic): void;
  error(error: unknown): void;
}

/**
 * Subscribes to `input()` for `owner`. Values go to `next`; an error, or a throw of `input`, goes to the owner; `done` is called after
 * completion *and* teardown, so that a source that frees its place on teardown can be asked again from there.
 * When the owner ends, so does the inner one, even in the middle of a synchronous emission.
 */
export const runInner = <T>(
  owner: Owner,
  input: () => ObservableInput<T>,
  next: (value: T) => void,
  done: () => void,
): void => {
  if (owner.closed) return;
  let completed = false;
  const owned = new Observable<T>((subscriber) => {
    owner.add(subscriber);
    defer(input).subscribe(subscriber);
  });
  const inner = owned.subscribe({
    next,
    error: (error: unknown) => owner.error(error),
    complete: () => {
      completed = true;
    },
  });
  // Added last, thus run last: the source's own teardown has happened by then.
  inner.add(() => {
    if (completed && !owner.closed) done();
  });
};
