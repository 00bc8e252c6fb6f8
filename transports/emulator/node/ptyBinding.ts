import { defer, from, map, catchError, of, throwError, type Observable } from 'rxjs';
import { AtError } from '../../../lib/transport.js';

/** A new pseudoterminal: two open, non-blocking file descriptors and the path of the slave. */
export interface OpenedPty {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}

/** The part of the native addon that is used. */
export interface PtyBinding {
  open(columns: number, rows: number): OpenedPty;
}

// The package's own `open()` reads the master through libuv, which closes it at the first hang-up of a host; its addon gives the bare descriptors.
const loader = '@lydell/node-pty/requireBinary.js';

const hasOpen = (value: unknown): value is PtyBinding => typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'function';

const bindingOf = (loaded: unknown): PtyBinding => {
  if (typeof loaded === 'object' && loaded !== null && 'requireBinary' in loaded && typeof loaded.requireBinary === 'function') {
    const load = loaded.requireBinary as (file: string) => unknown;
    const binding = load('pty.node');
    if (hasOpen(binding)) return binding;
  }
  throw new Error('this version has no usable addon');
};

const unusable = (message: string, cause?: unknown): AtError => new AtError({ kind: 'transport', code: 'open', message, retry: 'never', cause, details: { reason: 'package' } });

/** Loads the optional package `@lydell/node-pty`, or what `load` returns in its place. Cold; errors `transport`/`open` where it is missing, and on Windows, which has no ptys that serial software could open. */
export const ptyBinding = (platform: string = process.platform, load?: () => unknown): Observable<PtyBinding> =>
  defer(() => {
    if (platform === 'win32') return throwError(() => unusable('Windows has no pseudoterminal that serial software could open; serve the module on a TCP port instead'));
    if (load !== undefined) return of(load());
    // CommonJS has `require`, an ES module has not.
    const here: ((name: string) => unknown) | undefined = typeof require === 'function' ? require : undefined;
    return here === undefined ? from(import(loader) as Promise<unknown>) : of(here(loader));
  }).pipe(
    map(bindingOf),
    catchError((cause: unknown) =>
      throwError(() => (cause instanceof AtError ? cause : unusable('a pseudoterminal needs the optional package `@lydell/node-pty`: npm install @lydell/node-pty', cause)))),
  );
