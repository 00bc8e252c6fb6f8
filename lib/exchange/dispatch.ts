import { AtError } from '../../operators/atError.js';
import type { Frame, HeadMatch } from '../../operators/frame.js';
import { latin1 } from '../codec/latin1.js';
import { decodeLine } from '../codec/line.js';
import type { Command, ModuleSettings } from '../command/command.js';
import type { AtEvent } from '../command/event.js';
import type { Dialect } from '../dialects/dialect.js';
import { lineOfHead } from './heads.js';
import { readEvent } from './readEvent.js';
import type { Diagnostic } from './request.js';
import type { SlotInput } from './slot.js';

/** What frames are offered to. */
export interface DispatchTarget {
  readonly dialect: Dialect;
  readonly settings: ModuleSettings;
  /** The command under way. */
  readonly declared: Command | undefined;
  /** Commands may have died: lines that only a command can have are late ones. */
  readonly recovering: boolean;
  /** Offers an input to the command under way; false when it is not its. */
  step(input: SlotInput): boolean;
  tell(kind: Diagnostic['kind'], text: string): void;
  show(dir: 'rx', text: string): void;
  /** A line without the secrets that stand in it by declaration. */
  shownLine(text: string): string;
  /** Text without any secret met so far. */
  redacted(text: string): string;
  event(event: AtEvent): void;
  ready(): void;
  /** `ready` will come from a module in passthrough. */
  booted(): void;
  prompted(): void;
  raw(bytes: Uint8Array): void;
  /** A payload of the command under way broke off. */
  broken(failure: AtError): void;
}

const terminalTexts = /^(?:OK|ERROR|SEND OK|SEND FAIL|SEND CANCELLED|SEND Canceled|SET OK|ERR CODE:.*|Recv \d+ bytes)$/;

/** Hands each frame to the command under way, else to the events, else to the diagnostics; nothing is dropped unseen. */
export const createDispatch = (target: DispatchTarget): { readonly onFrame: (frame: Frame) => void } => {
  const isLate = (text: string): boolean =>
    terminalTexts.test(text) || (target.recovering && [...target.dialect.commands.values()].some(({ response }) => response.lines.some(({ prefix }) => text.startsWith(prefix))));

  const onLine = (text: string): void => {
    const shown = target.shownLine(text);
    target.show('rx', shown);
    if (text === 'ready') return target.ready();
    // The prompt of AT+SAVETRANSLINK comes before `ready` (recorded on 2.0 and 4.1): nothing waits for it.
    if (text === '>') target.booted();
    if (target.step({ kind: 'line', text })) return;
    const event = readEvent(target.dialect, text, target.settings);
    if (event !== undefined) return target.event(event);
    if (target.step({ kind: 'free', text })) return;
    if (isLate(text)) return target.tell('late', shown);
    target.event({ name: 'unknown', fields: { text: target.redacted(shown) } });
  };

  const onCounted = (head: HeadMatch, payload: Uint8Array, part: Readonly<Record<string, unknown>>): void => {
    target.show('rx', `${head.text}<${String(payload.length)} bytes>`);
    const found = lineOfHead(target.dialect, head.prefix, target.declared);
    const decoded = found === undefined ? undefined : decodeLine(found.line, head.text, target.settings);
    if (found === undefined || decoded === undefined || decoded instanceof AtError) return target.tell('broken', head.text);
    const value = { ...decoded, ...part };
    if (found.event !== undefined) return target.event({ name: found.event, fields: value, payload });
    if (!target.step({ kind: 'item', item: { line: found.line, value, payload } })) target.tell('late', head.text);
  };

  const onBroken = (head: HeadMatch, received: number, reason: string): void => {
    target.tell('broken', `${head.text}: ${String(received)} of ${String(head.length)} bytes, ${reason}`);
    const found = lineOfHead(target.dialect, head.prefix, target.declared);
    if (found === undefined || target.declared?.response.lines.includes(found.line) !== true) return;
    target.broken(new AtError({ kind: 'framing', code: reason, message: `a payload of ${String(head.length)} bytes broke off`, details: { received, length: head.length } }));
  };

  return {
    onFrame: (frame) => {
      switch (frame.kind) {
        case 'line':
          return onLine(latin1(frame.bytes));
        case 'data':
          return onCounted(frame.head, frame.payload, {});
        case 'part':
          return onCounted(frame.head, frame.payload, { offset: frame.offset, last: frame.last });
        case 'prompt':
          target.show('rx', '>');
          return target.prompted();
        case 'noise':
          return target.tell('noise', `${String(frame.bytes)} bytes of noise`);
        case 'broken':
          return onBroken(frame.head, frame.received, frame.reason);
        case 'raw':
          return target.raw(frame.bytes);
      }
    },
  };
};
