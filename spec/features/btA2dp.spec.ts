import { NEVER } from 'rxjs';
import { type A2dpSink, type A2dpSinkConnection, type A2dpSource, type A2dpSourceConnection, bt, fs } from '../../lib/index.js';
import type { AudioEvent, FirmwareVersion } from '../../transports/emulator/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { failure } from './bleCentralHarness.js';
import { bytesOf, dialects } from './bleHarness.js';
import { btWorld, type BtWorld, ended, masterMac as sourceMac, slaveMac as sinkMac, synchronised } from './btHarness.js';

interface Stage extends BtWorld {
  readonly source: Observed<A2dpSource>;
  readonly sink: Observed<A2dpSink>;
  readonly atSource: AudioEvent[];
  readonly atSink: AudioEvent[];
}

/** A source with a song of 40,000 bytes, and a sink. */
const stage = (firmware: FirmwareVersion): Stage => {
  const world = btWorld(firmware);
  const [atSource, atSink]: [AudioEvent[], AudioEvent[]] = [[], []];
  world.master.board.audio.subscribe((event) => atSource.push(event));
  world.slave.board.audio.subscribe((event) => atSink.push(event));
  const written = observed(fs.write(world.master.at, 'song.mp3', bytesOf('m'.repeat(40_000))));
  world.run(20_000);
  expect([written.completed, written.error]).toEqual([true, undefined]);
  world.master.sent.length = 0;
  const [source, sink] = [observed(bt.a2dp.source(world.master.at, { visibility: 'connectable' })), observed(bt.a2dp.sink(world.slave.at, { name: 'box' }))];
  world.run(500);
  expect([source.values.length, sink.values.length]).toEqual([1, 1]);
  return { ...world, source, sink, atSource, atSink };
};

const only = <T>({ values, error }: Observed<T>): T => {
  const value = values.at(-1);
  if (value === undefined) throw error instanceof Error ? error : new Error('nothing was emitted');
  return value;
};
const states = (events: readonly AudioEvent[]): readonly string[] => events.flatMap((event) => (event.kind === 'data' ? [] : [event.kind === 'control' ? event.control : event.kind]));
const heard = (events: readonly AudioEvent[]): number => events.reduce((sum, event) => sum + (event.kind === 'data' ? event.bytes.length : 0), 0);

interface Playing extends Stage {
  readonly connecting: Observed<A2dpSourceConnection>;
  readonly player: A2dpSourceConnection;
  readonly remote: A2dpSinkConnection;
}

const joined = (firmware: FirmwareVersion): Playing => {
  const world = stage(firmware);
  const connecting = observed(only(world.source).connect(sinkMac));
  world.run(3000);
  const remote = observed(only(world.sink).connection).values[0];
  if (remote === undefined) throw new Error('no connection at the sink');
  return { ...world, connecting, player: only(connecting), remote };
};

describe.each(dialects)('A2DP of %s', (firmware) => {
  it('a source plays, pauses, goes on and stops; the sink hears it', () => {
    const world = joined(firmware);
    expect(world.master.sent).toEqual(['AT+BTINIT=1', 'AT+BTA2DPINIT=0,1', 'AT+BTSCANMODE=1', `AT+BTA2DPCONN=0,"${sinkMac}"`]);
    expect(world.slave.sent).toEqual(['AT+BTINIT=1', 'AT+BTA2DPINIT=1,1', 'AT+BTNAME="box"', 'AT+BTSCANMODE=2']);
    expect([world.player.address, world.remote.address]).toEqual([sinkMac, sourceMac]);
    const silent = observed(world.player.play());
    world.run(500);
    expect(failure(silent.error)).toEqual(['command', 'rejected']);
    ended(world, world.player.play('flash://spiffs/song.mp3'));
    const played = heard(world.atSink);
    expect(played).toBeGreaterThan(10_000);
    ended(world, world.player.pause(), 100);
    const paused = heard(world.atSink);
    world.run(1000);
    expect(heard(world.atSink)).toBe(paused);
    ended(world, world.player.play(), 5000);
    expect(heard(world.atSink)).toBe(40_000);
    ended(world, world.player.play());
    ended(world, world.player.stop());
    expect(states(world.atSink)).toEqual(['playing', 'suspended', 'playing', 'stopped', 'playing', 'stopped']);
    synchronised(world, world.master, world.slave);
  });

  it('a sink is a remote control', () => {
    const world = joined(firmware);
    const { remote } = world;
    ended(world, world.player.play('flash://spiffs/song.mp3'), 100);
    ended(world, world.player.stop(), 100);
    for (const press of [remote.play(), remote.forward(), remote.backward(), remote.fastForward(), remote.fastForwardStop(), remote.stop()]) ended(world, press, 50);
    expect(states(world.atSource)).toEqual(['playing', 'stopped', 'play', 'playing', 'forward', 'backward', 'fast-forward', 'fast-forward-stop', 'stop', 'stopped']);
    synchronised(world, world.master, world.slave);
  });

  it('either side connects and ends it; both know', () => {
    const world = joined(firmware);
    const state = observed(world.remote.state);
    const there = observed(only(world.sink).connection);
    expect([state.values, there.values]).toEqual([['open'], [world.remote]]);
    world.connecting.leave();
    world.run(1000);
    expect(world.master.sent.at(-1)).toBe('AT+BTA2DPDISCONN=0');
    expect([state.values, state.completed, there.values.at(-1)]).toEqual([['open', 'closed'], true, undefined]);
    world.slave.sent.length = 0;
    expect(failure(observed(world.remote.play()).error)).toEqual(['link', 'lost']);
    expect([ended(world, world.remote.end()), world.slave.sent]).toEqual([[], []]);
    const back = observed(only(world.sink).connect(sourceMac));
    world.run(3000);
    expect(back.values).toHaveLength(1);
    const here = only(observed(only(world.source).connection));
    ended(world, here?.end() ?? NEVER);
    expect(failure(observed(here?.play() ?? NEVER).error)).toEqual(['link', 'closed']);
    expect(failure(back.error)).toEqual(['link', 'lost']);
    synchronised(world, world.master, world.slave);
  });

  it('says so where nobody answers, and refuses before a byte is sent', () => {
    const world = joined(firmware);
    world.master.sent.length = 0;
    for (const [code, address] of [['second-connection', sinkMac], ['address', 'somebody']] as const) expect(failure(observed(only(world.source).connect(address)).error)).toEqual(['usage', code]);
    expect(world.master.sent).toEqual([]);
    world.connecting.leave();
    world.run(1000);
    const none = observed(only(world.source).connect('24:0a:c4:00:00:09'));
    expect(failure(observed(only(world.source).connect(sinkMac)).error)).toEqual(['usage', 'second-connection']);
    world.run(10_000);
    expect(failure(none.error)).toEqual(['link', 'refused']);
    const left = observed(only(world.source).connect(sinkMac));
    world.run(50);
    left.leave();
    world.run(3000);
    expect(world.master.sent.slice(-2)).toEqual([`AT+BTA2DPCONN=0,"${sinkMac}"`, 'AT+BTA2DPDISCONN=0']);
    synchronised(world, world.master, world.slave);
  });

  it('ends with its role, with the other end and with a restart, after which the role is there anew', () => {
    const world = joined(firmware);
    world.air.place(sinkMac, { x: 1000, y: 0 });
    world.run(25_000);
    expect(failure(world.connecting.error)).toEqual(['link', 'lost']);
    world.air.place(sinkMac, { x: 0, y: 0 });
    const again = observed(only(world.source).connect(sinkMac));
    const [first, connection] = [only(world.source), observed(only(world.source).connection)];
    world.run(3000);
    expect(again.values).toHaveLength(1);
    world.master.board.reset();
    world.run(5000);
    expect([failure(again.error), connection.completed]).toEqual([['module', 'reset'], true]);
    expect(world.source.values).toHaveLength(2);
    expect(failure(observed(first.connect(sinkMac)).error)).toEqual(['module', 'reset']);
    world.run(25_000);
    const third = observed(only(world.source).connect(sinkMac));
    world.run(3000);
    expect(third.values).toHaveLength(1);
    world.source.leave();
    world.run(1000);
    expect(failure(third.error)).toEqual(['link', 'closed']);
    expect(world.master.sent.slice(-2)).toEqual(['AT+BTA2DPINIT=0,0', 'AT+BTINIT=0']);
    synchronised(world, world.master, world.slave);
  });

  it('pairs on the way where people are asked', () => {
    const world = btWorld(firmware);
    const source = observed(bt.a2dp.source(world.master.at, { security: { capability: 'display-yes-no' } }));
    observed(bt.a2dp.sink(world.slave.at, { security: { capability: 'display-yes-no' } }));
    world.run(500);
    for (const good of [false, true]) {
      const [mine, theirs] = [observed(bt.security.pairings(world.master.at)), observed(bt.security.pairings(world.slave.at))];
      const connecting = observed(only(source).connect(sinkMac));
      world.run(1000);
      for (const step of [mine.values[0], theirs.values[0]]) if (step?.step === 'compare') ended(world, step.reply(good || step === mine.values[0]), 300);
      world.run(500);
      expect([good, connecting.values.length, mine.values.at(-1)]).toEqual([good, good ? 1 : 0, expect.objectContaining({ step: 'result', paired: good })]);
      if (!good) expect(failure(connecting.error)).toEqual(['link', 'unpaired']);
      mine.leave();
      theirs.leave();
    }
  });
});
