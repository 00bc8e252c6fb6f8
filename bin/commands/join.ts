import type { Command as Program } from 'commander';
import { first, map, switchMap, tap } from 'rxjs';
import { station, type StationState } from 'rx-esp-at';
import { type Io, say } from '../io.js';
import { joinError } from '../joinError.js';
import type { LineOptions } from '../line.js';
import { withModule } from '../module.js';
import { password } from '../password.js';
import { withPort } from '../port.js';
import { printable } from '../printable.js';
import { shown } from '../progress.js';
import { withRecord } from '../recording.js';
import { type Task, untilInterrupt } from '../runTask.js';

interface JoinOptions extends LineOptions {
  readonly password?: string;
  readonly json?: boolean;
}

const text = (state: StationState): string =>
  state.state === 'got-ip' ? `joined: address ${String(state.address)}, gateway ${String(state.gateway)}, netmask ${String(state.netmask)}` : state.state;

/** `esp-at join`. */
export const join = (program: Program, io: Io, start: (task: Task) => void): void => {
  withRecord(withPort(program.command('join').description('let a module join an access point; the password comes from ESP_AT_PASSWORD or is asked for')))
    .argument('<ssid>', 'name of the network')
    .option('--password <password>', 'the password, for all users of this machine to see: better set ESP_AT_PASSWORD')
    .option('--json', 'write one JSON object')
    .action((ssid: string, { password: given, json, ...options }: JoinOptions) => {
      const task = password(io, given, printable(ssid)).pipe(
        untilInterrupt(io),
        switchMap((secret) =>
          withModule(io, options, (module) =>
            station(module, { ssid, password: secret }).pipe(
              first(({ state }) => state === 'got-ip'),
              joinError(ssid),
              shown(io, `joining ${printable(ssid)}`),
              tap((state) => say(io, json === true ? JSON.stringify(state) : text(state))),
              map(() => 0),
            ),
          ),
        ),
      );
      start(task);
    });
};
