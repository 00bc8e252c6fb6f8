import { NEVER } from 'rxjs';
import { ble, type BleSecurity, type PairingStep } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import { dialects, serverMac, synchronised } from './bleHarness.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { advertise, connected, failure, type Joined } from './bleCentralHarness.js';
import { pairingSteps } from './pairingSteps.js';

type Capability = BleSecurity['capability'];

const capabilities = ['display-only', 'display-yes-no', 'keyboard-only', 'no-input-no-output', 'keyboard-display'] as const;
/**
 * The association models of the core specification (Vol 3, Part H, table 2.8): by responder, what initiators in the order above do. `J` just works, `I` the
 * initiator shows and the responder types, `R` the other way round, `B` both type, `C` both compare with LE Secure Connections.
 */
const legacy: Readonly<Record<string, string>> = {
  'display-only': 'J J R J R',
  'display-yes-no': 'J J R J R',
  'keyboard-only': 'I I B J I',
  'no-input-no-output': 'J J J J J',
  'keyboard-display': 'I I R J I',
};
const secure: Readonly<Record<string, string>> = { ...legacy, 'display-yes-no': 'J C R J C', 'keyboard-display': 'I C R J C' };
const pairs = [legacy, secure].flatMap((table, kind) =>
  capabilities.flatMap((responder) => capabilities.map((initiator, at) => [kind === 1 ? 'secure' : 'legacy', initiator, responder, table[responder]?.split(' ')[at] ?? '?'] as const)),
);

const parameters = (authentication: BleSecurity['authentication'], capability: Capability): BleSecurity => ({ authentication, capability, keySize: 16, initiatorKeys: 3, responderKeys: 3 });

interface Conversation extends Joined {
  /** Of the client, which begins, and of the server. */
  readonly mine: Observed<PairingStep>;
  readonly theirs: Observed<PairingStep>;
}

const named = ({ values }: Observed<PairingStep>): string[] => values.map(({ step }) => step).filter((step) => step !== 'key');
const last = <S extends PairingStep['step']>({ values }: Observed<PairingStep>, step: S): Extract<PairingStep, { step: S }> => {
  const found = values.find((one) => one.step === step);
  if (found === undefined) throw new Error(`no ${step} in ${values.map((one) => one.step).join(' ')}`);
  return found as Extract<PairingStep, { step: S }>;
};

/** A connection whose client asks to pair; the server has been asked. */
const begin = (firmware: (typeof dialects)[number], mine: BleSecurity, theirs: BleSecurity, patience?: number): Conversation => {
  const world = connected(firmware);
  const set = [observed(ble.security.parameters(world.client.at, mine)), observed(ble.security.parameters(world.server.at, theirs))];
  world.run(500);
  expect(set.map(({ values }) => values)).toEqual([[{ ...mine, option: 'any-level' }], [{ ...theirs, option: 'any-level' }]]);
  const options = patience === undefined ? {} : { patience };
  const server = observed(ble.security.pairings(world.server.at, options));
  const client = observed(world.connection.pair(options));
  world.run(500);
  expect(named(server)).toEqual(['request']);
  return { ...world, mine: client, theirs: server };
};

const accept = (world: Conversation, yes = true): void => {
  const reply = observed(last(world.theirs, 'request').reply(yes));
  world.run(500);
  expect([reply.completed, reply.error]).toEqual([true, undefined]);
};

/** What each side has to answer, for a good end or a bad one. */
const answer = (world: Conversation, good: boolean): void => {
  for (const [side, other] of [[world.mine, world.theirs], [world.theirs, world.mine]] as const) {
    const asked = side.values.find(({ step }) => step === 'enter' || step === 'compare');
    if (asked === undefined) continue;
    const shown = other.values.find(({ step }) => step === 'show');
    const key = shown?.step === 'show' ? shown.passkey.reveal() : '135790';
    // One that is wrong, whatever the right one is.
    const wrong = String((Number(key) + 1) % 1_000_000);
    const reply = observed(asked.step === 'enter' ? asked.reply(good || (shown === undefined && side === world.mine) ? key : wrong) : asked.step === 'compare' ? asked.reply(good || side === world.mine) : NEVER);
    world.run(500);
    expect([reply.completed, reply.error]).toEqual([true, undefined]);
  }
};

describe.each(dialects)('pairing in %s', (firmware) => {
  it.each(pairs)('%s: %s asks %s: %s', (kind, initiator, responder, method) => {
    const authentication = kind === 'secure' ? 'sc-mitm-bond' : 'mitm';
    const world = begin(firmware, parameters(authentication, initiator), parameters(authentication, responder));
    accept(world);
    const [mine, theirs] = pairingSteps[method] ?? [[], []];
    if (method !== 'J') expect([named(world.mine), named(world.theirs)]).toEqual([mine, ['request', ...theirs]]);
    answer(world, true);
    world.run(500);
    expect([named(world.mine), world.mine.completed, world.mine.error]).toEqual([[...mine, 'result'], true, undefined]);
    expect([named(world.theirs), world.theirs.values.at(-1)]).toEqual([['request', ...theirs, 'result'], { connection: 0, step: 'result', paired: true }]);
    synchronised(world, world.client, world.server);
  });

  it.each(['I', 'R', 'B', 'C'])('a wrong answer fails it: %s', (method) => {
    const [kind, initiator, responder] = pairs.find((pair) => pair[3] === method) ?? pairs[0] ?? (['legacy', 'display-only', 'display-only'] as const);
    const authentication = kind === 'secure' ? 'sc-mitm-bond' : 'mitm';
    const world = begin(firmware, parameters(authentication, initiator), parameters(authentication, responder));
    accept(world);
    answer(world, false);
    world.run(500);
    expect(failure(world.mine.error)).toEqual(['link', 'unpaired']);
    expect(world.theirs.values.at(-1)).toEqual({ connection: 0, step: 'result', paired: false });
    synchronised(world, world.client, world.server);
  });

  it.each(['mine', 'theirs'] as const)('numbers that one side does not find the same fail it: %s', (who) => {
    const world = begin(firmware, parameters('sc-mitm-bond', 'display-yes-no'), parameters('sc-mitm-bond', 'display-yes-no'));
    accept(world);
    const [no, yes] = who === 'mine' ? [world.mine, world.theirs] : [world.theirs, world.mine];
    observed(last(yes, 'compare').reply(true));
    world.run(500);
    expect([named(no), named(yes)].map((steps) => steps.includes('result'))).toEqual([false, false]);
    observed(last(no, 'compare').reply(false));
    world.run(500);
    expect(failure(world.mine.error)).toEqual(['link', 'unpaired']);
    expect(world.theirs.values.at(-1)).toEqual({ connection: 0, step: 'result', paired: false });
    expect(last(world.mine, 'compare').number.reveal()).toBe(last(world.theirs, 'compare').number.reveal());
    synchronised(world, world.client, world.server);
  });

  it('a refusal fails it, and a step is answered once', () => {
    const world = begin(firmware, parameters('bond', 'no-input-no-output'), parameters('bond', 'no-input-no-output'));
    accept(world, false);
    expect(failure(observed(last(world.theirs, 'request').reply(true)).error)).toEqual(['usage', 'answered']);
    world.run(500);
    expect(failure(world.mine.error)).toEqual(['link', 'unpaired']);
    synchronised(world, world.client, world.server);
  });

  it('fails where protection is asked for and nobody can give it', () => {
    const world = begin(firmware, parameters('bond', 'no-input-no-output'), parameters('bond', 'no-input-no-output'));
    world.mine.leave();
    const demanded = observed(world.connection.pair({ level: 'encrypt, mitm' }));
    world.run(500);
    const reply = world.theirs.values.filter(({ step }) => step === 'request').at(-1);
    if (reply?.step === 'request') observed(reply.reply(true));
    world.run(500);
    expect(failure(demanded.error)).toEqual(['link', 'unpaired']);
  });

  it('silence ends it on both sides', () => {
    const world = begin(firmware, parameters('mitm', 'keyboard-only'), parameters('mitm', 'display-only'), 5000);
    world.run(3000);
    accept(world);
    world.run(4000);
    // The step that came meanwhile counts.
    expect([named(world.mine), world.mine.error]).toEqual([['enter'], undefined]);
    world.run(2000);
    expect(failure(world.mine.error)).toEqual(['link', 'timeout']);
    world.run(2000);
    expect(world.theirs.values.at(-1)).toEqual({ connection: 0, step: 'result', paired: false, timedOut: true });
    synchronised(world, world.client, world.server);
  });

  it('without a limit of its own the modules end it, after 30 s', () => {
    const world = begin(firmware, parameters('mitm', 'keyboard-only'), parameters('mitm', 'display-only'));
    accept(world);
    world.run(29_000);
    expect([world.mine.error, named(world.theirs)]).toEqual([undefined, ['request', 'show']]);
    world.run(3000);
    expect(failure(world.mine.error)).toEqual(['link', 'unpaired']);
    expect(world.theirs.values.at(-1)).toEqual({ connection: 0, step: 'result', paired: false });
  });

  it('the peer begins: the connection tells', () => {
    const world = connected(firmware);
    const told = observed(world.connection.pairings());
    const begun = observed(ble.security.pairings(world.server.at));
    world.server.at.exec(commands.encrypt, { connection: 0, level: 'encrypt' }).subscribe();
    world.run(500);
    observed(last(told, 'request').reply(true));
    world.run(500);
    expect([named(told), named(begun)]).toEqual([['request', 'result'], ['result']]);
    world.server.board.reset();
    world.run(10_000);
    expect(failure(told.error)).toEqual(['link', 'lost']);
    expect(failure(begun.error)).toEqual(['module', 'reset']);
  });

  it('the connection goes in the middle of it: a typed error, also for the answer', () => {
    const world = begin(firmware, parameters('mitm', 'keyboard-only'), parameters('mitm', 'display-only'));
    accept(world);
    world.server.board.reset();
    world.run(10_000);
    expect(failure(world.mine.error)).toEqual(['link', 'lost']);
    world.client.sent.length = 0;
    expect(failure(observed(last(world.mine, 'enter').reply('123456')).error)).toEqual(['link', 'lost']);
    synchronised(world, world.client);
    expect(world.client.sent).toEqual(['AT+BLEADDR?']);
  });
});

describe.each(dialects)('at a peripheral of %s', (firmware) => {
  it('a central that goes ends the conversation, and what it was asked answers nobody else', () => {
    const world = begin(firmware, parameters('bond', 'no-input-no-output'), parameters('bond', 'no-input-no-output'));
    const early = last(world.theirs, 'request');
    world.log.leave();
    world.run(1000);
    expect(world.theirs.values.slice(1)).toEqual([{ connection: 0, step: 'result', paired: false }]);
    world.serve(advertise);
    const again = observed(world.central.connect(serverMac));
    world.run();
    const [connection] = again.values;
    expect(connection?.connection).toBe(0);
    const mine = observed(connection?.pair() ?? NEVER);
    world.run(500);
    world.server.sent.length = 0;
    expect(failure(observed(early.reply(true)).error)).toEqual(['link', 'lost']);
    world.run(500);
    expect([world.server.sent, named(mine), named(world.theirs)]).toEqual([[], [], ['request', 'result', 'request']]);
    const late = world.theirs.values.at(-1);
    const reply = observed(late?.step === 'request' ? late.reply(true) : NEVER);
    world.run(500);
    expect([reply.completed, named(mine), named(world.theirs)]).toEqual([true, ['result'], ['request', 'result', 'request', 'result']]);
    // Nothing is under way: a connection that ends is no result.
    again.leave();
    world.run(1000);
    expect(named(world.theirs)).toHaveLength(4);
    synchronised(world, world.client, world.server);
  });

  it('a step is not answered after a restart', () => {
    const world = begin(firmware, parameters('bond', 'no-input-no-output'), parameters('bond', 'no-input-no-output'));
    world.server.board.reset();
    world.run(5000);
    world.server.sent.length = 0;
    expect(failure(observed(last(world.theirs, 'request').reply(true)).error)).toEqual(['module', 'reset']);
    world.run(500);
    expect(world.server.sent).toEqual([]);
  });
});

describe.each(dialects)('keys in %s', (firmware) => {
  it('are in no trace and in no error', () => {
    const world = begin(firmware, parameters('mitm', 'keyboard-only'), parameters('mitm', 'display-only'));
    const fixed = observed(ble.security.staticKey(world.server.at, '482915'));
    world.run(500);
    expect(fixed.values.map((key) => [String(key), key?.reveal()])).toEqual([['******', '482915']]);
    accept(world);
    const { passkey } = last(world.theirs, 'show');
    expect([passkey.reveal(), JSON.stringify(passkey)]).toEqual(['482915', '"******"']);
    const bad = observed(last(world.mine, 'enter').reply('48291x'));
    expect(failure(bad.error)).toEqual(['usage', 'parameter']);
    expect(JSON.stringify(bad.error) + String(bad.error)).not.toContain('48291');
    const again = observed(world.client.at.exec(commands.replyKey, { connection: 0, key: '482915' }));
    world.run(500);
    expect([again.completed, world.mine.completed]).toEqual([true, true]);
    const all = [...world.client.trace, ...world.server.trace].join('\n');
    expect(all).toContain('AT+BLEKEYREPLY=0,******');
    expect(all).toContain('+BLESECNTFYKEY:0,******');
    expect(all).not.toContain('482915');
  });

  it('bonded peers are listed and forgotten, one by one and all; a static key is none at first', () => {
    const world = begin(firmware, parameters('bond', 'no-input-no-output'), parameters('bond', 'no-input-no-output'));
    const { client } = world;
    const value = <T>(source: Parameters<typeof observed<T>>[0]): readonly T[] => {
      const log = observed(source);
      world.run(500);
      expect([log.completed, log.error]).toEqual([true, undefined]);
      return log.values;
    };
    expect(value(ble.security.staticKey(client.at))).toEqual([undefined]);
    accept(world);
    expect(value(ble.security.bonded(client.at))).toEqual([[{ index: 0, address: serverMac }]]);
    value(ble.security.forget(client.at, '24:0a:c4:00:00:09'));
    expect(value(ble.security.bonded(client.at))).toEqual([[{ index: 0, address: serverMac }]]);
    value(ble.security.forget(client.at, serverMac.toUpperCase()));
    expect(value(ble.security.bonded(client.at))).toEqual([[]]);
    value(ble.security.forgetAll(world.server.at));
    expect(value(ble.security.bonded(world.server.at))).toEqual([[]]);
  });
});
