import { createFramer } from '../../operators/framer.js';
import { AtError } from '../../operators/atError.js';
import type { Frame, HeadMatch } from '../../operators/frame.js';
import { latin1 } from '../codec/latin1.js';
import { fromWire } from '../codec/wireText.js';
import { decodeLine } from '../codec/line.js';
import { bootSettings, type ModuleSettings } from '../command/command.js';
import type { AtEvent } from '../command/event.js';
import { detectDialect } from '../dialects/detectDialect.js';
import type { Dialect, DialectName } from '../dialects/dialect.js';
import { anyDialect } from '../dialects/anyDialect.js';
import { dialects } from '../dialects/dialects.js';
import { concealSecrets, headsOf, lineOfHead, opaqueOf } from '../exchange/heads.js';
import { readEvent } from '../exchange/readEvent.js';
import { promptOf } from '../exchange/slot.js';
import { Secret } from '../codec/secret.js';
import { createRedactor } from '../trace/redactor.js';
import { readCommand } from './commandText.js';
import type { CaptureContext, CaptureEntry, Decoded } from './decoded.js';
import { feed, openPending, type Pending, printed } from './pending.js';
import { createWritten } from './written.js';

/** Silence inside an open count after which it is abandoned, in ms. */
const stall = 3000;

/** One thing the module said, as it stood on the line; secrets are masked. */
export interface Heard {
  readonly kind: 'line' | 'data' | 'prompt' | 'raw' | 'noise';
  /** The module said it by itself. */
  readonly event: boolean;
  /** The line, or the head of counted data. */
  readonly text: string;
  readonly bytes?: Uint8Array;
}

export interface DecoderConfig {
  readonly dialect?: DialectName | 'auto';
  readonly context?: CaptureContext;
  /** Called for everything the module says as soon as it is read, answers before their command has ended: what a terminal shows. */
  readonly heard?: (heard: Heard) => void;
}

/** Reads a capture entry by entry. No I/O, no clock but the capture's own. */
export interface Decoder {
  push(entry: CaptureEntry): readonly Decoded[];
  /** What is left when the capture ends. */
  end(): readonly Decoded[];
}

/** Where a command line is looked up before AT+GMR has answered: in every table, the newest first. */
const unidentified: readonly Dialect[] = [anyDialect, dialects.v4, dialects.v5, dialects.v2, dialects.v1, dialects.nonos];

const settingsOf = (context: CaptureContext): ModuleSettings => ({
  ...bootSettings,
  ...(context.echo === undefined ? {} : { echo: context.echo }),
  cipmux: context.cipmux === 1,
  cipdinfo: context.cipdinfo === 1,
  passive: context.passive === true,
  sysmsg: context.sysmsg ?? 0,
  syslog: context.syslog === 1,
});

const heardOf = (frame: Frame, event: boolean, shown: (wire: string) => string): Heard => {
  switch (frame.kind) {
    case 'line':
      return { kind: 'line', event, text: shown(latin1(frame.bytes)) };
    case 'data':
    case 'part':
      return { kind: 'data', event, text: shown(frame.head.text), bytes: frame.payload };
    case 'raw':
      return { kind: 'raw', event, text: '', bytes: frame.bytes.slice() };
    case 'prompt':
      return { kind: 'prompt', event, text: '>' };
    case 'noise':
      return { kind: 'noise', event, text: `${String(frame.bytes)} bytes of noise` };
    case 'broken':
      return { kind: 'noise', event, text: `${shown(frame.head.text)} promised ${String(frame.head.length)} bytes, ${String(frame.received)} came` };
  }
};

/** A decoder: the SDK's own framer, codecs and command life over bytes that somebody else exchanged. */
export const createDecoder = ({ dialect: wanted = 'auto', context = {}, heard }: DecoderConfig = {}): Decoder => {
  const tables = (): readonly Dialect[] => (wanted === 'auto' && !identified ? unidentified : [dialect]);
  const redactor = createRedactor();
  let identified = false;
  let dialect = wanted === 'auto' ? anyDialect : dialects[wanted];
  let settings = settingsOf(context);
  let entry = 0;
  let silence = 0;
  const pending: Pending[] = [];
  let out: Decoded[] = [];
  let unasked = false;
  let rawBoot = false;
  let coalesced: { dir: 'tx' | 'rx'; parts: Uint8Array[] } | undefined;

  const interim = (bytes: Uint8Array): boolean => {
    const text = latin1(bytes);
    return text === 'busy p...' || text.startsWith('ERR CODE:') || readEvent(dialect, text, settings) !== undefined;
  };
  const framer = createFramer({ heads: headsOf(dialect, settings), opaque: opaqueOf(dialect), interim });
  const current = (): Pending | undefined => pending.find((candidate) => candidate.result === undefined);

  const flushRaw = (): void => {
    if (coalesced === undefined) return;
    const { dir, parts } = coalesced;
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
    coalesced = undefined;
    out.push({ kind: 'raw', dir, bytes });
  };
  const print = (decoded: Decoded): void => {
    flushRaw();
    out.push(decoded);
  };
  const printRaw = (dir: 'tx' | 'rx', bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    if (coalesced?.dir !== dir) flushRaw();
    coalesced ??= { dir, parts: [] };
    coalesced.parts.push(bytes);
  };
  const printEvent = ({ name, fields, payload }: AtEvent): void => {
    unasked = true;
    learn(fields);
    const linked = 'link' in fields ? { ...fields, link: fields['link'] ?? null } : fields;
    print({ kind: 'event', name, fields: linked, ...(payload === undefined ? {} : { payload }) });
  };
  const learn = (values: Readonly<Record<string, unknown>>): void => {
    for (const value of Object.values(values)) if (value instanceof Secret) redactor.learn(value.reveal());
  };
  const printEnded = (): void => {
    while (pending[0]?.result !== undefined) {
      const [first] = pending.splice(0, 1);
      if (first !== undefined && first.command.name !== '') print(printed(first));
    }
  };

  const arm = (): void => {
    const slot = current()?.slot;
    const then = slot === undefined || (slot.stage !== 'sent' && slot.stage !== 'answering') ? undefined : promptOf(slot.declared);
    framer.instruct(then === undefined ? { do: 'disarm' } : { do: 'arm', then });
  };
  const adapt = (change: Partial<ModuleSettings>): void => {
    settings = { ...settings, ...change };
    framer.instruct({ do: 'heads', heads: headsOf(dialect, settings) });
  };
  const concluded = (done: Pending): void => {
    const { declared, params, name } = done.command;
    const success = declared.terminals?.success ?? ['OK'];
    if (done.result !== undefined && success.includes(done.result) && declared.effect !== undefined) adapt(declared.effect(params));
    const firmware = name === 'AT+GMR' ? detectDialect(done.slot.free) : undefined;
    if (wanted === 'auto' && firmware !== undefined) {
      identified = true;
      dialect = dialects[firmware.dialect];
      adapt({});
    }
    arm();
    printEnded();
  };
  const offer = (input: Parameters<typeof feed>[1]): boolean => {
    const target = current();
    if (target === undefined) return false;
    const { taken, ended } = feed(target, input, settings);
    if (taken) for (const { value } of target.slot.items.slice(-1)) learn(value);
    if (ended !== undefined) concluded(target);
    return taken;
  };

  const written = createWritten({
    line: (text) => {
      const escape = current()?.command.name === '+++' ? current() : undefined;
      if (escape !== undefined) escape.result = 'NONE';
      const command = text === '' ? { ...readCommand(text, tables(), settings), name: '' } : readCommand(text, tables(), settings);
      for (const [name, field] of Object.entries(command.declared.params.spec)) {
        const value = command.params[name];
        if (!field.secret) continue;
        if (typeof value === 'string') redactor.learn(value);
        else if (Array.isArray(value)) for (const text of value as readonly unknown[]) redactor.learn(String(text));
      }
      // A line that ends a surplus of payload is dropped with it, unseen: only an idle module answers an empty line.
      if (text === '' && current() !== undefined) return;
      pending.push(openPending(command, text, entry));
      printEnded();
      arm();
    },
    paid: () => void offer({ kind: 'paid' }),
    raw: (bytes) => printRaw('tx', bytes),
    escape: () => {
      framer.instruct({ do: 'lines' });
      pending.push(openPending({ ...readCommand('+++', tables(), settings), name: '+++', form: 'escape', shown: '+++' }, '+++', entry));
    },
  });

  const dropped = (): void => {
    // `busy p...` tells of the line behind the running one, and of every line of the same write.
    const [, second] = pending.filter((candidate) => candidate.result === undefined);
    written.drop();
    if (second === undefined) return;
    for (const candidate of pending) if (candidate.result === undefined && candidate !== current() && candidate.entry === second.entry) candidate.result = 'BUSY';
    printEnded();
  };
  const restarted = (): void => {
    for (const candidate of pending) candidate.result ??= 'ABORTED';
    written.reset();
    settings = bootSettings;
    framer.instruct({ do: 'lines' });
    adapt({});
    printEnded();
    if (!rawBoot) return;
    rawBoot = false;
    framer.instruct({ do: 'raw' });
    written.passthrough();
  };

  const onLine = (text: string): void => {
    // What the module prints once is hidden wherever it comes again, also in a line that nothing asked for.
    const concealed = concealSecrets(dialect, text, settings);
    for (const found of concealed.secrets) redactor.learn(fromWire(found));
    const several = pending.filter((candidate) => candidate.result === undefined).length > 1;
    if (text === 'busy p...' && several) {
      dropped();
      return printEvent({ name: text, fields: {} });
    }
    if (text === '+QUITT' && current()?.command.name === '+++') {
      const escape = current();
      if (escape !== undefined) escape.result = 'QUITT';
      printEnded();
    } else if (offer({ kind: 'line', text })) return;
    const event = readEvent(dialect, text, settings);
    if (event !== undefined) {
      if (event.name === 'busy p...') written.drop();
      if (event.name === 'Will force to restart!!!') {
        const restart = pending.find((candidate) => candidate.result === undefined && candidate.command.declared.restarts === true);
        if (restart !== undefined) restart.result = 'RESTART';
      }
      printEvent(event);
      if (event.name === 'ready') restarted();
      return;
    }
    if (offer({ kind: 'free', text })) return;
    // The prompt of AT+SAVETRANSLINK comes before `ready` (recorded on 2.0 and 4.1): the stream is raw after it.
    rawBoot = text === '>';
    print({ kind: 'unknown', text: redactor.shown(fromWire(concealed.shown)) });
  };

  const onCounted = (head: HeadMatch, payload: Uint8Array): void => {
    const found = lineOfHead(dialect, head.prefix);
    const value = found === undefined ? undefined : decodeLine(found.line, head.text, settings);
    if (found === undefined || value === undefined || value instanceof AtError) return print({ kind: 'unknown', text: fromWire(head.text) });
    if (found.event !== undefined) return printEvent({ name: found.event, fields: value, payload });
    if (!offer({ kind: 'item', item: { line: found.line, value, payload } })) print({ kind: 'unknown', text: fromWire(head.text) });
  };

  const onFrame = (frame: Frame): void => {
    if (frame.kind === 'line') onLine(latin1(frame.bytes));
    else if (frame.kind === 'data' || frame.kind === 'part') onCounted(frame.head, frame.payload);
    else if (frame.kind === 'noise') print({ kind: 'noise', bytes: frame.bytes });
    else if (frame.kind === 'raw') printRaw('rx', frame.bytes.slice());
    else if (frame.kind === 'prompt') {
      const target = current();
      offer({ kind: 'prompt' });
      written.drop();
      if (target?.command.declared.phase === 'passthrough') {
        written.passthrough();
      } else if (target !== undefined) {
        const { declared, params } = target.command;
        written.owe(Number(params[declared.length ?? ''] ?? 0), declared.phase === 'prompt-stream', declared.endsWith);
      }
    }
  };
  const drain = (): void => {
    for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
      unasked = false;
      onFrame(frame);
      if (heard !== undefined) heard(heardOf(frame, unasked, (text) => fromWire(redactor.shown(text))));
    }
  };
  const take = (): readonly Decoded[] => {
    const taken = out;
    out = [];
    return taken;
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
      return take();
    },
    end: () => {
      written.answered();
      for (const candidate of pending) candidate.result ??= candidate.slot.early === undefined || candidate.slot.early === 'TIMEOUT' ? 'NONE' : candidate.slot.early;
      printEnded();
      flushRaw();
      return take();
    },
  };
};
