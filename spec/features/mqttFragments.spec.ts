import fc from 'fast-check';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import { joinFragments, mayContinue } from '../../lib/mqtt/joinFragments.js';
import { type MqttMessage, mqttMessage } from '../../lib/mqtt/mqttMessage.js';

const rig = () => {
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  const pieces = new Subject<MqttMessage>();
  const heard: [string, number, number, number][] = [];
  const life = joinFragments(pieces, (topic) => /^[tu]$/.test(topic), scheduler).subscribe(({ topic, payload, pieces: count }) => heard.push([topic, payload.length, count, scheduler.now()]));
  const say = (topic: string, ...lengths: readonly number[]): void => {
    for (const length of lengths) pieces.next(mqttMessage(topic, [new Uint8Array(length)]));
  };
  return { scheduler, pieces, heard, say, life };
};

describe('joinFragments', () => {
  it('trusts lengths where a later piece carries a topic that nobody asked for', () => {
    const { say, heard } = rig();
    say('t', 1018);
    say('t",1018,"', 1024);
    say('1024', 5);
    say('t', 7);
    expect(heard).toEqual([['t', 2047, 3, 0], ['t', 7, 1, 0]]);
  });

  it.each([[1, 0], [1023, 0], [1024, 1000]])('a last piece of %d bytes ends the message after %d ms', (last, waited) => {
    const { say, heard, scheduler } = rig();
    say('t', 1018, last);
    scheduler.flush();
    expect(heard).toEqual([['t', 1018 + last, 2, waited]]);
  });

  it('lets a message to another filter end the one before', () => {
    const { say, heard } = rig();
    say('t', 1018);
    say('u', 3);
    say('t', 4);
    expect(heard).toEqual([['t', 1018, 1, 0], ['u', 3, 1, 0], ['t', 4, 1, 0]]);
  });

  it('holds what fills the buffer a second, and no longer', () => {
    const { say, heard, scheduler, life } = rig();
    say('t', 1018);
    expect(heard).toEqual([]);
    scheduler.flush();
    expect(heard).toEqual([['t', 1018, 1, 1000]]);
    say('t', 1016, 1024);
    life.unsubscribe();
    expect(heard).toHaveLength(1);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('says what it holds when the module is closed', () => {
    const { say, heard, pieces } = rig();
    say('t', 1018, 1024);
    pieces.complete();
    expect(heard).toEqual([['t', 2042, 2, 0]]);
  });

  it('never holds much more than a mebibyte', () => {
    const { say, heard } = rig();
    say('t', 1018, ...Array.from({ length: 1024 }, () => 1024));
    expect(heard.map(([, length]) => length)).toEqual([1018 + 1023 * 1024 + 1024]);
  });

  it('is wrong where it must be: a message of just that length, and another one of its topic', () => {
    const { say, heard } = rig();
    say('t', 1018, 3);
    expect(heard).toEqual([['t', 1021, 2, 0]]);
  });

  it('passes on whatever cannot continue', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1014 }).filter((length) => !mayContinue('t', length)), { maxLength: 20 }), (lengths) => {
        const { say, heard } = rig();
        say('t', ...lengths);
        expect(heard.map(([, length]) => length)).toEqual(lengths);
      }),
      { seed: 4 },
    );
  });

  it('knows the first pieces that were recorded', () => {
    expect([mayContinue('t/a', 1014), mayContinue('t/a', 1016), mayContinue('t/a', 1000)]).toEqual([true, true, false]);
  });
});
