import { concat, Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { fromLatin1 } from '../codec/latin1.js';
import type { ModuleSettings } from '../command/command.js';
import { createParting, type Parting, type Question } from './parting.js';
import { escapeRest, type QuietLine } from './quietLine.js';
import type { Writer } from './writer.js';

/** How a raw stream ended: in order, by a restart that was found out when it was left, or with a module that no longer answers. */
export type RawEnd = { readonly how: 'left'; readonly rest: Uint8Array } | { readonly how: 'restarted' } | { readonly how: 'silent' };

const answerLimit = 1500;
/** Of escapes and questions together. */
const attempts = 10;
/** What may come while the line is left; one that comes faster than it is told apart ends in an error. */
const partingLimit = 4 * 1024 * 1024;

export interface RawLeavingConfig {
  /** Ends what is being written and waited for. */
  readonly work: Subscription;
  readonly writer: Pick<Writer, 'write'>;
  readonly silence: QuietLine;
  /** Those the stream began with. */
  readonly settings: ModuleSettings;
  readonly show: (dir: 'tx', text: string) => void;
  /** What the peer said before the end. */
  readonly peer: (bytes: Uint8Array) => void;
  /** The error is for whoever listens to the stream. */
  readonly over: (end: RawEnd, error?: AtError) => void;
}

/** The way out of a raw stream: `+++` and a query until it is answered, AT+CIPMODE=0 where that is on, and the proof of it. */
export interface RawLeaving {
  /** Once; further calls do nothing. */
  begin(): void;
  /** False before the first `+++`: it is all the peer's. */
  feed(bytes: Uint8Array): boolean;
}

const questions: Readonly<Record<Question, string>> = { mode: 'AT+CIPMODE?', end: 'AT+CIPMODE=0', proof: 'AT+CIPMODE?' };

/** What the peer got of the last bytes nobody knows. */
const lostInside = (code: string, message: string): AtError => new AtError({ kind: 'module', code, message, retry: 'unknown' });

/** Not begun yet. */
export const createRawLeaving = ({ work, writer, silence, settings, show, peer, over }: RawLeavingConfig): RawLeaving => {
  let parting: Parting | undefined;
  let waiting = new Subscription();
  let tried = 0;

  const silent = (): void => over({ how: 'silent' }, lostInside('lost', 'the module does not leave the raw stream'));

  // An escape is followed by a question, a question without an answer by an escape, until one of them was the last.
  const escape = (): void => {
    tried += 1;
    if (tried > attempts) return silent();
    const mark = (): void => {
      parting ??= createParting();
      show('tx', '+++');
    };
    waiting = concat(silence.escape(mark), silence.wait(escapeRest)).subscribe({ error: () => undefined, complete: () => ask('mode') });
    work.add(waiting);
  };
  const ask = (question: Question): void => {
    tried += 1;
    waiting.unsubscribe();
    if (tried > attempts) return silent();
    const text = questions[question];
    parting?.asked(question);
    show('tx', text);
    waiting = concat(writer.write(fromLatin1(`${text}\r\n`)), silence.wait(answerLimit)).subscribe({ error: () => undefined, complete: escape });
    work.add(waiting);
  };

  const conclude = (log: Parting): void => {
    const parted = log.part((settings.sysmsg & 1) === 1);
    if (!parted.certain) {
      const message = 'what came last cannot be told apart from the answers of the module';
      return over({ how: 'left', rest: new Uint8Array(0) }, new AtError({ kind: 'link', code: 'mixed', message, details: { bytes: log.length } }));
    }
    if (parted.peer.length > 0) peer(parted.peer);
    over({ how: 'left', rest: parted.rest });
  };
  const look = (log: Parting, bytes: Uint8Array): void => {
    const reply = log.feed(bytes);
    if (reply === undefined) return log.length > partingLimit ? silent() : undefined;
    if (reply.kind === 'refused') return ask('mode');
    if (reply.kind === 'proved') return conclude(log);
    if (reply.kind === 'ended') return ask('proof');
    // A module that has booted echoes, and has forgotten its transfer mode.
    if ((reply.echoed && !settings.echo) || (settings.cipmode && !reply.on)) {
      return over({ how: 'restarted' }, lostInside('reset', 'the module restarted during the raw stream'));
    }
    return reply.on ? ask('end') : conclude(log);
  };

  return {
    begin: () => {
      if (tried === 0) escape();
    },
    feed: (bytes) => {
      if (parting === undefined) return false;
      look(parting, bytes);
      return true;
    },
  };
};
