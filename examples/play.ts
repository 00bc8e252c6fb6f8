import { defer, type Observable, ReplaySubject } from 'rxjs';
import { explain } from './explain.js';

/** A program that takes addresses. */
export interface Program {
  /** How it is called; `--help` shows it. */
  readonly usage: string;
  /** What an address may begin with, such as `http:`. */
  readonly protocols: readonly string[];
  /** What the program tells, a line each. `stop` emits once: leave the module in order then, and complete. */
  readonly lines: (addresses: readonly URL[], stop: Observable<void>) => Observable<string>;
}

const read = (text: string, protocols: readonly string[]): URL => {
  let address: URL | undefined;
  try {
    address = new URL(text);
  } catch {
    // None at all is told as one of the wrong kind.
  }
  if (address === undefined || address.hostname === '' || !protocols.includes(address.protocol)) {
    throw new Error(`${text} is no address of a host: ${protocols.map((protocol) => `${protocol}//HOST`).join(' or ')}`);
  }
  return address;
};

/** The addresses of a command line. A real module cannot reach a server in this process, so it needs some. */
const asked = (args: readonly string[], protocols: readonly string[]): readonly URL[] => {
  if (args.length === 0 && process.env['ESP_AT_PORT'] !== undefined) throw new Error('the module at ESP_AT_PORT needs an address to talk to');
  return args.map((text) => read(text, protocols));
};

/** Runs a program to its end. Exit code 2 for wrong arguments, 1 for an error, 130 for Ctrl-C, which ends it in order; pressed again, at once. */
export const play = ({ usage, protocols, lines }: Program): void => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return console.log(usage);
  let addresses: readonly URL[];
  try {
    addresses = asked(args, protocols);
  } catch (error) {
    console.error(`${explain(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const stop = new ReplaySubject<void>(1);
  process.once('SIGINT', () => {
    process.exitCode = 130;
    console.error('closing; Ctrl-C again ends it at once');
    stop.next();
  });
  defer(() => lines(addresses, stop)).subscribe({
    next: (line) => console.log(line),
    error: (error: unknown) => {
      console.error(explain(error));
      process.exitCode = 1;
    },
  });
};
