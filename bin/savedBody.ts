import type { IncomingMessage } from 'node:http';
import { Observable } from 'rxjs';
import { destination } from './destination.js';
import { Exit, exitCode } from './exitCode.js';
import { type Io, tell } from './io.js';
import { printable } from './printable.js';
import { type Progress, transfer } from './progress.js';
import { codeOf } from './reasonOf.js';
import type { Task } from './runTask.js';
import { silence } from './silence.js';

const lengthOf = ({ headers }: IncomingMessage): number | undefined => {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
};

/** Who sends the body, and how long it may be silent while it is waited for, in ms; 0 for ever. */
export interface Sender {
  readonly name: string;
  readonly patience: number;
}

/** Chunks of a body; what goes wrong with it in words. Only waiting counts as silence, not what is done with a chunk. */
const chunksOf = async function* (response: IncomingMessage, { name, patience }: Sender): AsyncGenerator<Uint8Array> {
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  try {
    for (;;) {
      const clock = patience === 0 ? undefined : setTimeout(() => response.destroy(silence(name, patience)), patience);
      const next = await chunks.next().finally(() => clearTimeout(clock));
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    throw codeOf(error) === 'ECONNRESET' ? new Exit(exitCode.failed, 'the connection ended before the answer was whole') : error;
  }
};

/**
 * Writes the body of an answer to a file or to standard output, asking for more only when the last chunk has gone. Emits 0 at the end.
 * Left or failed before, it says that the file is not whole.
 */
export const savedBody = (io: Io, response: IncomingMessage, file: string | undefined, from: Sender): Task =>
  new Observable<number>((subscriber) => {
    const total = lengthOf(response);
    let got = 0;
    let partial = false;
    let bar: Progress | undefined;
    const complain = (): void => {
      if (partial) tell(io, `esp-at: ${printable(file ?? '')} is not whole: ${String(got)}${total === undefined ? '' : ` of ${String(total)}`} bytes`);
    };
    const work = async (): Promise<void> => {
      const to = await destination(io, file);
      partial = file !== undefined;
      if (subscriber.closed) complain();
      // A bar and the body on one terminal would tear each other up.
      if (!subscriber.closed && (file !== undefined || io.stdout.isTTY !== true)) bar = transfer(io, 'fetching', total);
      try {
        for await (const chunk of chunksOf(response, from)) {
          if (subscriber.closed) return;
          await to.write(chunk);
          bar?.update((got += chunk.length));
        }
      } finally {
        await to.close();
      }
      partial = false;
    };
    work().then(
      () => {
        subscriber.next(exitCode.ok);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      response.destroy();
      bar?.stop();
      complain();
    };
  });
