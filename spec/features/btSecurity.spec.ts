import { bt, type BtPairingStep, type BtSecurity, type SppConnectConfig } from '../../lib/index.js';
import * as commands from '../../lib/commands/bt.js';
import type { EmulatorConfig, FirmwareVersion } from '../../transports/emulator/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { failure } from './bleCentralHarness.js';
import { dialects } from './bleHarness.js';
import { btWorld, calling, ended, type Lines, masterMac, slaveMac, synchronised } from './btHarness.js';
import { type PairingSteps, pairingSteps } from './pairingSteps.js';

const capabilities = ['display-only', 'display-yes-no', 'keyboard-only', 'no-input-no-output'] as const;
/**
 * The association models of the core specification (Vol 3, Part C, table 5.7): by responder, what initiators in the order above do. `J` just works, `I` the initiator shows and the
 * responder types, `R` the other way round, `B` both type, `C` both compare, `c` the initiator alone is asked, `d` the responder alone.
 */
const models: Readonly<Record<string, string>> = { 'display-only': 'J c R J', 'display-yes-no': 'd C R J', 'keyboard-only': 'I I B J', 'no-input-no-output': 'J J J J' };
const pairs = capabilities.flatMap((responder) => capabilities.map((initiator, at) => [initiator, responder, models[responder]?.split(' ')[at] ?? '?'] as const));
const steps: PairingSteps = { ...pairingSteps, c: [['compare'], []], d: [[], ['compare']] };

interface Conversation extends Lines {
  readonly mine: Observed<BtPairingStep>;
  readonly theirs: Observed<BtPairingStep>;
}

const begin = (firmware: FirmwareVersion, mine: BtSecurity, theirs: BtSecurity, mode: NonNullable<SppConnectConfig['security']> = 'authenticate', config: EmulatorConfig = {}, patience?: number): Conversation => {
  const world = btWorld(firmware, config);
  const options = patience === undefined ? {} : { patience };
  const held = observed(bt.radio(world.master.at, { security: mine }));
  const [here, there] = [observed(bt.security.pairings(world.master.at, options)), observed(bt.security.pairings(world.slave.at, options))];
  world.run(500);
  expect(held.values).toEqual(['on']);
  const lines = calling(world, { security: theirs }, { security: mode });
  world.run(1000);
  return { ...lines, mine: here, theirs: there };
};

const named = ({ values }: Observed<BtPairingStep>): string[] => values.map(({ step }) => step);
const find = <S extends BtPairingStep['step']>({ values }: Observed<BtPairingStep>, step: S): Extract<BtPairingStep, { step: S }> => {
  const found = values.find((one) => one.step === step);
  if (found === undefined) throw new Error(`no ${step} in ${values.map((one) => one.step).join(' ')}`);
  return found as Extract<BtPairingStep, { step: S }>;
};

/** What each side has to answer, for a good end or a bad one. */
const answer = (world: Conversation, good: boolean): void => {
  for (const [side, other] of [[world.mine, world.theirs], [world.theirs, world.mine]] as const) {
    const asked = side.values.find(({ step }) => step === 'enter' || step === 'compare');
    if (asked?.step === 'compare') ended(world, asked.reply(good || side === world.mine));
    if (asked?.step !== 'enter') continue;
    const shown = other.values.find(({ step }) => step === 'show');
    const key = shown?.step === 'show' ? shown.passkey.reveal() : '135790';
    const wrong = String((Number(key) + 1) % 1_000_000).padStart(6, '0');
    ended(world, asked.reply(good || (shown === undefined && side === world.mine) ? key : wrong));
  }
};

// 2.0 has bare addresses, and tells no number to compare.
describe.each(['2.0.0', ...dialects] as const)('pairing in %s', (firmware) => {
  it.each(pairs)('%s calls %s: %s', (initiator, responder, method) => {
    const world = begin(firmware, { capability: initiator }, { capability: responder });
    const [mine, theirs] = steps[method] ?? [[], []];
    const over = (asked: readonly string[]): readonly string[] => (asked.length === 0 ? [] : [...asked, 'result']);
    if (method !== 'J') expect([named(world.mine), named(world.theirs), world.connecting.values]).toEqual([mine, theirs, []]);
    if (method === 'C') expect(find(world.mine, 'compare').number?.reveal()).toBe(find(world.theirs, 'compare').number?.reveal());
    answer(world, true);
    world.run(1000);
    expect([named(world.mine), named(world.theirs)]).toEqual([over(mine), over(theirs)]);
    expect([world.connecting.values.length, world.waiting.values.length]).toEqual([1, 1]);
    expect([...world.mine.values, ...world.theirs.values].filter(({ step }) => step === 'result').every((step) => step.step === 'result' && step.paired)).toBe(true);
    expect(ended(world, bt.security.bonded(world.master.at))).toEqual([[{ index: 0, address: slaveMac }]]);
    expect(ended(world, bt.security.bonded(world.slave.at))).toEqual([[{ index: 0, address: masterMac }]]);
    synchronised(world, world.master, world.slave);
  });

  it.each(['I', 'R', 'B', 'C', 'd'])('a wrong passkey or a refusal fails it: %s', (method) => {
    const [initiator, responder] = pairs.find((pair) => pair[2] === method) ?? ['display-only', 'display-only'];
    const world = begin(firmware, { capability: initiator }, { capability: responder });
    answer(world, false);
    world.run(1000);
    expect(failure(world.connecting.error)).toEqual(['link', method === 'd' ? 'refused' : 'unpaired']);
    if (method !== 'd') expect(world.mine.values.at(-1)).toMatchObject({ step: 'result', paired: false });
    expect(world.waiting.values).toEqual([]);
    expect(ended(world, bt.security.bonded(world.master.at))).toEqual([[]]);
    // The other side is told nothing.
    world.run(41_000);
    expect(world.theirs.values.at(-1)).toMatchObject({ step: 'result', paired: false, timedOut: true });
    synchronised(world, world.master, world.slave);
  });

  it('a step is answered once, and not after a restart', () => {
    const world = begin(firmware, { capability: 'display-yes-no' }, { capability: 'display-yes-no' });
    const step = find(world.mine, 'compare');
    ended(world, step.reply(false));
    expect(failure(observed(step.reply(true)).error)).toEqual(['usage', 'answered']);
    expect(failure(world.connecting.error)).toEqual(['link', 'unpaired']);
    world.slave.board.reset();
    world.run(3000);
    expect(failure(world.theirs.error)).toEqual(['module', 'reset']);
    synchronised(world, world.master, world.slave);
  });

  it('what one pairing asked does not answer the next one', () => {
    const world = begin(firmware, { capability: 'display-yes-no' }, { capability: 'display-yes-no' });
    const early = [find(world.mine, 'compare'), find(world.theirs, 'compare')];
    world.run(45_000);
    expect(failure(world.connecting.error)).toEqual(['link', 'unpaired']);
    const again = observed(bt.spp.connect(world.master.at, { address: slaveMac, security: 'authenticate' }));
    world.run(1000);
    const late = [world.mine, world.theirs].map(({ values }) => values.at(-1));
    expect(late.map((step) => step?.step)).toEqual(['compare', 'compare']);
    world.master.sent.length = 0;
    world.slave.sent.length = 0;
    expect(early.map((step) => failure(observed(step.reply(true)).error))).toEqual([['link', 'lost'], ['link', 'lost']]);
    world.run(500);
    expect([world.master.sent, world.slave.sent, again.values]).toEqual([[], [], []]);
    for (const step of late) if (step?.step === 'compare') ended(world, step.reply(true));
    world.run(1000);
    expect([again.values.length, named(world.mine).at(-1), named(world.theirs).at(-1)]).toEqual([1, 'result', 'result']);
    synchronised(world, world.master, world.slave);
  });

  it.each([['keyboard-only', 'display-yes-no'], ['display-only', 'keyboard-only']] as const)('nobody answers: %s calls %s', (initiator, responder) => {
    const world = begin(firmware, { capability: initiator }, { capability: responder });
    world.run(35_000);
    expect(failure(world.connecting.error)).toEqual(['link', 'unpaired']);
    expect(world.mine.values.at(-1)).toMatchObject({ step: 'result', paired: false });
    synchronised(world, world.master, world.slave);
    // And the next attempt is a new one.
    const again = observed(bt.spp.connect(world.master.at, { address: slaveMac, security: 'none' }));
    world.run(3000);
    expect(again.values).toHaveLength(1);
  });

  it('the other side is gone in the middle of it, or this one restarts', () => {
    for (const who of ['slave', 'master'] as const) {
      const world = begin(firmware, { capability: 'keyboard-only' }, { capability: 'display-only' });
      world[who].board.reset();
      world.run(40_000);
      expect([who, ...failure(world.connecting.error)]).toEqual([who, ...(who === 'slave' ? ['link', 'unpaired'] : ['module', 'reset'])]);
      synchronised(world, world.master, world.slave);
    }
  });

  it('is left in the middle of it: nothing stays', () => {
    const world = begin(firmware, { capability: 'keyboard-only' }, { capability: 'display-only' });
    world.connecting.leave();
    ended(world, find(world.mine, 'enter').reply(find(world.theirs, 'show').passkey.reveal()));
    world.run(3000);
    expect(world.master.sent.slice(-2)).toEqual(['AT+BTSPPDISCONN=0', 'AT+BTSPPINIT=0']);
    synchronised(world, world.master, world.slave);
  });

  it('a shorter patience ends the conversation, not the pairing', () => {
    const world = begin(firmware, { capability: 'display-only' }, { capability: 'keyboard-only' }, 'authenticate', {}, 5000);
    world.run(6000);
    expect(world.theirs.values.at(-1)).toMatchObject({ step: 'result', timedOut: true });
    ended(world, find(world.theirs, 'enter').reply(find(world.mine, 'show').passkey.reveal()));
    world.run(1000);
    expect([world.connecting.values.length, named(world.theirs)]).toEqual([1, ['enter', 'result']]);
  });

  it('PINs: asked for where they are variable, given where they are fixed, and they show nowhere', () => {
    const none = { capability: 'no-input-no-output' } as const;
    for (const good of [true, false]) {
      const world = begin(firmware, none, { ...none, pin: '9527' }, 'authenticate', { simplePairing: false });
      expect([named(world.mine), named(world.theirs)]).toEqual([['pin'], []]);
      const step = find(world.mine, 'pin');
      expect([step.address, failure(observed(step.reply('12345678901234567')).error)]).toEqual([slaveMac, ['usage', 'parameter']]);
      world.run(500);
      const reply = observed(world.master.at.exec(commands.replyPin, { connection: 0, pin: good ? '9527' : '9528' }));
      world.run(1000);
      expect([reply.completed, world.connecting.values.length, named(world.mine).at(-1)]).toEqual([true, good ? 1 : 0, 'result']);
      const all = [...world.master.trace, ...world.slave.trace].join('\n');
      expect(all).toContain('AT+BTPINREPLY=0,"****"');
      expect(all).not.toMatch(/952[78]/);
    }
  });

  it('protection that nobody can give is refused; keys are listed and forgotten', () => {
    const world = begin(firmware, { capability: 'no-input-no-output' }, { capability: 'no-input-no-output' }, 'mitm');
    expect(failure(world.connecting.error)).toEqual(['link', 'refused']);
    const plain = observed(bt.spp.connect(world.master.at, { address: slaveMac, security: 'encrypt' }));
    world.run(3000);
    expect(plain.values).toHaveLength(1);
    const { at } = world.master;
    ended(world, bt.security.forget(at, '24:0a:c4:00:00:09'));
    expect(ended(world, bt.security.bonded(at))).toEqual([[{ index: 0, address: slaveMac }]]);
    ended(world, bt.security.forget(at, slaveMac.toUpperCase()));
    expect(ended(world, bt.security.bonded(at))).toEqual([[]]);
    ended(world, bt.security.forgetAll(world.slave.at));
    expect(ended(world, bt.security.bonded(world.slave.at))).toEqual([[]]);
    synchronised(world, world.master, world.slave);
  });
});
