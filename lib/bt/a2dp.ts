import { BehaviorSubject, concat, defer, distinctUntilChanged, map, Observable, of, type Subscription, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { addressFault } from '../bluetooth/addressFault.js';
import type { RoleTime } from '../bluetooth/roleTime.js';
import { ofEvent } from '../command/index.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { type A2dpConnection, type A2dpControls, type A2dpSinkConnection, type A2dpSourceConnection, lostAudio, openAudio, type OpenAudio, sinkControls, sourceControls } from './a2dpConnection.js';
import { attempted } from './attempted.js';
import { duringBtRole } from './btRole.js';
import { connection } from './disconnected.js';
import { type BtSettings, settle } from './radio.js';

/** The module as source or sink; it has one connection at a time. */
export interface A2dp<C extends A2dpConnection> {
  /** Hot, replays the latest: the connection there is, whoever made it; `undefined` while there is none. Completes with the role. */
  readonly connection: Observable<C | undefined>;
  /**
   * Connects to the other role. Cold: on subscribe AT+BTA2DPCONN; emits the connection. Unsubscribing disconnects in the background; an attempt under way runs to its end first. Errors: `usage` (address, second-connection) before
   * a byte is sent, `link`: `refused`, `unpaired`, `timeout`, `lost` (the other end closed it, or is gone), `closed` (by `end()`, or the role was given back); `command`,
   * `module`/`reset`. Document 000 §8.11.
   */
  connect(address: string): Observable<C>;
}

/** The role that sends music. */
export type A2dpSource = A2dp<A2dpSourceConnection>;
/** The role that plays what it gets. */
export type A2dpSink = A2dp<A2dpSinkConnection>;

const profile = <C extends A2dpConnection>(module: AtModule, controls: A2dpControls<C>, time: RoleTime): A2dp<C> => {
  const current = new BehaviorSubject<OpenAudio<C> | undefined>(undefined);
  let connecting = false;
  const accept = (address: string): void => {
    const own = openAudio(module, address, controls, () => (current.value === own ? current.next(undefined) : undefined));
    current.next(own);
  };
  time.life.add(
    module.events.pipe(ofEvent(events.a2dpConnected)).subscribe({
      next: ({ fields: { failed, address } }) => (failed || address === undefined ? undefined : accept(address.toLowerCase())),
      error: () => undefined,
    }),
  );
  time.life.add(time.over.subscribe({ error: (error: unknown) => (current.value?.life.end(error), current.complete()) }));
  const second = new AtError({ kind: 'usage', code: 'second-connection', message: 'the module has one audio connection, which is in use' });
  const connect = (address: string): Observable<C> =>
    new Observable<C>((subscriber) => {
      let own: OpenAudio<C> | undefined;
      connecting = true;
      let watch: Subscription | undefined;
      const made = (): void => {
        connecting = false;
        own = current.value;
        if (own === undefined) return subscriber.error(lostAudio(address));
        if (subscriber.closed) return void own.handle.end().subscribe({ error: () => undefined });
        watch = own.life.guard(new Observable<never>(() => undefined)).subscribe({ error: (error: unknown) => subscriber.error(error) });
        subscriber.next(own.handle);
      };
      const fail = (error: unknown): void => {
        connecting = false;
        subscriber.error(error);
      };
      attempted({ module, address, begin: module.exec(commands.a2dpConnect, { connection, address }), told: events.a2dpConnected }).subscribe({ error: fail, complete: made });
      return () => {
        watch?.unsubscribe();
        if (own?.life.failure === undefined) own?.handle.end().subscribe({ error: () => undefined });
      };
    });
  return {
    connection: current.pipe(
      map((open) => open?.handle),
      distinctUntilChanged(),
    ),
    connect: (address) =>
      time.alive(() => {
        const fault = addressFault(address) ?? (connecting || current.value !== undefined ? second : undefined);
        return fault === undefined ? connect(address.toLowerCase()) : throwError(() => fault);
      }),
  };
};

const during = <C extends A2dpConnection>(module: AtModule, role: 'source' | 'sink', controls: A2dpControls<C>, settings: BtSettings): Observable<A2dp<C>> =>
  duringBtRole(module, role, (time) =>
    concat(
      settle(module, settings),
      defer(() => of(profile(module, controls, time))),
    ),
  );

/**
 * Audio over classic Bluetooth (A2DP), where the module plays or is played to. Cold: on subscribe AT+BTINIT=1 and AT+BTA2DPINIT unless they are in force, and the settings as `radio` does; emits
 * the role when that is in force, and another one after each restart of the module: use `switchMap`. Completes with the module. Unsubscribing gives back the role, which
 * ends its connection, and Bluetooth, in the background. Errors: `usage`/`role` (the other one is in use) before a byte is sent, `command`, `unsupported`. Document 000
 * §8.10 to §8.14.
 */
export const a2dp = {
  /** Plays an MP3 to headphones or loudspeakers. */
  source: (module: AtModule, settings: BtSettings = {}): Observable<A2dpSource> => during(module, 'source', sourceControls, settings),
  /** Is played to; its `visibility` is `discoverable and connectable` unless given. Where the audio comes out is a matter of the board. */
  sink: (module: AtModule, settings: BtSettings = {}): Observable<A2dpSink> => during(module, 'sink', sinkControls, { visibility: 'discoverable and connectable', ...settings }),
} as const;
