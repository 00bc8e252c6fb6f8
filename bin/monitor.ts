import { asyncScheduler, type Observable, Subject, type SchedulerLike } from 'rxjs';
import type { DialectName } from 'rx-esp-at/catalogue';
import { createDecoder, type Decoded, type Heard } from 'rx-esp-at/decode';
import { printable, printableBytes } from './printable.js';

/** After so much silence the beginning of a line is told of, in ms. */
const patience = 500;
const terminals = /^(?:OK|ERROR|SEND OK|SEND FAIL|SEND CANCELLED|SEND Canceled|SET OK|busy p\.\.\.)$/;

const textOf = ({ kind, event, text, bytes = new Uint8Array(0) }: Heard): string => {
  const mark = event ? '* ' : '  ';
  if (kind === 'raw') return `${mark}${printableBytes(bytes)}`;
  if (kind === 'noise') return `${mark}(${printable(text)})`;
  return kind === 'data' ? `${mark}${printable(text)}: "${printableBytes(bytes)}"` : `${mark}${printable(text)}`;
};

/** Cut behind every line end. */
const pieces = (bytes: Uint8Array): readonly Uint8Array[] => {
  const found: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from) + 1;
    const to = end === 0 ? bytes.length : end;
    found.push(bytes.slice(from, to));
    from = to;
  }
  return found;
};

export interface MonitorConfig {
  readonly dialect: DialectName | 'auto';
  /** Takes what is to be read, line by line. */
  readonly print: (text: string) => void;
  /** Takes what a client must conclude. */
  readonly concluded?: (decoded: Decoded) => void;
  readonly scheduler?: SchedulerLike;
}

/** Makes bytes of a line readable, both directions being known. */
export interface Monitor {
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
  /** Hot: a command has ended or the module asks for data. */
  readonly answered: Observable<void>;
  stop(): void;
}

/** A monitor of a line that has been silent so far. */
export const createMonitor = ({ dialect, print, concluded, scheduler = asyncScheduler }: MonitorConfig): Monitor => {
  const answered = new Subject<void>();
  let last = scheduler.now();
  let begun = 0;
  let whole = false;
  let silence = scheduler.schedule(() => undefined);
  const decoder = createDecoder({
    dialect,
    heard: (heard) => {
      whole = true;
      print(textOf(heard));
      if (heard.kind === 'prompt' || terminals.test(heard.text)) answered.next();
    },
  });
  const follow = (dir: 'tx' | 'rx', bytes: Uint8Array): void => {
    const now = scheduler.now();
    const all = [...decoder.push({ dir: 'wait', ms: now - last }), ...decoder.push({ dir, bytes })];
    last = now;
    for (const decoded of all) concluded?.(decoded);
  };
  const unfinished = (): void => {
    if (begun > 0) print(`  (${String(begun)} bytes without the end of a line; is the baud rate right?)`);
    begun = 0;
  };
  return {
    sent: (bytes) => follow('tx', bytes),
    received: (bytes) => {
      for (const piece of pieces(bytes)) {
        whole = piece[piece.length - 1] === 0x0a;
        follow('rx', piece);
        begun = whole ? 0 : begun + piece.length;
      }
      silence.unsubscribe();
      silence = scheduler.schedule(unfinished, patience);
    },
    answered: answered.asObservable(),
    stop: () => {
      silence.unsubscribe();
      answered.complete();
    },
  };
};
