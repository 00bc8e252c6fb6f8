import { inMemoryBroker, type MqttConnectOptions, type MqttEvent, type MqttQos, type MqttSession } from 'rx-esp-at/emulator';
import { filterTakes, isFilter, isTopic } from '../../transports/emulator/network/broker/topicFilter.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { bytesOf, textOf } from './bench.js';

const options = (clientId: string, more: Partial<MqttConnectOptions> = {}): MqttConnectOptions =>
  ({ host: 'h', port: 1, carrier: 'tcp', path: '', clientId, username: '', password: new Uint8Array(0), keepAlive: 120, clean: true, ...more });

/** A client that writes down what it sees. */
const client = (broker: ReturnType<typeof inMemoryBroker>, scheduler: SteppedScheduler, settings: MqttConnectOptions) => {
  const seen: string[] = [];
  let session: MqttSession | undefined;
  const next = (event: MqttEvent): void => {
    if (event.kind === 'connected') session = event.session;
    else seen.push(`${event.message.topic}=${textOf(event.message.payload)}/${event.message.qos}${event.message.retain ? 'r' : ''}`);
  };
  const line = broker.connect(settings).subscribe({ next, error: () => seen.push('refused'), complete: () => seen.push('gone') });
  scheduler.advance(10);
  const run = (exchange: (of: MqttSession) => { subscribe(observer: object): unknown }): string => {
    let result = 'pending';
    if (!session) throw new Error('not connected');
    exchange(session).subscribe({ complete: () => (result = 'done'), error: () => (result = 'failed') });
    scheduler.advance(10);
    return result;
  };
  const publish = (topic: string, text: string, qos: MqttQos, retain = false): string => run((of) => of.publish({ topic, payload: bytesOf(text), qos, retain }));
  return { seen, line, run, publish, end: () => session?.end() };
};

describe('broker in memory', () => {
  test.each([
    ['a/b', 'a/b', true], ['a/b', 'a/b/c', false], ['a/+', 'a/b', true], ['a/+', 'a', false], ['a/#', 'a', true], ['a/#', 'a/b/c', true], ['#', 'x/y', true],
    ['+/+', '/b', true], ['+', '/b', false], ['#', '$SYS/x', false], ['$SYS/#', '$SYS/x', true], ['a/+/c', 'a//c', true], ['a/b', 'a', false],
  ])('%s takes %s: %s', (filter, topic, takes) => {
    expect(filterTakes(filter, topic)).toBe(takes);
  });

  test('topics and filters', () => {
    expect(['a', '/', 'a/+', 'a#', ''].map(isTopic)).toEqual([true, true, false, false, false]);
    expect(['a/+/b', '#', 'a/#', 'a+', '#/a', 'a#', ''].map(isFilter)).toEqual([true, true, true, false, false, false, false]);
  });

  test('a message comes once, with the lesser quality, and without the retain flag', () => {
    const scheduler = new SteppedScheduler();
    const broker = inMemoryBroker({ scheduler });
    const one = client(broker, scheduler, options('one'));
    expect(one.run((of) => of.subscribe('t/+', 1))).toBe('done');
    expect(one.run((of) => of.subscribe('t/a', 0))).toBe('done');
    const two = client(broker, scheduler, options('two'));
    expect(two.publish('t/a', 'x', 2, true)).toBe('done');
    expect(one.seen).toEqual(['t/a=x/1']);
    expect(broker.clients).toEqual(['one', 'two']);
  });

  test('retained messages meet later subscribers; an empty one forgets', () => {
    const scheduler = new SteppedScheduler();
    const broker = inMemoryBroker({ scheduler });
    broker.publish('t/a', 'kept', { qos: 1, retain: true });
    const one = client(broker, scheduler, options('one'));
    one.run((of) => of.subscribe('t/#', 0));
    broker.publish('t/a', '', { retain: true });
    const two = client(broker, scheduler, options('two'));
    two.run((of) => of.subscribe('t/#', 0));
    expect(one.seen).toEqual(['t/a=kept/0r', 't/a=/0']);
    expect(two.seen).toEqual([]);
  });

  test('the will of a client that is cut, taken over or unsubscribed is published; a goodbye keeps it', () => {
    const scheduler = new SteppedScheduler();
    const broker = inMemoryBroker({ scheduler });
    const watch = client(broker, scheduler, options('watch'));
    watch.run((of) => of.subscribe('#', 0));
    const will = { topic: 'will', payload: bytesOf('x'), qos: 0, retain: false } as const;
    const first = client(broker, scheduler, options('c', { will }));
    const second = client(broker, scheduler, options('c', { will }));
    expect(first.seen).toEqual(['gone']);
    second.line.unsubscribe();
    scheduler.advance(10);
    client(broker, scheduler, options('d', { will })).end();
    scheduler.advance(10);
    expect(watch.seen).toEqual(['will=x/0', 'will=x/0']);
  });

  test('who publishes to a wildcard is cut, and what it waited for fails', () => {
    const scheduler = new SteppedScheduler();
    const broker = inMemoryBroker({ scheduler });
    const one = client(broker, scheduler, options('one'));
    expect(one.publish('t/#', 'x', 1)).toBe('failed');
    expect(one.seen).toEqual(['gone']);
    expect(one.publish('t', 'x', 0)).toBe('failed');
  });

  test('refuses strangers and while it is stopped', () => {
    const scheduler = new SteppedScheduler();
    const broker = inMemoryBroker({ scheduler, accept: ({ username }) => username === 'me', endpoints: ['h:1'] });
    expect(client(broker, scheduler, options('a')).seen).toEqual(['refused']);
    expect(client(broker, scheduler, options('a', { username: 'me', port: 2 })).seen).toEqual(['refused']);
    expect(client(broker, scheduler, options('a', { username: 'me' })).seen).toEqual([]);
    broker.stop();
    expect(client(broker, scheduler, options('b', { username: 'me' })).seen).toEqual(['refused']);
  });
});
