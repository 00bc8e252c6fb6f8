import { defer, filter, map, mergeMap, Subject, take } from 'rxjs';
import { commands, mqtt, station } from '../../lib/index.js';
import { inMemoryBroker } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { featureHarness } from './featureHarness.js';
import { basics, bytes, connect, failure, mqttBench, told } from './mqttHarness.js';

describe.each(['2.1.0', '4.1.0'] as const)('topics of mqtt on %s', (firmware) => {
  const old = firmware === '2.1.0';

  describe('topics', () => {
    it('one AT+MQTTSUB for two subscribers, one AT+MQTTUNSUB after both', () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      bench.sent.splice(0);
      const both = [observed(session.topic('a/+')), observed(session.topic('a/+'))];
      bench.run(100);
      bench.broker.publish('a/b', 'x');
      bench.run(100);
      both[0]?.leave();
      bench.run(100);
      bench.broker.publish('a/c', 'y');
      bench.run(100);
      expect(bench.mqttLines()).toEqual(['AT+MQTTSUB=0,"a/+",0']);
      both[1]?.leave();
      bench.run(100);
      expect(bench.mqttLines()).toEqual(['AT+MQTTSUB=0,"a/+",0', 'AT+MQTTUNSUB=0,"a/+"']);
      expect(both.map(({ values }) => values.map(told))).toEqual([['a/b x'], ['a/b x', 'a/c y']]);
      const again = observed(session.topic('a/+'));
      bench.run(100);
      bench.broker.publish('a/d', 'z');
      bench.run(100);
      expect([bench.mqttLines().length, again.values.map(told)]).toEqual([3, ['a/d z']]);
    });

    it('a better QoS is asked for once more', () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      bench.sent.splice(0);
      for (const qos of [1, 0, 2, 2] as const) session.topic('a', { qos }).subscribe();
      bench.run(1000);
      expect(bench.mqttLines()).toEqual(['AT+MQTTSUB=0,"a",1', 'AT+MQTTSUB=0,"a",2']);
    });

    it('a better QoS takes the place of one that waits for its turn', () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      bench.sent.splice(0);
      bench.at.exec(commands.mqtt.connectQuery).subscribe();
      for (const qos of [0, 1] as const) session.topic('a', { qos }).subscribe();
      bench.run(1000);
      expect(bench.mqttLines()).toEqual(['AT+MQTTCONN?', 'AT+MQTTSUB=0,"a",1']);
    });

    it.each([0, 1, 2] as const)('messages of QoS %d, retained ones, and topics with quotes, commas and UTF-8', (qos) => {
      const bench = mqttBench({ firmware });
      bench.broker.publish('k/old', 'kept', { retain: true, qos });
      const { session } = connect(bench);
      const log = observed(session.topic('k/#', { qos }));
      bench.run(100);
      for (const topic of ['k/"a"', 'k/a,b', 'k/grün', 'k', 'other']) bench.broker.publish(topic, topic, { qos });
      bench.run(100);
      expect(log.values.map(told)).toEqual(['k/old kept', 'k/"a" k/"a"', 'k/a,b k/a,b', 'k/grün k/grün', 'k k']);
      expect(observed(session.topic('k/a,"b"')).error).toBeUndefined();
      bench.run(100);
      expect(bench.mqttLines().slice(-1)).toEqual([`AT+MQTTSUB=0,"k/a\\,\\"b\\"",0`]);
    });

    it.each([0, 1, 1000])('payloads of %d arbitrary bytes', (length) => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      const log = observed(session.topic('t'));
      bench.run(100);
      bench.broker.publish('t', bytes(length));
      bench.run(1000);
      expect(log.values.map(({ payload, pieces }) => [[...payload], pieces])).toEqual([[[...bytes(length)], 1]]);
    });

    it('routes by the rules, each message to every filter that takes it', () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      const filters = ['a/+', 'a/#', '+/b', '#', 'a'];
      const logs = filters.map((filter) => observed(session.topic(filter).pipe(map(({ topic }) => topic))));
      bench.run(100);
      for (const topic of ['a/b', 'a', 'x/b', 'a/b/c', '$SYS/b']) bench.broker.publish(topic, '');
      bench.run(100);
      expect(logs.map(({ values }) => values)).toEqual([['a/b'], ['a/b', 'a', 'a/b/c'], ['a/b', 'x/b'], ['a/b', 'a', 'x/b', 'a/b/c'], ['a']]);
    });

    it('an eleventh topic errs by name, and the others keep working', () => {
      const bench = mqttBench({ firmware });
      const { session, log } = connect(bench);
      const topics = Array.from({ length: 12 }, (_, index) => observed(session.topic(`t${String(index)}`)));
      bench.run(1000);
      for (const { error } of topics.slice(10)) expect(failure(error)).toEqual(['command', 'rejected', 'MQTT_CLIENT_SUBSCRIBE_FAILED']);
      for (let index = 0; index < 12; index += 1) bench.broker.publish(`t${String(index)}`, 'x');
      bench.run(100);
      expect(topics.map(({ values }) => values.length)).toEqual([...Array.from({ length: 10 }, () => 1), 0, 0]);
      expect([log.error, bench.mqttLines().some((line) => line.startsWith('AT+MQTTUNSUB'))]).toEqual([undefined, false]);
    });

    it.each([{ queueLimit: -1 }, { queueLimit: 1.5 }, { keepFor: NaN }, { keepFor: Infinity }])('%j is a usage error', (options) => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      bench.sent.splice(0);
      expect(failure(observed(session.topic('a', options)).error).slice(0, 2)).toEqual(['usage', Object.keys(options)[0]]);
      bench.run(100);
      expect(bench.mqttLines()).toEqual([]);
    });

    it.each(['a#', 'a/#/b', '+a', ''])('the filter "%s" is a usage error', (filter) => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      const lines = bench.mqttLines().length;
      expect(failure(observed(session.topic(filter)).error).slice(0, 2)).toEqual(['usage', 'topic']);
      bench.run(100);
      expect(bench.mqttLines()).toHaveLength(lines);
    });

    it('keepFor bridges the time between two subscribers, messages included', () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      bench.sent.splice(0);
      const topic = session.topic('t', { keepFor: 1000, queueLimit: 2, overflow: 'drop-oldest' });
      const first = observed(topic.pipe(take(1)));
      bench.run(100);
      for (const text of ['1', '2', '3', '4']) bench.broker.publish('t', text);
      bench.run(100);
      const second = observed(topic);
      bench.run(100);
      second.leave();
      bench.run(999);
      expect([first.values.map(told), second.values.map(told), bench.mqttLines().length]).toEqual([['t 1'], ['t 3', 't 4'], 1]);
      bench.run(10);
      expect(bench.mqttLines().slice(1)).toEqual(['AT+MQTTUNSUB=0,"t"']);
    });

    it('who comes back within keepFor is told that too much has come meanwhile, unless that may be dropped', () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      const topic = session.topic('t', { keepFor: 1000, queueLimit: 2 });
      const first = observed(topic.pipe(take(1)));
      bench.run(100);
      for (const text of ['1', '2', '3', '4']) bench.broker.publish('t', text);
      bench.run(100);
      const [second, third] = [observed(topic), observed(topic)];
      bench.broker.publish('t', '5');
      bench.run(100);
      expect([first.values.map(told), second.values, failure(second.error).slice(0, 2), third.values.map(told)]).toEqual([['t 1'], [], ['link', 'overflow'], ['t 5']]);
    });

    it.each([
      ['error', ['t 1'], ['link', 'overflow']],
      ['drop-oldest', ['t 1', 't 4', 't 5'], undefined],
      ['drop-newest', ['t 1', 't 2', 't 3'], undefined],
    ] as const)('demand holds messages back, two at most: %s', (overflow, expected, error) => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      const demand = new Subject<number>();
      const slow = observed(session.topic('t', { demand, queueLimit: 2, overflow }));
      const quick = observed(session.topic('t'));
      bench.run(100);
      demand.next(1);
      for (const text of ['1', '2', '3', '4', '5']) bench.broker.publish('t', text);
      bench.run(100);
      expect(slow.values.map(told)).toEqual(['t 1']);
      demand.next(9);
      expect(slow.values.map(told)).toEqual(expected);
      expect(slow.error === undefined ? undefined : failure(slow.error).slice(0, 2)).toEqual(error);
      expect(quick.values).toHaveLength(5);
    });
  });

  describe('long messages', () => {
    const big = old ? 3000 : 100_000;
    const heard = (fragments: 'separate' | 'join', use: (bench: ReturnType<typeof mqttBench>) => void) => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench, { fragments });
      const log = observed(session.topic('t/a', { qos: 1 }));
      bench.run(100);
      use(bench);
      bench.run(60_000);
      return log.values.map(({ payload, pieces }) => [payload.length, pieces, Buffer.from(payload)] as const);
    };

    it('come as the pieces they come in', () => {
      const pieces = heard('separate', ({ broker }) => broker.publish('t/a', bytes(3000), { qos: 1 }));
      expect(pieces.map(([length, count]) => [length, count])).toEqual([[1014, 1], [1024, 1], [962, 1]]);
    });

    it.each([1013, 1014, 1015, 1016, 1017, 2038, 2039, 3000, 16_384, big])('join puts %d bytes together again, between short ones', (length) => {
      for (const qos of [0, 1] as const) {
        const joined = heard('join', (bench) => {
          bench.broker.publish('t/a', bytes(5), { qos });
          bench.broker.publish('t/a', bytes(length), { qos });
          bench.run(5000);
          bench.broker.publish('t/a', bytes(6), { qos });
        });
        expect(joined.map(([size]) => size)).toEqual([5, length, 6]);
        expect(joined[1]?.[2].equals(Buffer.from(bytes(length)))).toBe(true);
      }
    });
  });

  it('a message between OK, the prompt and the payload, and inside the answer of another command', () => {
    const from = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
    const said = (text: string): string => `+MQTTSUBRECV:0,"t/>",${String(text.length)},${text}\r\n`;
    let harm = false;
    const behind: { broker?: ReturnType<typeof inMemoryBroker> } = {};
    const harness = featureHarness({
      emulator: { firmware, mqtt: { connect: (options) => defer(() => (behind.broker ??= inMemoryBroker({ scheduler: harness.world.scheduler })).connect(options)) } },
      transport: ({ open, ...rest }) => ({
        ...rest,
        open: () =>
          open().pipe(
            map((connection) => ({
              ...connection,
              incoming: connection.incoming.pipe(
                map((chunk) => {
                  const text = String.fromCharCode(...chunk);
                  if (!harm) return chunk;
                  return from(text.replace(/^(\r\nOK\r\n)(\r\n>)$/, (_, ok: string, prompt: string) => `${ok}${said('OK\r\n')}${prompt}${said('>')}`).replace(/^(\r\n)?>$/, (prompt) => `${prompt}${said('>')}`).replace(/(\r\nOK\r\n)$/, (ok) => `${said('in\r\nOK\r\n')}${ok}`));
                }),
              ),
            })),
          ),
      }),
    });
    const { world, opened, failures } = harness;
    const heard: string[] = [];
    const published: string[] = [];
    const done: unknown[] = [];
    opened((module) => {
      const online = station(module, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1));
      online.pipe(mergeMap(() => mqtt(module, basics))).subscribe((session) => {
        behind.broker?.messages.subscribe(({ payload }) => published.push(String.fromCharCode(...payload)));
        session.topic('t/+').subscribe((message) => heard.push(message.text()));
        world.scheduler.schedule(() => {
          harm = true;
          const whole = (what: string) => ({ complete: () => done.push(what), error: (error: unknown) => done.push(error) });
          session.publish('x', '\0\r\n>payload').subscribe(whole('raw'));
          module.exec(commands.mqtt.subscribeQuery).subscribe({ next: ({ topics }) => done.push(topics.map(({ topic }) => topic)), error: (error: unknown) => done.push(error) });
        }, 1000);
      });
    });
    world.run(20_000);
    expect([failures, published]).toEqual([[], ['\0\r\n>payload']]);
    expect(done).toEqual(['raw', ['t/+']]);
    // 2.1 says OK and the prompt apart: a message comes before the one and after the other.
    expect(heard).toEqual([old ? 'in\r\nOK\r\n' : 'OK\r\n', '>', 'in\r\nOK\r\n']);
  });
});
