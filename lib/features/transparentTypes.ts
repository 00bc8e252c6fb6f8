import { EMPTY, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { commandKey, type Command } from '../command/index.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** Where a passthrough connection goes, as far as a dialect decides about it. */
export interface TransparentKind {
  readonly type?: 'TCP' | 'UDP' | 'SSL';
  readonly family?: 4 | 6;
}

/** The type as the wire has it. */
export const transparentType = ({ type = 'TCP', family = 4 }: TransparentKind): string => (family === 6 ? `${type}v6` : type);

/** `unsupported` where the dialect has no passthrough over that type: AT+SAVETRANSLINK takes the same ones. */
export const checkTransparent = (module: AtModule, kind: TransparentKind): Observable<never> => {
  const key: Command = kind.type === 'UDP' ? tcpip.savedLinkUdp : tcpip.savedLink;
  const type = transparentType(kind);
  const field = module.dialect.commands.get(commandKey(key))?.params.spec['type'];
  if (field?.codec.is(type) !== false) return EMPTY;
  const { name } = module.dialect;
  return throwError(() => new AtError({ kind: 'unsupported', code: 'parameter', message: `dialect ${name} has no passthrough over ${type}`, details: { dialect: name, parameter: 'type' } }));
};
