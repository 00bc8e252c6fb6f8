import { createFramer } from '../../operators/framer.js';
import { fromWire } from '../codec/wireText.js';
import type { DialectName } from '../dialects/dialect.js';
import { headsOf, opaqueOf } from '../exchange/heads.js';
import { isInterim } from '../exchange/interim.js';
import { promptOf } from '../exchange/slot.js';
import { createRedactor } from '../trace/redactor.js';
import { createPendingCommands } from './pendingCommands.js';
import type { CaptureContext, CaptureEntry, Decoded } from './decoded.js';
import { type Heard, heardOf } from './heard.js';
import { createKnown } from './known.js';
import { learnParams, learnValues } from './learnSecrets.js';
import { createListener } from './listener.js';
import { createOutput } from './output.js';
import { createWritten } from './written.js';

/** Silence inside an open count after which it is abandoned, in ms. */
const stall = 3000;

/** Which firmware a capture is of, the state it begins in, and who hears everything at once. */
export interface DecoderConfig {
  /** Default `auto`: every known shape until an answer to AT+GMR was seen, then that firmware's. */
  readonly dialect?: DialectName | 'auto';
  /** The state at the start. What is missing is as after a boot. */
  readonly context?: CaptureContext;
  /** Called for everything the module says as soon as it is read, answers before their command has ended: what a terminal shows. */
  readonly heard?: (heard: Heard) => void;
}

/** Reads a capture entry by entry. No I/O, no clock but the capture's own. */
export interface Decoder {
  /** What stands after this entry, in order. */
  push(entry: CaptureEntry): readonly Decoded[];
  /** What is left when the capture ends. */
  end(): readonly Decoded[];
}

/** A decoder: the SDK's own framer, codecs and command life over bytes that somebody else exchanged. */
export const createDecoder = ({ dialect = 'auto', context = {}, heard }: DecoderConfig = {}): Decoder => {
  const redactor = createRedactor();
  const output = createOutput();
  let entry = 0;
  let silence = 0;

  const known = createKnown(dialect, context, () => framer.instruct({ do: 'heads', heads: headsOf(known.dialect, known.settings) }));
  const interim = (bytes: Uint8Array): boolean => isInterim(known.dialect, bytes, known.settings);
  const framer = createFramer({ heads: headsOf(known.dialect, known.settings), opaque: opaqueOf(known.dialect), interim });

  const arm = (): void => {
    const slot = queue.current?.slot;
    const then = slot === undefined || (slot.stage !== 'sent' && slot.stage !== 'answering') ? undefined : promptOf(slot.declared);
    framer.instruct(then === undefined ? { do: 'disarm' } : { do: 'arm', then });
  };
  const queue = createPendingCommands({
    shape: () => known.settings,
    item: (value) => learnValues(redactor, value),
    ended: (done) => {
      known.concluded(done);
      arm();
    },
    print: output.print,
  });

  const written = createWritten({
    line: (text) => {
      const { current } = queue;
      if (current?.command.name === '+++') current.result = 'NONE';
      const command = known.read(text);
      learnParams(redactor, command);
      // A line that ends a surplus of payload is dropped with it, unseen: only an idle module answers an empty line.
      if (text === '' && queue.current !== undefined) return;
      queue.add(text === '' ? { ...command, name: '' } : command, text, entry);
      queue.print();
      arm();
    },
    paid: () => void queue.offer({ kind: 'paid' }),
    raw: (bytes) => output.raw('tx', bytes),
    escape: () => {
      framer.instruct({ do: 'lines' });
      queue.add({ ...known.read('+++'), name: '+++', form: 'escape', shown: '+++' }, '+++', entry);
    },
  });

  const listen = createListener({ known, queue, output, redactor, written, framer });
  const drain = (): void => {
    for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
      const event = listen(frame);
      if (heard !== undefined) heard(heardOf(frame, event, (text) => fromWire(redactor.shown(text))));
    }
  };

  return {
    push: (next) => {
      entry += 1;
      if (next.dir === 'tx') written.push(next.bytes);
      else if (next.dir === 'wait') {
        written.wait(next.ms);
        silence += next.ms;
        if (silence >= stall && framer.open !== undefined) {
          framer.instruct({ do: 'abandon' });
          drain();
        }
      } else if (next.bytes.length > 0) {
        silence = 0;
        written.answered();
        framer.feed(next.bytes);
        drain();
      }
      return output.take();
    },
    end: () => {
      written.answered();
      queue.end();
      output.flush();
      return output.take();
    },
  };
};
