import { AtError } from '../../operators/atError.js';
import type { Frame, Framer, HeadMatch } from '../../operators/frame.js';
import { latin1 } from '../codec/latin1.js';
import { decodeLine } from '../codec/line.js';
import { fromWire } from '../codec/wireText.js';
import type { AtEvent } from '../command/event.js';
import { concealSecrets, lineOfHead } from '../exchange/heads.js';
import { readEvent } from '../exchange/readEvent.js';
import type { Redactor } from '../trace/redactor.js';
import type { PendingCommands } from './pendingCommands.js';
import type { Known } from './known.js';
import { learnValues } from './learnSecrets.js';
import type { Output } from './output.js';
import { reportsBy } from './pending.js';
import type { Written } from './written.js';

export interface ListenerConfig {
  readonly known: Known;
  readonly queue: PendingCommands;
  readonly output: Output;
  readonly redactor: Redactor;
  readonly written: Written;
  readonly framer: Pick<Framer, 'instruct'>;
}

/** Reads what the module says, a frame at a time: answers of commands, events, raw bytes. True for an event. */
export const createListener = ({ known, queue, output, redactor, written, framer }: ListenerConfig): ((frame: Frame) => boolean) => {
  let event = false;
  let rawBoot = false;

  const printEvent = ({ name, fields, payload }: AtEvent): void => {
    event = true;
    learnValues(redactor, fields);
    const linked = 'link' in fields ? { ...fields, link: fields['link'] ?? null } : fields;
    output.print({ kind: 'event', name, fields: linked, ...(payload === undefined ? {} : { payload }) });
  };

  const restarted = (): void => {
    queue.abort();
    written.reset();
    framer.instruct({ do: 'lines' });
    known.restarted();
    queue.print();
    // The other prompt of AT+SAVETRANSLINK comes after `ready`, before the host has said anything.
    if (!rawBoot) return framer.instruct({ do: 'arm', then: 'raw' });
    rawBoot = false;
    framer.instruct({ do: 'raw' });
    written.passthrough();
  };

  const onEvent = (told: AtEvent): void => {
    if (told.name === 'Will force to restart!!!') {
      const restart = queue.open.find(({ command }) => command.declared.restarts === true);
      if (restart !== undefined) restart.result = 'RESTART';
    }
    printEvent(told);
    if (told.name === 'ready') restarted();
  };

  const onLine = (text: string): void => {
    // What the module prints once is hidden wherever it comes again, also in a line that nothing asked for.
    const concealed = concealSecrets(known.dialect, text, known.settings);
    for (const found of concealed.secrets) redactor.learn(fromWire(found));
    const { current } = queue;
    if (text === 'busy p...') {
      // Bytes behind a line are dropped before the line itself is (recorded: a payload in the same write as its AT+CIPSEND).
      queue.busy(written.begun);
      written.drop();
      return printEvent({ name: text, fields: {} });
    }
    if (text === '+QUITT' && current?.command.name === '+++') {
      current.result = 'QUITT';
      queue.print();
    } else if (queue.offer({ kind: 'line', text })) {
      const step = current !== undefined && reportsBy(current, text) ? readEvent(known.dialect, text, known.settings) : undefined;
      return step === undefined ? undefined : printEvent(step);
    }
    const told = readEvent(known.dialect, text, known.settings);
    if (told !== undefined) return onEvent(told);
    if (queue.offer({ kind: 'free', text })) return;
    // The prompt of AT+SAVETRANSLINK comes before `ready` (recorded on 2.0 and 4.1): the stream is raw after it.
    rawBoot = text === '>';
    output.print({ kind: 'unknown', text: redactor.shown(fromWire(concealed.shown)) });
  };

  const onCounted = (head: HeadMatch, payload: Uint8Array): void => {
    const unknown = (): void => output.print({ kind: 'unknown', text: fromWire(head.text) });
    const found = lineOfHead(known.dialect, head.prefix);
    const value = found === undefined ? undefined : decodeLine(found.line, head.text, known.settings);
    if (found === undefined || value === undefined || value instanceof AtError) return unknown();
    if (found.event !== undefined) return printEvent({ name: found.event, fields: value, payload });
    if (!queue.offer({ kind: 'item', item: { line: found.line, value, payload } })) unknown();
  };

  const onPrompt = (): void => {
    const command = queue.current?.command;
    queue.offer({ kind: 'prompt' });
    written.drop();
    if (command === undefined) return written.passthrough();
    const { declared, params } = command;
    if (declared.phase === 'passthrough') written.passthrough();
    else written.owe(Number(params[declared.length ?? ''] ?? 0), declared.phase === 'prompt-stream', declared.endsWith);
  };

  return (frame) => {
    event = false;
    if (frame.kind === 'line') onLine(latin1(frame.bytes));
    else if (frame.kind === 'data' || frame.kind === 'part') onCounted(frame.head, frame.payload);
    else if (frame.kind === 'noise') output.print({ kind: 'noise', bytes: frame.bytes });
    else if (frame.kind === 'raw') output.raw('rx', frame.bytes.slice());
    else if (frame.kind === 'prompt') onPrompt();
    return event;
  };
};
