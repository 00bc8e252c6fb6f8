import { BehaviorSubject, catchError, concat, concatMap, defer, distinctUntilChanged, from, ignoreElements, type Observable, of, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { detached } from '../../operators/detached.js';
import { ofEvent } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { duringRole, type RoleTime } from './duringRole.js';
import { type HidKey, hidKeyOf } from './hidKey.js';

/** A movement of the mouse: each -127 to 127. */
export interface HidMovement {
  /** To the right. */
  readonly x?: number;
  /** Down. */
  readonly y?: number;
  readonly wheel?: number;
  /** Held meanwhile, bit by bit: 1 left, 2 right, 4 middle. Default none. */
  readonly buttons?: number;
}

/** Keyboard, mouse and consumer keys of a host that is connected. */
export interface Hid {
  /** Hot, replays the latest: whether a host is connected. Completes with the device. */
  readonly connected: Observable<boolean>;
  /**
   * Cold. Presses up to six keys (usages of the keyboard page, `hidKeys`) with `modifiers` (bits, `hidModifiers`), releases them, emits nothing and completes. Once
   * pressed they are released whoever listens. Errors: `usage`, `link`/`offline` without a host, `command`, `module`. Document 000 §5.39.
   */
  press(keys: readonly number[], modifiers?: number): Observable<never>;
  /**
   * Cold. Types a text as a US keyboard does, key by key, line feed being Enter; completes after the last. Unsubscribing stops after the key that is down. Errors: `usage`/`character`
   * before anything is sent, with `details.index` of what that layout has not; as `press`.
   */
  type(text: string): Observable<never>;
  /** Cold. One report of the mouse: it moves, `buttons` are held until the next one says otherwise. Errors as `press`. Document 000 §5.40. */
  move(movement: HidMovement): Observable<never>;
  /** Cold. Presses buttons (bits; default 1, the left one) and releases them, as `press`. */
  click(buttons?: number): Observable<never>;
  /** Cold. Presses a consumer key (`hidConsumerKeys`, 1 to 65535) and releases it, as `press`. Document 000 §5.41. */
  consumer(usage: number): Observable<never>;
}

/** The codes of a text, or where the layout has none. */
const keysOf = (text: string): readonly HidKey[] | AtError => {
  const keys: HidKey[] = [];
  for (const [index, character] of [...text].entries()) {
    const found = hidKeyOf(character);
    // The text may be a password: only its place is told.
    if (found === undefined) return new AtError({ kind: 'usage', code: 'character', message: `the US layout has no key for character ${String(index)}`, details: { index } });
    keys.push(found);
  }
  return keys;
};

const most = 6;

const device = (module: AtModule, time: RoleTime): Hid => {
  const connected = new BehaviorSubject(false);
  time.life.add(module.events.pipe(ofEvent(events.hidConnected)).subscribe({ next: () => connected.next(true), error: () => undefined }));
  time.life.add(module.events.pipe(ofEvent(events.hidDisconnected)).subscribe({ next: () => connected.next(false), error: () => undefined }));

  const gone = (cause?: unknown): AtError => new AtError({ kind: 'link', code: 'offline', message: 'no host is connected', retry: 'safe', ...(cause === undefined ? {} : { cause }) });
  const hosted = (work: () => Observable<unknown>): Observable<never> =>
    time.alive(() => (connected.value ? work() : throwError(() => gone()))).pipe(
      catchError((error: unknown) => throwError(() => (isAtError(error, 'command') && error.code === 'rejected' && !connected.value ? gone(error) : error))),
      ignoreElements(),
    );
  // No key stays down.
  const pressed = (down: Observable<unknown>, up: () => Observable<unknown>): Observable<never> => hosted(() => detached(concat(down, defer(up))));
  const keyboard = (modifiers: number, [key1 = 0, key2 = 0, key3 = 0, key4 = 0, key5 = 0, key6 = 0]: readonly number[]): Observable<unknown> =>
    module.exec(ble.hidKeyboard, { modifiers, key1, key2, key3, key4, key5, key6 });
  const mouse = ({ x = 0, y = 0, wheel = 0, buttons = 0 }: HidMovement): Observable<unknown> => module.exec(ble.hidMouse, { buttons, x, y, wheel });
  const press = (keys: readonly number[], modifiers = 0): Observable<never> =>
    defer(() => {
      const fault = checkNumber('keys', keys.length, 0, most);
      return fault === undefined ? pressed(keyboard(modifiers, keys), () => keyboard(0, [])) : throwError(() => fault);
    });
  return {
    connected: time.during(connected.pipe(distinctUntilChanged())),
    press,
    type: (text) =>
      defer(() => {
        const keys = keysOf(text);
        return isAtError(keys) ? throwError(() => keys) : from(keys).pipe(concatMap(({ usage, modifiers }) => press([usage], modifiers)));
      }),
    move: (movement) => hosted(() => mouse(movement)),
    click: (buttons = 1) => pressed(mouse({ buttons }), () => mouse({})),
    consumer: (usage) => pressed(module.exec(ble.hidConsumer, { usage }), () => module.exec(ble.hidConsumer, { usage: 0 })),
  };
};

/**
 * The module as a keyboard, mouse and consumer control. Cold: on subscribe it takes the role (AT+BLEHIDINIT=1) and emits a `Hid`; another one after each restart of the module.
 * Never completes. Unsubscribing sends AT+BLEHIDINIT=0 in the background. Errors: `usage`/`role` while the module is a central, a peripheral or in BluFi;
 * `unsupported`, `command`. Document 000 §5.38 to §5.41.
 */
export const hid = (module: AtModule): Observable<Hid> => duringRole(module, 'hid', (time) => of(device(module, time)));
