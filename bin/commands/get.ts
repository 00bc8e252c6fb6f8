import type { IncomingMessage } from 'node:http';
import type { Command as Program } from 'commander';
import { catchError, defer, first, type MonoTypeOperatorFunction, type Observable, of, switchMap, take, throwError } from 'rxjs';
import { type AtModule, isAtError, station } from 'rx-esp-at';
import { Exit, exitCode } from '../exitCode.js';
import type { Io } from '../io.js';
import { joinError } from '../joinError.js';
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
import { whole } from '../whole.js';
import { checkProof, type ProofOptions, withProof } from '../whoProves.js';

interface GetOptions extends LineOptions, ProofOptions {
  readonly ssid?: string;
  readonly output?: string;
  readonly timeout: number;
}

interface Network {
  readonly ssid: string;
  readonly password: string;
}

const chosen = (io: Io, ssid: string | undefined): Observable<Network | undefined> =>
  ssid === undefined ? of(undefined) : password(io, undefined, printable(ssid)).pipe(untilInterrupt(io), switchMap((secret) => of({ ssid, password: secret })));

const joined = (io: Io, module: AtModule, network: Network | undefined): Observable<unknown> =>
  network === undefined ? of(undefined) : station(module, network).pipe(first(({ state }) => state === 'got-ip'), joinError(network.ssid), shown(io, `joining ${printable(network.ssid)}`));

/** A module that has joined nothing reaches nobody, and its firmware does not tell the one from the other. */
const unjoined = (network: Network | undefined): MonoTypeOperatorFunction<number> =>
  catchError((error: unknown) => {
    const hint = network === undefined && isAtError(error, 'link') && error.code === 'refused';
    return throwError(() => (hint ? new Exit(exitCode.failed, `${error.message}; if the module has joined no network, --ssid NAME joins one`) : error));
  });

const outputOf = (output: string | undefined): string | undefined => (output === '-' ? undefined : output);

/** `esp-at get`. */
export const get = (program: Program, io: Io, start: (task: Task) => void): void => {
  withRecord(withProof(withPort(program.command('get').description('fetch an http:// or https:// URL through a module, over the network it has joined'))))
    .argument('<url>', 'what to fetch; up to 5 redirects are followed', webAddress)
    .option('--ssid <name>', 'join this network first; the password comes from ESP_AT_PASSWORD or is asked for', networkName)
    .option('-o, --output <file>', 'write the body to this file; - is standard output, as is without it')
    .option('--timeout <seconds>', 'how long the server may be silent once it was asked, 0 for ever; then exit code 75', whole(0, 86_400), 60)
    .addHelpText(
      'after',
      `
https:// is encrypted, but without --verify server nobody judges the certificate of the server: anybody in between could be that server.
Authorities and certificates are those in the flash of the module, by their numbers; the name in the URL must be in the certificate.`,
    )
    .action((url: URL, { ssid, output, timeout, ...options }: GetOptions) => {
      const patience = timeout * 1000;
      const fetching = { proof: options, patience };
      const use = (response: IncomingMessage, { host }: URL): Task => savedBody(io, response, outputOf(output), { name: host, patience });
      const task = defer(() => {
        checkProof(options, url);
        return chosen(io, ssid);
      }).pipe(
        switchMap((network) =>
          withModule(io, options, (module) =>
            joined(io, module, network).pipe(
              take(1),
              switchMap(() => webAnswer(module, url, fetching, use)),
              unjoined(network),
            ),
          ),
        ),
      );
      start(task);
    });
};
