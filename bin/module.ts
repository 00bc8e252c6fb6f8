import { dematerialize, materialize, switchMap } from 'rxjs';
import { type AtModule, openModule } from 'rx-esp-at';
import { type Io, tell } from './io.js';
import { type LineOptions, withLine } from './line.js';
import { nameOf } from './port.js';
import { printable } from './printable.js';
import { shown } from './progress.js';
import { type Task, untilInterrupt } from './runTask.js';

/** Opens the module, runs a task over it and closes it in order, also after an error or an interrupt. */
export const withModule = (io: Io, options: LineOptions, use: (module: AtModule) => Task): Task =>
  withLine(options, (transport) => {
    const trace = options.trace === true ? { trace: { next: ({ dir, text }: { readonly dir: string; readonly text: string }) => tell(io, `${dir} ${printable(text)}`) } } : {};
    return openModule(transport, { dialect: options.dialect, ...trace }).pipe(
      shown(io, `opening ${nameOf(options.port)}`),
      switchMap((module) => use(module).pipe(materialize())),
      dematerialize(),
      untilInterrupt(io),
    );
  });
