import { BehaviorSubject, concat, defer, EMPTY, ignoreElements, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { connectionLife, type ConnectionLife } from '../bluetooth/connectionLife.js';
import type { Parameters } from '../command/index.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { connection, disconnected } from './disconnected.js';

/** An audio connection, whoever made it. What is asked of it after its end errors as it ended, before a byte is sent. */
export interface A2dpConnection {
  /** Of the other end; lower case, with colons. */
  readonly address: string;
  /** Hot, replays the latest: `open`, then `closed`. Completes then. */
  readonly state: Observable<'open' | 'closed'>;
  /** AT+BTA2DPDISCONN. Cold; completes when the module says that it is done, at once where it has ended. */
  end(): Observable<never>;
}

/** At a source. Cold, all of it; completes when the module took the command; unsubscribing does not take it back. Errors: `command`/`rejected` where there is nothing to play. */
export interface A2dpSourceConnection extends A2dpConnection {
  /** AT+BTA2DPSRC where a URL is given (`http`, `https`, `flash`; MP3, 1 to 200 bytes), then plays, or goes on. */
  play(url?: string): Observable<never>;
  /** Until `play`. */
  pause(): Observable<never>;
  /** Ends the playing. */
  stop(): Observable<never>;
}

/** At a sink: what its buttons ask of the source. Cold, all of it; completes when the module took the command; unsubscribing does not take it back. */
export interface A2dpSinkConnection extends A2dpConnection {
  /** Begins to play, or goes on. */
  play(): Observable<never>;
  /** Ends the playing. */
  stop(): Observable<never>;
  /** To the next piece. */
  forward(): Observable<never>;
  /** To the piece before. */
  backward(): Observable<never>;
  /** Until `fastForwardStop`. */
  fastForward(): Observable<never>;
  /** Ends `fastForward`. */
  fastForwardStop(): Observable<never>;
}

type Control = Parameters<typeof commands.a2dpControl>['control'];
/** What the connections of a role have more. */
export type A2dpControls<C> = (module: AtModule, control: (control: Control, before?: Observable<unknown>) => Observable<never>) => Omit<C, keyof A2dpConnection>;

/** Of a source. */
export const sourceControls: A2dpControls<A2dpSourceConnection> = (module, control) => ({
  play: (url) => control('play', url === undefined ? EMPTY : module.exec(commands.a2dpSource, { connection, url })),
  // What is 2 of a sink suspends a source.
  pause: () => control('forward'),
  stop: () => control('stop'),
});

/** Of a sink. */
export const sinkControls: A2dpControls<A2dpSinkConnection> = (_, control) => ({
  play: () => control('play'),
  stop: () => control('stop'),
  forward: () => control('forward'),
  backward: () => control('backward'),
  fastForward: () => control('fast-forward'),
  fastForwardStop: () => control('fast-forward-stop'),
});

export const lostAudio = (address: string): AtError => new AtError({ kind: 'link', code: 'lost', message: `the audio connection to ${address} is gone`, retry: 'safe', details: { address } });
const closed = (address: string): AtError => new AtError({ kind: 'link', code: 'closed', message: `the audio connection to ${address} was closed`, details: { address } });

/** A connection and what ends with it. */
export interface OpenAudio<C> {
  readonly handle: C;
  readonly life: ConnectionLife;
}

/** Follows a connection that is open; `ended` is told once. */
export const openAudio = <C extends A2dpConnection>(module: AtModule, address: string, controls: A2dpControls<C>, ended: () => void): OpenAudio<C> => {
  const state = new BehaviorSubject<'open' | 'closed'>('open');
  let leaving = false;
  const life = connectionLife(module, {
    address,
    isGone: ({ name }) => name === events.a2dpDisconnected.name,
    lost: () => (leaving ? closed(address) : lostAudio(address)),
    ended: () => {
      state.next('closed');
      state.complete();
      ended();
    },
  });
  const alive = <T>(work: () => Observable<T>): Observable<T> => defer(() => (life.failure === undefined ? life.guard(work()) : throwError(() => life.failure)));
  const end = defer(() => {
    leaving = true;
    if (life.failure !== undefined) return EMPTY;
    return disconnected(module, module.exec(commands.a2dpDisconnect, { connection }), events.a2dpDisconnected);
  });
  const control = (wanted: Control, before: Observable<unknown> = EMPTY): Observable<never> => alive(() => concat(before, module.exec(commands.a2dpControl, { connection, control: wanted })).pipe(ignoreElements()));
  const base: A2dpConnection = { address, state: state.asObservable(), end: () => end };
  // What a role adds is all that its connections have more.
  return { handle: { ...base, ...controls(module, control) } as C, life };
};
