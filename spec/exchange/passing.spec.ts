import { type AtError, commands } from '../../lib/index.js';
import { bootSettings } from '../../lib/command/command.js';
import { advance, openSlot, type Slot } from '../../lib/exchange/slot.js';
import { virtualModule } from '../support/virtualModule.js';

describe('a command whose items pass by', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `+CWLAP:(0,"n${String(index)}",-40,"10:01:00:c4:0a:51",5)`);
  const run = (passing: boolean): { slot: Slot; told: number } => {
    let slot: Slot = { ...openSlot(commands.wifi.scan, 'AT+CWLAP'), passing };
    let told = 0;
    for (const text of lines) {
      const step = advance(slot, { kind: 'line', text }, bootSettings);
      slot = step.slot;
      told += step.effects.filter((effect) => effect.do === 'item').length;
    }
    return { slot, told };
  };

  it('tells every item and keeps one, so that a long body does not pile up', () => {
    const { slot, told } = run(true);
    expect([told, slot.items.length]).toEqual([1000, 1]);
  });

  it('keeps all of them where the answer is collected', () => {
    const { slot, told } = run(false);
    expect([told, slot.items.length]).toEqual([1000, 1000]);
  });
});

it('refuses to send +++ as a line: the peer would get it', () => {
  const world = virtualModule();
  const errors: string[] = [];
  const sent: string[] = [];
  world.joined.subscribe((module) => {
    module.trace.subscribe(({ dir, text }) => dir === 'tx' && sent.push(text));
    module.exec(commands.tcpip.escape).subscribe({ error: (error: AtError) => errors.push(`${error.kind}/${error.code}`) });
  });
  world.run(5000);
  expect(errors).toEqual(['usage/escape']);
  expect(sent).toEqual([]);
});
