import { type Observable, switchMap } from 'rxjs';
import { type RoleTime, roleTime } from '../bluetooth/roleTime.js';
import type { AtModule } from '../module/atModule.js';
import { bleRole, type BleRoleName } from './bleRole.js';

export type { RoleTime } from '../bluetooth/roleTime.js';

/**
 * What `build` makes of a role each time it is in force, for as long as it is. Cold; takes the role on subscribe and gives it back on unsubscribe; errors as
 * `bleRole` and as `build`, but for restarts.
 */
export const duringRole = <T>(module: AtModule, role: BleRoleName, build: (time: RoleTime) => Observable<T>): Observable<T> =>
  bleRole(module, role).pipe(switchMap(() => roleTime(module, 'this role of Bluetooth LE', build)));
