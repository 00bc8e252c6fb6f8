import { catchError, defer, filter, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { heldRole } from '../bluetooth/heldRole.js';
import * as ble from '../commands/ble.js';
import type { AtModule } from '../module/atModule.js';

/** What Bluetooth LE does: a GATT client (central), a GATT server (peripheral), an input device, or provisioning by a phone. One at a time. */
export type BleRoleName = 'client' | 'server' | 'hid' | 'bluFi';

/** A role in force. It lasts to the next restart of the module; then another one follows. */
export interface BleRole {
  readonly role: BleRoleName;
}

interface Means {
  readonly turn: (module: AtModule, on: boolean) => Observable<unknown>;
  /** What is in force; for want of a better word `off` where it is nothing of this kind. */
  readonly found: (module: AtModule) => Observable<BleRoleName | 'off' | number>;
}

const gatt = (role: 'client' | 'server'): Means => ({
  turn: (module, on) => module.exec(ble.init, { role: on ? role : 'off' }),
  found: (module) => module.exec(ble.initQuery).pipe(map((found) => found.role)),
});

const means: Readonly<Record<BleRoleName, Means>> = {
  client: gatt('client'),
  server: gatt('server'),
  hid: {
    turn: (module, enable) => module.exec(ble.hid, { enable }),
    found: (module) => module.exec(ble.hidQuery).pipe(map(({ enable }) => (enable ? 'hid' : 'off'))),
  },
  bluFi: {
    turn: (module, enable) => module.exec(ble.blufi, { enable }),
    found: (module) => module.exec(ble.blufiQuery).pipe(map(({ enable }) => (enable ? 'bluFi' : 'off'))),
  },
};

interface Held {
  readonly role: BleRoleName;
  readonly shared: Observable<BleRole>;
}

interface Roles {
  /** GATT's first role stays the only one until the restart, switched off or not. */
  fixed: BleRoleName | undefined;
  current: Held | undefined;
}

const tables = new WeakMap<AtModule, Roles>();

const rolesOf = (module: AtModule): Roles => {
  const known = tables.get(module);
  if (known !== undefined) return known;
  const roles: Roles = { fixed: undefined, current: undefined };
  tables.set(module, roles);
  // As long as the module: a restart that no role sees frees them all the same.
  module.events.pipe(filter(({ name }) => name === 'ready')).subscribe({ next: () => (roles.fixed = undefined), error: () => undefined });
  return roles;
};

const conflict = (wanted: BleRoleName, inUse: BleRoleName | number, why: string): AtError =>
  new AtError({ kind: 'usage', code: 'role', message: `Bluetooth LE is ${String(inUse)} ${why}, so it cannot be ${wanted}`, details: { role: wanted, inUse } });

/** A module that another host has initialised may refuse to be what it is already. */
const initialise = (module: AtModule, role: BleRoleName): Observable<unknown> =>
  means[role].turn(module, true).pipe(
    catchError((refused: unknown) => {
      if (!isAtError(refused, 'command') || refused.code !== 'rejected') return throwError(() => refused);
      return means[role].found(module).pipe(
        mergeMap((found) => (found === role ? of(undefined) : throwError(() => (found === 'off' ? refused : conflict(role, found, 'by another host'))))),
      );
    }),
  );

const held = (module: AtModule, role: BleRoleName, roles: Roles): Held => {
  let first = false;
  const on = (): Observable<unknown> => {
    first = roles.fixed === undefined;
    if (role === 'client' || role === 'server') roles.fixed = role;
    return initialise(module, role);
  };
  const shared = heldRole<BleRole>(module, { role }, {
    on,
    off: () => means[role].turn(module, false),
    failed: () => void (first && (roles.fixed = undefined)),
    forget: () => void (roles.current === own && (roles.current = undefined)),
  });
  const own: Held = { role, shared };
  roles.current = own;
  return own;
};

/**
 * A role of the module's Bluetooth LE. Cold, shared by module: the first subscriber sends AT+BLEINIT (AT+BLEHIDINIT, AT+BLUFI), later ones nothing. Emits once
 * it is in force, and again after each restart of the module, when it has been initialised anew; use `switchMap`, for whatever hung on it before is gone.
 * Completes with the module. The last to unsubscribe switches it off in the background. Errors: `usage`/`role` before a byte is sent, where another
 * role is in use or, of `client` and `server`, the other one was first since the restart; `unsupported`, `command` (rejected, timeout). Document 000 §5.1.
 */
export const bleRole = (module: AtModule, role: BleRoleName): Observable<BleRole> =>
  defer(() => {
    const roles = rolesOf(module);
    const { current, fixed } = roles;
    if (current !== undefined && current.role !== role) return throwError(() => conflict(role, current.role, 'now'));
    if ((role === 'client' || role === 'server') && fixed !== undefined && fixed !== role) return throwError(() => conflict(role, fixed, 'until the module restarts'));
    return (current ?? held(module, role, roles)).shared;
  });
