import { PassThrough } from 'node:stream';
import { ReplaySubject } from 'rxjs';
import { run } from '../../bin/cli.js';
import type { Io } from '../../bin/io.js';

/** A process that is none: what is typed, what came out, signals, and the exit code. */
export interface FakeProcess {
  readonly io: Io;
  readonly stdin: PassThrough;
  readonly out: () => string;
  readonly err: () => string;
  /** Parsed lines of standard output. */
  readonly json: () => Record<string, unknown>[];
  interrupt(code?: number): void;
}

const collector = (): { readonly stream: PassThrough; readonly text: () => string } => {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
};

export const fakeProcess = (env: Readonly<Record<string, string>> = {}): FakeProcess => {
  const stdin = new PassThrough();
  const stdout = collector();
  const stderr = collector();
  const interrupts = new ReplaySubject<number>(1);
  return {
    io: { stdin, stdout: stdout.stream, stderr: stderr.stream, env, interrupts },
    stdin,
    out: stdout.text,
    err: stderr.text,
    json: () => stdout.text().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>),
    interrupt: (code = 130) => interrupts.next(code),
  };
};

/** Runs a command line to its end. */
export const esp = async (args: readonly string[], { input, env }: { readonly input?: string | Uint8Array; readonly env?: Readonly<Record<string, string>> } = {}) => {
  const fake = fakeProcess(env);
  fake.stdin.end(input ?? '');
  const code = await run(args, fake.io);
  return { code, out: fake.out(), err: fake.err(), json: fake.json };
};

/** Resolves when the condition holds; rejects when it does not within five seconds. */
export const until = async (holds: () => boolean, what = 'the condition'): Promise<void> => {
  const start = Date.now();
  while (!holds()) {
    if (Date.now() - start > 5000) throw new Error(`${what} did not come to hold`);
    await new Promise((done) => setTimeout(done, 5));
  }
};
