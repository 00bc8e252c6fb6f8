import { EMPTY, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';

/** `unsupported` where the dialect has no IPv6. */
export const checkFamily = (module: AtModule, family: 4 | 6): Observable<never> =>
  family === 6 && !module.dialect.capabilities.ipv6
    ? throwError(() => new AtError({ kind: 'unsupported', code: 'parameter', message: `dialect ${module.dialect.name} has no IPv6`, details: { dialect: module.dialect.name, parameter: 'family' } }))
    : EMPTY;
