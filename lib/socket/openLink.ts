import { filter, map, Observable, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';
import type { Lease } from '../state/withLink.js';
import { closeLink } from './closeLink.js';
import { type Opened, openedBy } from './linkEvents.js';
import type { LinkSocket } from './linkSocket.js';

/** What a socket tells whoever opened it. */
export interface Ends {
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
}

export interface OpenLinkConfig<S> {
  readonly module: AtModule;
  readonly lease: Lease;
  readonly host: string;
  readonly port: number;
  /** AT+CIPSTART. */
  readonly connect: Observable<unknown>;
  /** Makes the socket at the module's first word of the connection. */
  readonly create: (opened: Opened, ends: Ends) => LinkSocket<S>;
}

const refused = (host: string, port: number, cause: unknown): unknown =>
  isAtError(cause, 'command') && cause.code === 'rejected'
    ? new AtError({ kind: 'link', code: 'refused', message: `${host}:${String(port)} could not be reached`, retry: 'safe', cause, details: { ...cause.details, host, port } })
    : cause;

/** Opens a link and emits its socket; completes or errors with the stream. Unsubscribing closes the link in the background. Cold. */
export const openLink = <S>({ module, lease, host, port, connect, create }: OpenLinkConfig<S>): Observable<S> =>
  new Observable<S>((subscriber) => {
    const { link } = lease;
    let handle: LinkSocket<S> | undefined;
    let finished = false;
    const make = (opened: Opened): void => {
      handle ??= create(opened, { ended: () => subscriber.complete(), failed: (error) => subscriber.error(error) });
    };
    const opening = new Subscription();
    // CONNECT, data and even CLOSED can precede OK: the socket listens from the module's own word on.
    const told = module.events.pipe(
      map(openedBy),
      // A client of the server may take the id at the same moment.
      filter((opened): opened is Opened => opened?.link === link && opened.role !== 'server'),
    );
    opening.add(told.subscribe({ next: make, error: (error: unknown) => subscriber.error(error) }));
    opening.add(
      connect.subscribe({
        error: (cause: unknown) => {
          finished = !(isAtError(cause) && cause.code === 'timeout');
          subscriber.error(refused(host, port, cause));
        },
        complete: () => {
          finished = true;
          make({ link });
          opening.unsubscribe();
          if (handle !== undefined) subscriber.next(handle.socket);
        },
      }),
    );
    return () => {
      opening.unsubscribe();
      if (handle !== undefined) lease.leave(handle.release());
      // Left in the middle of AT+CIPSTART: the command ends by itself, the link it may have opened is closed behind it.
      else if (!finished) lease.leave(closeLink(module, link));
    };
  });
