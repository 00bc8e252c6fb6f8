import type { FramerInstruction } from '../../operators/frame.js';
import { bootSettings } from '../../lib/command/command.js';
import type { Unanswered } from '../../lib/exchange/exchange.js';
import { createQuarantine, type Quarantine } from '../../lib/exchange/quarantine.js';
import type { Request } from '../../lib/exchange/request.js';
import { openSlot } from '../../lib/exchange/slot.js';
import { at } from './exchangeHarness.js';

const request: Request = { declared: at, params: {}, encoded: { line: 'AT', shown: 'AT' }, lane: 'user', settings: bootSettings, renew: () => request };
const dead: Unanswered = { request, slot: openSlot(at, 'AT') };

const ward = (): { quarantine: Quarantine; told: string[]; instructions: FramerInstruction[]; silences: Unanswered[] } => {
  const told: string[] = [];
  const instructions: FramerInstruction[] = [];
  const silences: Unanswered[] = [];
  const quarantine = createQuarantine((instruction) => instructions.push(instruction), (kind, text) => told.push(`${kind}: ${text}`));
  quarantine.silences.subscribe((silence) => silences.push(silence));
  return { quarantine, told, instructions, silences };
};

describe('quarantine', () => {
  it('tells why it begins, and of the silence when it is announced', () => {
    const { quarantine, told, silences } = ward();
    quarantine.begin(dead, 'got no answer');
    expect([told, silences]).toEqual([['quarantine: AT got no answer'], []]);
    quarantine.announce();
    expect(silences).toEqual([dead]);
  });

  it('tells of the silence again when the prompt comes late: the module waits for a payload now', () => {
    const { quarantine, silences } = ward();
    quarantine.begin(dead, 'got no answer');
    quarantine.prompted();
    expect(silences.map(({ slot }) => slot.stage)).toEqual(['prompted']);
  });

  it('is lifted once, and takes the prompt back that nobody waits for', () => {
    const { quarantine, told, instructions } = ward();
    quarantine.begin(dead, 'got no answer');
    quarantine.lift();
    quarantine.lift();
    expect(instructions).toEqual([{ do: 'disarm' }]);
    expect(told).toEqual(['quarantine: AT got no answer', 'synchronised: the line answers again']);
  });

  it('is over without a word when the module has restarted', () => {
    const { quarantine, told, instructions, silences } = ward();
    quarantine.begin(dead, 'got no answer');
    quarantine.forget();
    quarantine.announce();
    quarantine.prompted();
    quarantine.lift();
    expect([told.length, instructions, silences]).toEqual([1, [], []]);
  });
});
