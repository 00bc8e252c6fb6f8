import { defer, dematerialize, EMPTY, materialize, mergeMap, type Observable, switchMap, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { heldRole } from '../bluetooth/heldRole.js';
import { type RoleTime, roleTime } from '../bluetooth/roleTime.js';
import * as commands from '../commands/bt.js';
import type { AtModule } from '../module/atModule.js';

/** What classic Bluetooth does: one role of each profile, and both profiles beside each other. */
export type BtRoleName = 'master' | 'slave' | 'source' | 'sink';

type Profile = 'SPP' | 'A2DP';

interface Means {
  readonly profile: Profile;
  readonly turn: (module: AtModule, on: boolean) => Observable<unknown>;
}

const spp = (role: 'master' | 'slave'): Means => ({ profile: 'SPP', turn: (module, on) => module.exec(commands.sppInit, { role: on ? role : 'off' }) });
const a2dp = (role: 'source' | 'sink'): Means => ({ profile: 'A2DP', turn: (module, enable) => module.exec(commands.a2dpInit, { role, enable }) });

const means: Readonly<Record<BtRoleName, Means>> = { master: spp('master'), slave: spp('slave'), source: a2dp('source'), sink: a2dp('sink') };

interface Held<R> {
  readonly role: R;
  readonly shared: Observable<R>;
}

interface Roles {
  radio: Held<'on'> | undefined;
  readonly profiles: Map<Profile, Held<BtRoleName>>;
}

const tables = new WeakMap<AtModule, Roles>();

const rolesOf = (module: AtModule): Roles => {
  const roles = tables.get(module) ?? { radio: undefined, profiles: new Map<Profile, Held<BtRoleName>>() };
  tables.set(module, roles);
  return roles;
};

const heldRadio = (module: AtModule, roles: Roles): Held<'on'> => {
  const turn = (enable: boolean): Observable<unknown> => module.exec(commands.init, { enable });
  const forget = (): void => void (roles.radio === own && (roles.radio = undefined));
  const own: Held<'on'> = { role: 'on', shared: heldRole(module, 'on', { on: () => turn(true), off: () => turn(false), forget }) };
  roles.radio = own;
  return own;
};

/**
 * Classic Bluetooth of the module, under every profile. Cold, shared by module: AT+BTINIT=1 for the first subscriber, nothing for later ones. Emits `on` once it is in force, and again
 * after each restart of the module; completes with it. The last to unsubscribe sends AT+BTINIT=0 in the background. Errors: `unsupported`, `command`. Document 000 §8.1.
 */
export const btOn = (module: AtModule): Observable<'on'> =>
  defer(() => {
    const roles = rolesOf(module);
    return (roles.radio ?? heldRadio(module, roles)).shared;
  });

/** Something that wants classic Bluetooth on until it has ended, and no longer. Cold. */
export const whileOn = <T>(module: AtModule, work: () => Observable<T>): Observable<T> =>
  btOn(module).pipe(
    mergeMap((_, index) => (index === 0 ? defer(work).pipe(materialize()) : EMPTY)),
    dematerialize(),
  );

const heldProfile = (module: AtModule, role: BtRoleName, { profiles }: Roles): Held<BtRoleName> => {
  const { profile, turn } = means[role];
  const forget = (): void => void (profiles.get(profile) === own && profiles.delete(profile));
  const shared = heldRole(module, role, { on: () => turn(module, true), off: () => turn(module, false), forget, upon: btOn(module) });
  const own: Held<BtRoleName> = { role, shared };
  profiles.set(profile, own);
  return own;
};

/**
 * A role of a profile. Cold, shared by module: AT+BTINIT=1, then AT+BTSPPINIT or AT+BTA2DPINIT for the first subscriber. Emits once it is in force, and again after each restart of
 * the module. The last to unsubscribe switches the profile off in the background, then Bluetooth unless somebody else has it on. Errors: `usage`/`role` before a byte is sent, where the
 * other role of the profile is in use; as `btOn`. Document 000 §8.5, §8.10.
 */
export const btRole = (module: AtModule, role: BtRoleName): Observable<BtRoleName> =>
  defer(() => {
    const roles = rolesOf(module);
    const { profile } = means[role];
    const current = roles.profiles.get(profile);
    if (current !== undefined && current.role !== role) {
      const details = { role, inUse: current.role };
      return throwError(() => new AtError({ kind: 'usage', code: 'role', message: `${profile} is ${current.role} now, so it cannot be ${role}`, details }));
    }
    return (current ?? heldProfile(module, role, roles)).shared;
  });

/** What `build` makes of a role each time it is in force, for as long as it is. Cold; errors as `btRole` and as `build`, but for restarts. */
export const duringBtRole = <T>(module: AtModule, role: BtRoleName, build: (time: RoleTime) => Observable<T>): Observable<T> =>
  btRole(module, role).pipe(switchMap(() => roleTime(module, `${means[role].profile} as ${role}`, build)));
