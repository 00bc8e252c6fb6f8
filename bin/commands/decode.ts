import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command as Program } from 'commander';
import { Observable } from 'rxjs';
import { type DialectName, dialectNames } from 'rx-esp-at/catalogue';
import { type CaptureContext, createDecoder, type Decoded, type Decoder } from 'rx-esp-at/decode';
import { readCaptureLine } from '../captureLine.js';
import { decodedJson, decodedText, factsJson, factsText } from '../decoded.js';
import { Exit, exitCode } from '../exitCode.js';
import { type Input, type Io, say, tell } from '../io.js';
import { dialectOption } from '../port.js';
import { progress } from '../progress.js';
import type { RecordingFacts } from '../recordingHead.js';
import { type Task, untilInterrupt } from '../runTask.js';
import { createTextLines, type TextLine } from '../textLines.js';
import { whole } from '../whole.js';

interface DecodeOptions {
  readonly dialect: DialectName | 'auto';
  readonly chunk?: number;
  readonly json?: boolean;
}

interface Listener {
  /** Line `number` is bad. */
  complain(number: number, problem: string): void;
  /** The recording tells of itself. */
  introduce(facts: RecordingFacts): void;
}

interface Reader {
  take(line: TextLine): readonly Decoded[];
  end(): readonly Decoded[];
  readonly problems: number;
}

const createReader = ({ dialect, chunk }: DecodeOptions, { complain, introduce }: Listener): Reader => {
  let context: CaptureContext | undefined;
  let recorded: DialectName | undefined;
  let decoder: Decoder | undefined;
  let problems = 0;
  const start = (): Decoder => (decoder ??= createDecoder({ dialect: dialect === 'auto' ? (recorded ?? 'auto') : dialect, ...(context === undefined ? {} : { context }) }));
  const wrong = (number: number, problem: string): readonly Decoded[] => {
    problems += 1;
    complain(number, problem);
    return [];
  };
  return {
    take: ({ number, text }) => {
      if (text === undefined) return wrong(number, 'the line is too long');
      const line = readCaptureLine(text);
      if (line.kind === 'problem') return wrong(number, line.text);
      if (line.kind === 'blank') return [];
      if (line.kind === 'context') {
        if (context !== undefined || decoder !== undefined) return wrong(number, 'a context stands before everything else');
        context = line.context;
        recorded = dialectNames.find((name) => name === line.facts.dialect);
        if (Object.keys(line.facts).length > 0) introduce(line.facts);
        return [];
      }
      const { entry } = line;
      if (entry.dir !== 'rx' || chunk === undefined) return start().push(entry);
      const all: Decoded[] = [];
      for (let at = 0; at < entry.bytes.length; at += chunk) all.push(...start().push({ dir: 'rx', bytes: entry.bytes.slice(at, at + chunk) }));
      return all;
    },
    end: () => start().end(),
    get problems() {
      return problems;
    },
  };
};

const missing = (file: string, error: unknown): Exit => new Exit(exitCode.missing, `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);

/** The bytes of a file, or of standard input. */
const bytesOf = async function* (io: Io, file: string): AsyncGenerator<Uint8Array> {
  const input: Input = file === '-' ? io.stdin : createReadStream(file, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
  } catch (error) {
    throw missing(file === '-' ? 'standard input' : file, error);
  }
};

const sizeOf = async (file: string): Promise<number | undefined> => {
  try {
    return file === '-' ? undefined : (await stat(file)).size;
  } catch (error) {
    throw missing(file, error);
  }
};

const drained = ({ stdout }: Io): Promise<void> =>
  new Promise((done) => {
    if (stdout.writableNeedDrain) stdout.once('drain', () => done());
    else done();
  });

const work = async (io: Io, file: string, options: DecodeOptions, left: () => boolean): Promise<number> => {
  const size = await sizeOf(file);
  const bar = io.stdout.isTTY === true || size === undefined ? undefined : progress(io, 'decoding', size);
  const json = options.json === true || io.stdout.isTTY !== true;
  const format = json ? decodedJson : decodedText;
  const reader = createReader(options, {
    complain: (number, problem) => tell(io, `esp-at: line ${String(number)}: ${problem}`),
    introduce: (facts) => say(io, json ? factsJson(facts) : factsText(facts)),
  });
  const print = (found: readonly Decoded[]): void => {
    if (found.length > 0) io.stdout.write(`${found.map(format).join('\n')}\n`);
  };
  const lines = createTextLines();
  let read = 0;
  try {
    for await (const chunk of bytesOf(io, file)) {
      if (left()) return exitCode.ok;
      for (const line of lines.push(chunk)) print(reader.take(line));
      await drained(io);
      bar?.update((read += chunk.length));
    }
  } finally {
    bar?.stop();
  }
  for (const line of lines.end()) print(reader.take(line));
  print(reader.end());
  return reader.problems > 0 ? exitCode.data : exitCode.ok;
};

const decoding = (io: Io, file: string, options: DecodeOptions): Task =>
  new Observable<number>((subscriber) => {
    work(io, file, options, () => subscriber.closed).then(
      (code) => {
        subscriber.next(code);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
  }).pipe(untilInterrupt(io));

/** `esp-at decode`. */
export const decode = (program: Program, io: Io, start: (task: Task) => void): void => {
  program
    .command('decode')
    .description('tell what a client must conclude from a recorded exchange, one JSON object a line (on a terminal: a table)')
    .argument('[file]', 'the capture; - or nothing reads standard input', '-')
    .addOption(dialectOption('firmware dialect; auto waits for an answer to AT+GMR and reads every known shape until then'))
    .option('--chunk <bytes>', 'feed received bytes in pieces of this size; the output stays the same', whole(1, 1 << 20))
    .option('--json', 'JSON on a terminal too')
    .addHelpText(
      'after',
      `
A capture has one JSON object a line:
  {"context":{"echo":false,"cipmux":1,"cipdinfo":0,"passive":true,"sysmsg":0,"syslog":1}}   at most once, first: the state at the start
  {"dir":"tx","base64":"QVQNCg=="}     bytes to the module
  {"dir":"rx","base64":"DQpPSw0K"}     bytes from the module
  {"dir":"wait","ms":40}               silence; nothing else makes time pass`,
    )
    .action((file: string, options: DecodeOptions) => start(decoding(io, file, options)));
};
