import { type Command as Program, Option } from 'commander';
import { defer, ignoreElements, map, merge, type Observable, tap } from 'rxjs';
import { type AccessPoint, emulatedReleases, emulator, type EmulatorConfig, type FirmwareVersion } from 'rx-esp-at/emulator';
import { nodeNetwork, servePty, serveTcp } from 'rx-esp-at/emulator/node';
import { accessPoint } from '../accessPoint.js';
import { Exit, exitCode } from '../exitCode.js';
import { type Io, say, tell } from '../io.js';
import { printable } from '../printable.js';
import { type Task, untilInterrupt } from '../runTask.js';
import { whole } from '../whole.js';

type EmulatedDialect = keyof typeof emulatedReleases;

interface EmulateOptions {
  readonly pty?: string;
  readonly tcp?: number;
  readonly dialect?: EmulatedDialect;
  readonly firmware?: FirmwareVersion;
  readonly baud?: number;
  readonly ap?: readonly AccessPoint[];
  readonly json?: boolean;
}

const dialectNames = Object.keys(emulatedReleases);
const releases = Object.values(emulatedReleases).flat();

const configOf = ({ dialect, firmware, baud, ap }: EmulateOptions): EmulatorConfig => ({
  network: nodeNetwork(),
  ...(dialect === undefined ? {} : { dialect }),
  ...(firmware === undefined ? {} : { firmware }),
  ...(baud === undefined ? {} : { baud }),
  ...(ap === undefined ? {} : { accessPoints: ap }),
});

interface Place {
  readonly listening: object;
  readonly text: string;
}

const served = (module: ReturnType<typeof emulator>, { tcp, pty }: EmulateOptions): Observable<Place> =>
  tcp === undefined
    ? servePty(module, { link: pty ?? '' }).pipe(map((at) => ({ listening: { pty: at.pty, link: at.link }, text: `${at.link ?? at.pty} (a link to ${at.pty})` })))
    : serveTcp(module, { port: tcp }).pipe(map((at) => ({ listening: { tcp: at.port }, text: `tcp://${at.host}:${String(at.port)}` })));

const check = (options: EmulateOptions): void => {
  const { pty, tcp, dialect, firmware } = options;
  if ((pty === undefined) === (tcp === undefined)) throw new Exit(exitCode.usage, 'name one place to serve the module at: --pty LINK or --tcp PORT');
  if (dialect !== undefined && firmware !== undefined && !emulatedReleases[dialect].includes(firmware)) throw new Exit(exitCode.usage, `firmware ${firmware} does not speak ${dialect}`);
};

/** `esp-at emulate`. */
export const emulate = (program: Program, io: Io, start: (task: Task) => void): void => {
  program
    .command('emulate')
    .description('serve an emulated module to one host after another, until Ctrl-C; its network is that of this machine')
    .option('--pty <link>', 'serve on a pseudoterminal and make this symbolic link to it (Linux, macOS)')
    .option('--tcp <port>', 'serve on this port of 127.0.0.1; 0 picks a free one', whole(0, 65535))
    .addOption(new Option('--dialect <name>', 'firmware dialect').choices(dialectNames))
    .addOption(new Option('--firmware <version>', 'firmware release').choices(releases))
    .option('--baud <rate>', 'pace the line as this rate would, in bits per second; not paced unless given', whole(80, 5_000_000))
    .option('--ap <ssid,password[,channel,rssi]>', 'an access point in range, as often as wanted; a comma, quote or backslash is written \\, \\" \\\\ (default: "Espressif,,5")', accessPoint)
    .option('--json', 'write where it listens as one JSON line, and nothing else')
    .addHelpText('after', '\nExample: esp-at emulate --tcp 0 --ap "Home,correct horse,6,-48" --ap "Guests,"')
    .action((options: EmulateOptions) => {
      const task = defer(() => {
        check(options);
        const module = emulator(configOf(options));
        const places = served(module, options).pipe(
          tap(({ listening, text }) => say(io, options.json === true ? JSON.stringify({ listening }) : `listening at ${text}; Ctrl-C ends it`)),
        );
        const violations = module.violations.pipe(tap(({ kind, text }) => options.json === true || tell(io, `the host broke the protocol: ${kind} ${printable(text)}`)));
        return merge(places, violations).pipe(ignoreElements(), untilInterrupt(io));
      });
      start(task);
    });
};
