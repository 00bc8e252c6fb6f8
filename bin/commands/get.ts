import type { Command as Program } from 'commander';
import { first, type Observable, of, switchMap, take } from 'rxjs';
import { type AtModule, station } from 'rx-esp-at';
import type { Io } from '../io.js';
import type { LineOptions } from '../line.js';
import { withModule } from '../module.js';
import { networkName } from '../networkName.js';
import { password } from '../password.js';
import { withPort } from '../port.js';
import { printable } from '../printable.js';
import { shown } from '../progress.js';
import { withRecord } from '../recording.js';
import { type Task, untilInterrupt } from '../runTask.js';
import { savedBody } from '../savedBody.js';
import { webAddress } from '../webAddress.js';
import { webAnswer } from '../webAnswer.js';

interface GetOptions extends LineOptions {
  readonly ssid?: string;
  readonly output?: string;
}

interface Network {
  readonly ssid: string;
  readonly password: string;
}

const chosen = (io: Io, ssid: string | undefined): Observable<Network | undefined> =>
  ssid === undefined ? of(undefined) : password(io, undefined, printable(ssid)).pipe(untilInterrupt(io), switchMap((secret) => of({ ssid, password: secret })));

const joined = (io: Io, module: AtModule, network: Network | undefined): Observable<unknown> =>
  network === undefined ? of(undefined) : station(module, network).pipe(first(({ state }) => state === 'got-ip'), shown(io, `joining ${printable(network.ssid)}`));

const outputOf = (output: string | undefined): string | undefined => (output === '-' ? undefined : output);

/** `esp-at get`. */
export const get = (program: Program, io: Io, start: (task: Task) => void): void => {
  withRecord(withPort(program.command('get').description('fetch an http:// or https:// URL through a module, over the network it has joined')))
    .argument('<url>', 'what to fetch; up to 5 redirects are followed', webAddress)
    .option('--ssid <name>', 'join this network first; the password comes from ESP_AT_PASSWORD or is asked for', networkName)
    .option('-o, --output <file>', 'write the body to this file; - is standard output, as is without it')
    .addHelpText('after', '\nhttps:// is encrypted, but the module is not told to judge the certificate of the server: anybody in between could be that server.')
    .action((url: URL, { ssid, output, ...options }: GetOptions) => {
      const task = chosen(io, ssid).pipe(
        switchMap((network) =>
          withModule(io, options, (module) =>
            joined(io, module, network).pipe(
              take(1),
              switchMap(() => webAnswer(module, url, (response) => savedBody(io, response, outputOf(output)))),
            ),
          ),
        ),
      );
      start(task);
    });
};
