import { concat, defer, EMPTY, finalize, type Observable, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { Endpoint } from '../codec/endpoint.js';
import { probe } from '../commands/basic.js';
import type { AtEvent } from '../command/event.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { linkOf, openedBy } from './linkEvents.js';
import type { Liveness } from './liveness.js';

/** The receiving half of a link, as its events drive it. */
export interface Followed {
  /** Data was announced, or has come. */
  announced(length: number, payload: Uint8Array | undefined, remote: Endpoint | undefined): void;
  /** The module said CLOSED: what is buffered is still there. */
  closed(): void;
  fail(error: AtError): void;
  /** Another connection has the link. */
  replaced(error: AtError): void;
  /** The user closed: what was not read is given up. */
  end(): void;
  stop(): void;
}

export interface FollowConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  readonly live: Liveness;
  readonly receiver: Followed;
  /** Of errors. */
  readonly details: () => Readonly<Record<string, unknown>>;
  /** What is said of a restart. */
  readonly restarted: string;
}

/** A link that is followed, and both ways of giving it up. */
export interface FollowedLink {
  /** Unsubscribed when the link is not followed any more. */
  readonly life: Subscription;
  /** Closes the link; completes when the module has closed it. Cold. */
  readonly end: Observable<never>;
  /** Fails readers, closes the link where it is still open, stops following it. Cold; does so once. */
  readonly release: Observable<never>;
}

/** Follows one connection of a link: from now on its events are this one's. */
export const followLink = ({ module, link, live, receiver, details, restarted }: FollowConfig): FollowedLink => {
  const life = new Subscription();
  let given = false;
  const broken = (kind: 'module' | 'link', code: string, message: string): AtError => {
    const error = new AtError({ kind, code, message, retry: 'unknown', details: details() });
    live.over(error);
    return error;
  };
  const onEvent = (event: AtEvent): void => {
    const { name, fields, payload } = event;
    if (name === 'ready') return receiver.fail(broken('module', 'reset', restarted));
    if (linkOf(event) !== link) return;
    if (name === '+IPD') receiver.announced(Number(fields['length']), payload, fields['remote'] as Endpoint | undefined);
    else if (name === 'CLOSED') {
      live.over();
      receiver.closed();
    } else if (openedBy(event) !== undefined) receiver.replaced(broken('link', 'reused', 'the link was taken by another connection'));
  };
  /** The module ended: whatever a command would fail with now is what readers get. */
  const gone = (): void => {
    live.over();
    const closed = new AtError({ kind: 'link', code: 'closed', message: 'the connection is closed', details: details() });
    module.exec(probe).subscribe({ error: (cause: unknown) => receiver.fail(isAtError(cause) ? cause : closed) });
  };
  life.add(module.events.subscribe({ next: onEvent, error: gone, complete: gone }));
  return {
    life,
    end: concat(
      live.close,
      defer(() => {
        receiver.end();
        return EMPTY;
      }),
    ),
    release: defer(() => {
      if (given) return EMPTY;
      given = true;
      receiver.stop();
      // Until the link is closed its events count: a successor must not be closed in its place.
      return live.close.pipe(
        finalize(() => {
          life.unsubscribe();
          live.over();
        }),
      );
    }),
  };
};
