import { AtError } from '../../operators/atError.js';
import type { Shape } from '../codec/field.js';
import { decodeLine, isOpaque, maskLine, type Line } from '../codec/line.js';
import type { Item } from '../command/response.js';
import { promptOf, type Result, type Slot } from './slotState.js';
import { end, kept, pass, take, type SlotStep } from './slotStep.js';

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

/** The code before `busy p...`: that of what was dropped. */
export const busyCode = '0x010b0000';

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
  let { torn } = slot;
  for (const declared of slot.declared.response.lines) {
    if (!text.startsWith(declared.prefix)) continue;
    const value = decodeLine(declared, text, shape);
    if (value === undefined || value instanceof AtError) {
      failure ??= value ?? unreadable(declared, text, shape);
      if (value === undefined && isOpaque(declared)) torn = true;
      continue;
    }
    const item: Item = { line: declared, value };
    return take(slot, { items: kept(slot, item) }, [{ do: 'item', item }]);
  }
  return failure === undefined ? undefined : take(slot, { failure: slot.failure ?? failure, ...(torn === undefined ? {} : { torn }) });
};

/** The next value of a command's life when a line is read. Pure. */
export const advanceLine = (slot: Slot, text: string, shape: Shape): SlotStep => {
  if (text === 'busy p...') return busy(slot);
  const code = /^ERR CODE:(0x[0-9a-f]{8})$/i.exec(text)?.[1];
  // A code alone proves nothing: the one of a rejection comes before its `busy p...`.
  if (code !== undefined) return { slot: { ...slot, codes: [...slot.codes, code.toLowerCase()] }, taken: true, effects: [] };
  return echo(slot, text) ?? terminal(slot, text) ?? answer(slot, text, shape) ?? pass(slot);
};
