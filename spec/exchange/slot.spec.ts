import { bootSettings, type Command } from '../../lib/command/command.js';
import { advance, openSlot, type Slot, type SlotEffect, type SlotInput } from '../../lib/exchange/slot.js';
import { act, at, muxQuery, pull, send, sendLong, transparent, version } from './exchangeHarness.js';

type Step = SlotInput | string;

interface Life {
  readonly slot: Slot;
  readonly effects: readonly SlotEffect[];
  readonly taken: readonly boolean[];
}

/** The life of a command over lines and other inputs: where it got, what was to be done, and which inputs were its. */
const lived = (declared: Command, inputs: readonly Step[], open: Partial<Slot> = {}): Life => {
  let slot: Slot = { ...openSlot(declared, declared.name), ...open };
  const effects: SlotEffect[] = [];
  const taken: boolean[] = [];
  for (const input of inputs) {
    const step = advance(slot, typeof input === 'string' ? { kind: 'line', text: input } : input, bootSettings);
    slot = step.slot;
    effects.push(...step.effects);
    taken.push(step.taken);
  }
  return { slot, effects, taken };
};
const ends = (result: string): SlotEffect => ({ do: 'end', result }) as SlotEffect;

describe('the life of a command', () => {
  it('ends with its terminal, and takes nothing after it', () => {
    const { slot, effects, taken } = lived(at, ['AT', 'OK', 'OK', { kind: 'timeout' }]);
    expect([slot.stage, effects, taken]).toEqual(['ended', [ends('OK')], [true, true, false, false]]);
  });

  it('is rejected by busy as long as nothing of it was seen', () => {
    expect(lived(act, ['busy p...']).effects).toEqual([ends('BUSY')]);
    const { slot, effects, taken } = lived(act, ['AT+ACT', 'busy p...']);
    expect([slot.stage, effects, taken]).toEqual(['answering', [], [true, false]]);
  });

  it('does not take the code of a rejection for a sign of life', () => {
    const { slot, effects } = lived(act, ['ERR CODE:0x010B0000', 'busy p...']);
    expect([effects, slot.codes]).toEqual([[ends('BUSY')], ['0x010b0000']]);
  });

  it('forgets the code of a rejection that was none', () => {
    expect(lived(act, ['AT+ACT', 'ERR CODE:0x010b0000', 'busy p...', 'ERR CODE:0x01090000']).slot.codes).toEqual(['0x01090000']);
  });

  it('tells each line of its answer as it comes, and leaves those of others', () => {
    const { effects, taken, slot } = lived(muxQuery, ['+CWMODE:1', '+CIPMUX:1', 'OK']);
    expect([taken, effects.map((effect) => effect.do)]).toEqual([[false, true, true], ['item', 'end']]);
    expect(slot.items.map(({ value }) => value)).toEqual([{ enable: true }]);
  });

  it('keeps the first line that it cannot read as its failure', () => {
    const { slot, taken } = lived(muxQuery, ['+CIPMUX:?', '+CIPMUX:!']);
    expect([taken, slot.items, slot.failure]).toMatchObject([[true, true], [], { kind: 'decode', code: 'line', message: 'unreadable line +CIPMUX:?' }]);
  });

  it('takes a free line only where it declares them, a late echo never', () => {
    const free = (text: string): SlotInput => ({ kind: 'free', text });
    expect(lived(version, [free('AT version:2.1'), free('AT+GMR')])).toMatchObject({ slot: { free: ['AT version:2.1'] }, taken: [true, false] });
    expect(lived(at, [free('AT version:2.1')]).taken).toEqual([false]);
  });

  it.each(['OK', 'ERROR'])('does not take a late %s for its own where it is strict', (text) => {
    const { slot, effects, taken } = lived(muxQuery, [text, '+CIPMUX:0', text], { strict: true });
    expect([taken, slot.stage, effects.slice(1)]).toEqual([[true, true, true], 'ended', [ends(text)]]);
    expect(lived(muxQuery, [text], { strict: true }).slot.stage).toBe('sent');
  });

  it('waits for the prompt behind OK, pays, and ends with its terminal', () => {
    const { slot, effects } = lived(send, ['OK', { kind: 'prompt' }, { kind: 'paid' }, 'Recv 4 bytes', 'SEND OK']);
    expect([slot.stage, effects.map((effect) => effect.do), effects[2]]).toEqual(['ended', ['pay', 'item', 'end'], ends('SEND OK')]);
  });

  it('takes no terminal of the payload before its prompt, no prompt without one, and no second one', () => {
    expect(lived(send, ['SEND OK']).taken).toEqual([false]);
    expect(lived(at, [{ kind: 'prompt' }]).taken).toEqual([false]);
    expect(lived(send, [{ kind: 'prompt' }, { kind: 'prompt' }]).taken).toEqual([true, false]);
  });

  it('ends by a terminal that came too early once the payload is complete: the module counts on', () => {
    const early = lived(sendLong, [{ kind: 'prompt' }, 'SEND FAIL']);
    expect([early.slot.stage, early.effects]).toEqual(['prompted', [{ do: 'pay' }, { do: 'quit' }]]);
    expect(lived(sendLong, [{ kind: 'prompt' }, 'SEND FAIL', { kind: 'paid' }]).effects).toEqual([...early.effects, ends('SEND FAIL')]);
  });

  it('becomes a raw stream at the prompt of a passthrough command', () => {
    expect(lived(transparent, ['OK', { kind: 'prompt' }]).effects).toEqual([{ do: 'raw' }, ends('OK')]);
  });

  it('takes a counted payload of its own declaration only', () => {
    const [own] = pull.response.lines;
    const [other] = muxQuery.response.lines;
    if (own === undefined || other === undefined) throw new Error('declared without lines');
    const item = (line: typeof own): SlotInput => ({ kind: 'item', item: { line, value: {}, payload: Uint8Array.of(1) } });
    expect(lived(pull, [item(other), item(own)]).taken).toEqual([false, true]);
  });

  it.each([
    ['timeout', 'TIMEOUT'],
    ['restarted', 'ABORTED'],
  ] as const)('ends at %s wherever it is', (kind, result) => {
    for (const before of [[], ['OK'], [{ kind: 'prompt' }], [{ kind: 'prompt' }, { kind: 'paid' }]] as const) {
      expect(lived(send, [...before, { kind }]).effects.slice(-1)).toEqual([ends(result)]);
    }
  });
});
