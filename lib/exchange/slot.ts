import type { AfterPrompt } from '../../operators/frame.js';
import { AtError } from '../../operators/atError.js';
import type { Shape } from '../codec/field.js';
import { decodeLine, maskLine, type Line } from '../codec/line.js';
import type { Command } from '../command/command.js';
import type { Item } from '../command/response.js';

/** Where a command is in its life. `paid`: every byte of its payload is written. */
export type Stage = 'sent' | 'answering' | 'prompted' | 'paid' | 'ended';

/** How a command ended: its terminal line, or what happened instead. */
export type Result =
  | 'OK'
  | 'ERROR'
  | 'SEND OK'
  | 'SEND FAIL'
  | 'SEND Canceled'
  | 'SEND CANCELLED'
  | 'FAIL'
  | 'SET OK'
  | '+MQTTPUB:OK'
  | '+MQTTPUB:FAIL'
  | 'BUSY'
  | 'RESTART'
  | 'ABORTED'
  | 'TIMEOUT';

/** The life of one command on the wire: a value, changed only by `advance`. */
export interface Slot {
  readonly declared: Command;
  /** Its line as sent, without CR LF: the echo is compared with it. */
  readonly text: string;
  readonly stage: Stage;
  readonly echoed: number;
  readonly items: readonly Item[];
  readonly free: readonly string[];
  readonly codes: readonly string[];
  readonly reasons: readonly Readonly<Record<string, unknown>>[];
  readonly failure?: AtError;
  /** Only the newest item is kept: whoever listens gets each as it comes, and a body must not pile up here. */
  readonly passing?: boolean;
  /** OK and ERROR count only after a line of the answer. */
  readonly strict?: boolean;
  /** A terminal that came before the last byte of the payload was written: it ends the command once the payload is complete. */
  readonly early?: Result;
}

export type SlotInput =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'item'; readonly item: Item }
  | { readonly kind: 'free'; readonly text: string }
  | { readonly kind: 'prompt' }
  | { readonly kind: 'paid' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'restarted' };

export type SlotEffect =
  | { readonly do: 'item'; readonly item: Item }
  | { readonly do: 'pay' }
  /** No more of the payload is wanted. */
  | { readonly do: 'quit' }
  | { readonly do: 'raw' }
  | { readonly do: 'end'; readonly result: Result };

export interface SlotStep {
  readonly slot: Slot;
  /** False: the input is none of this command's, offer it elsewhere. */
  readonly taken: boolean;
  readonly effects: readonly SlotEffect[];
}

export const openSlot = (declared: Command, text: string): Slot => ({
  declared,
  text,
  stage: 'sent',
  echoed: 0,
  items: [],
  free: [],
  codes: [],
  reasons: [],
});

/** What follows the prompt this command waits for; `undefined` when it waits for none. */
export const promptOf = (declared: Command): AfterPrompt | undefined =>
  declared.phase === 'prompt' || declared.phase === 'prompt-stream' ? 'lines' : declared.phase === 'passthrough' ? 'raw' : undefined;

const kept = (slot: Slot, item: Item): readonly Item[] => (slot.passing === true ? [item] : [...slot.items, item]);

const pass = (slot: Slot): SlotStep => ({ slot, taken: false, effects: [] });
const take = (slot: Slot, change: Partial<Slot> = {}, effects: readonly SlotEffect[] = []): SlotStep => ({
  slot: { ...slot, ...(slot.stage === 'sent' ? { stage: 'answering' as const } : {}), ...change },
  taken: true,
  effects,
});

const end = (slot: Slot, result: Result): SlotStep =>
  // The module counts payload bytes whatever it has said: the command is over when the last one is written.
  slot.stage === 'prompted' ? take(slot, { early: result }, [{ do: 'quit' }]) : take(slot, { stage: 'ended' }, [{ do: 'end', result }]);

const echo = (slot: Slot, text: string): SlotStep | undefined =>
  text.length > 0 && slot.text.startsWith(text, slot.echoed) ? take(slot, { echoed: slot.echoed + text.length }) : undefined;

const terminal = (slot: Slot, text: string): SlotStep | undefined => {
  const { success, failure } = slot.declared.terminals ?? { success: ['OK'], failure: ['ERROR'] };
  // What a dead command still says must not pass for the answer to a probe.
  if (slot.strict === true && slot.items.length + slot.free.length === 0 && (text === 'OK' || text === 'ERROR')) return { slot, taken: true, effects: [] };
  const prompts = promptOf(slot.declared) !== undefined;
  const waiting = prompts && (slot.stage === 'sent' || slot.stage === 'answering');
  if (text === 'OK') return waiting || !success.includes('OK') ? take(slot) : end(slot, 'OK');
  if (text === 'ERROR') return end(slot, 'ERROR');
  return !waiting && (success.includes(text) || failure.includes(text)) ? end(slot, text as Result) : undefined;
};

const busy = (slot: Slot): SlotStep =>
  // Only a line of which nothing was seen yet can have been dropped; else surplus bytes were (PROTOCOL section 10).
  slot.stage === 'sent' ? end(slot, 'BUSY') : pass({ ...slot, codes: slot.codes.filter((code) => code !== busyCode) });

const busyCode = '0x010b0000';

const match = (declared: Line, text: string, shape: Shape): Readonly<Record<string, unknown>> | AtError | undefined =>
  text.startsWith(declared.prefix) ? decodeLine(declared, text, shape) : undefined;

const unreadable = (declared: Line, text: string, shape: Shape): AtError => {
  const { shown } = maskLine(declared, text, shape);
  return new AtError({ kind: 'decode', code: 'line', message: `unreadable line ${shown}`, details: { line: shown } });
};

const answer = (slot: Slot, text: string, shape: Shape): SlotStep | undefined => {
  for (const reason of slot.declared.reasons ?? []) {
    const value = match(reason, text, shape);
    if (value !== undefined && !(value instanceof AtError)) return take(slot, { reasons: [...slot.reasons, value] });
  }
  let failure: AtError | undefined;
  for (const declared of slot.declared.response.lines) {
    if (!text.startsWith(declared.prefix)) continue;
    const value = decodeLine(declared, text, shape) ?? unreadable(declared, text, shape);
    if (value instanceof AtError) {
      failure ??= value;
      continue;
    }
    const item: Item = { line: declared, value };
    return take(slot, { items: kept(slot, item) }, [{ do: 'item', item }]);
  }
  return failure === undefined ? undefined : take(slot, { failure: slot.failure ?? failure });
};

const advanceLine = (slot: Slot, text: string, shape: Shape): SlotStep => {
  if (text === 'busy p...') return busy(slot);
  const code = /^ERR CODE:(0x[0-9a-f]{8})$/i.exec(text)?.[1];
  // A code alone proves nothing: the one of a rejection comes before its `busy p...`.
  if (code !== undefined) return { slot: { ...slot, codes: [...slot.codes, code.toLowerCase()] }, taken: true, effects: [] };
  return echo(slot, text) ?? terminal(slot, text) ?? answer(slot, text, shape) ?? pass(slot);
};

/** The next value of a command's life. Pure: time, restarts and written payload are inputs like lines. */
export const advance = (slot: Slot, input: SlotInput, shape: Shape): SlotStep => {
  if (slot.stage === 'ended') return pass(slot);
  switch (input.kind) {
    case 'line':
      return advanceLine(slot, input.text, shape);
    case 'item':
      if (!slot.declared.response.lines.includes(input.item.line)) return pass(slot);
      return take(slot, { items: kept(slot, input.item) }, [{ do: 'item', item: input.item }]);
    case 'free':
      // A late echo is no line of an answer.
      return slot.declared.response.free === true && !/^AT(?:E[01]|\+.*)?$/i.test(input.text) ? take(slot, { free: [...slot.free, input.text] }) : pass(slot);
    case 'prompt':
      if (promptOf(slot.declared) === undefined || (slot.stage !== 'sent' && slot.stage !== 'answering')) return pass(slot);
      if (slot.declared.phase === 'passthrough') return take(slot, { stage: 'ended' }, [{ do: 'raw' }, { do: 'end', result: 'OK' }]);
      return take(slot, { stage: 'prompted' }, [{ do: 'pay' }]);
    case 'paid': {
      const paid = { ...slot, stage: 'paid' as const };
      return slot.early === undefined ? take(paid) : end(paid, slot.early);
    }
    case 'timeout':
      return take(slot, { stage: 'ended' }, [{ do: 'end', result: 'TIMEOUT' }]);
    case 'restarted':
      return take(slot, { stage: 'ended' }, [{ do: 'end', result: 'ABORTED' }]);
  }
};
