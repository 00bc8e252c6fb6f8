import { mergeMap, retry } from 'rxjs';
import { type AtError, commands, mqtt } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';
import { basics, connect, failure, mqttBench, told } from './mqttHarness.js';

describe.each(['2.1.0', '4.1.0'] as const)('mqtt on %s comes back', (firmware) => {
  it('the broker restarts: the module is back after a while, with its topics and those asked for meanwhile', () => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench);
    const states = observed(session.state);
    const [first, gone] = [observed(session.topic('a', { qos: 1 })), observed(session.topic('gone'))];
    bench.run(100);
    bench.sent.splice(0);
    bench.broker.stop();
    bench.run(3000);
    const second = observed(session.topic('b'));
    gone.leave();
    bench.run(12_000);
    expect(bench.mqttLines()).toEqual([]);
    bench.broker.start();
    bench.run(15_000);
    expect(bench.mqttLines()).toEqual(['AT+MQTTSUB?', 'AT+MQTTSUB=0,"b",0', 'AT+MQTTUNSUB=0,"gone"']);
    for (const topic of ['a', 'b', 'gone']) bench.broker.publish(topic, 'x');
    bench.run(100);
    expect([first, second, gone].map(({ values }) => values.map(told))).toEqual([['a x'], ['b x'], []]);
    expect([states.values, log.error]).toEqual([['connected', 'disconnected', 'connected'], undefined]);
  });

  it('a better QoS that is asked for while the broker is away is asked for when it is back', () => {
    const bench = mqttBench({ firmware });
    const { session } = connect(bench);
    session.topic('a', { qos: 1 }).subscribe();
    bench.run(100);
    bench.broker.stop();
    bench.run(100);
    bench.sent.splice(0);
    session.topic('a', { qos: 2 }).subscribe();
    bench.broker.start();
    bench.run(15_000);
    expect(bench.mqttLines()).toEqual(['AT+MQTTSUB?', 'AT+MQTTSUB=0,"a",2']);
  });

  it('a module that does not tell what it is subscribed to is asked for everything', () => {
    const bench = mqttBench({ firmware });
    const { session } = connect(bench);
    for (const topic of ['a', 'b']) session.topic(topic).subscribe();
    bench.run(100);
    bench.module.faults.add({ when: (event) => event.point === 'command' && event.line === 'AT+MQTTSUB?', act: { do: 'error' } });
    bench.broker.stop();
    bench.run(100);
    bench.sent.splice(0);
    bench.broker.start();
    bench.run(15_000);
    expect(bench.mqttLines()).toEqual(['AT+MQTTSUB?', 'AT+MQTTSUB=0,"a",0', 'AT+MQTTSUB=0,"b",0']);
  });

  it('what comes of a kept session before the OK goes to who subscribes at once, the last 64', () => {
    const bench = mqttBench({ firmware });
    const early = Array.from({ length: 70 }, (_, index) => `+MQTTSUBRECV:0,"k",2,${String(index + 10)}\r\n`).join('');
    bench.module.faults.add({ when: (event) => event.point === 'output' && event.text.startsWith('+MQTTCONNECTED'), times: 1, act: { do: 'insert', text: early } });
    const log = observed(mqtt(bench.at, { ...basics, clean: false }).pipe(mergeMap((session) => session.topic('k', { qos: 1 }))));
    bench.run(5000);
    bench.broker.publish('k', 'now');
    bench.run(100);
    expect(log.values.map((message) => message.text())).toEqual([...Array.from({ length: 64 }, (_, index) => String(index + 16)), 'now']);
  });

  it('the module restarts: its last will is told, it is configured again and its topics are back', () => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench, { will: { topic: 'lwt', message: 'gone', qos: 1, retain: true } });
    const states = observed(session.state);
    const messages = observed(session.topic('a/#'));
    bench.run(100);
    bench.sent.splice(0);
    bench.module.reset();
    bench.run(100);
    expect(bench.published).toEqual(['lwt gone 1 true']);
    bench.run(40_000);
    expect(bench.broker.clients).toEqual(['cid']);
    bench.broker.publish('a/b', 'back');
    bench.run(100);
    expect(messages.values.map(told)).toEqual(['a/b back']);
    expect([states.values, log.error, log.values.length]).toEqual([['connected', 'disconnected', 'connected'], undefined, 1]);
    expect(bench.mqttLines().slice(-2)).toEqual(['AT+MQTTSUB?', 'AT+MQTTSUB=0,"a/#",0']);
  });

  it('the module restarts again while it is configured', () => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench);
    const messages = observed(session.topic('a'));
    bench.run(100);
    // On the line, and not answered any more.
    const late = observed(session.topic('b'));
    bench.module.reset();
    bench.sent.splice(0);
    for (let time = 0; time < 20_000 && !bench.sent.some((line) => line.startsWith('AT+MQTTCONN=')); time += 1) bench.run(1);
    bench.module.reset();
    bench.run(40_000);
    for (const topic of ['a', 'b']) bench.broker.publish(topic, 'x');
    bench.run(100);
    expect([bench.mqttLines().filter((line) => line.startsWith('AT+MQTTCONN=')).length > 1, log.error, messages.values.map(told), late.values.map(told)]).toEqual([true, undefined, ['a x'], ['b x']]);
  });

  it('the module restarts while the broker is away: it tries until it is let in', () => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench);
    const messages = observed(session.topic('a'));
    bench.run(100);
    bench.broker.stop();
    bench.module.reset();
    bench.run(60_000);
    expect(log.error).toBeUndefined();
    bench.broker.start();
    bench.run(30_000);
    bench.broker.publish('a', 'x');
    bench.run(100);
    expect(messages.values.map(told)).toEqual(['a x']);
  });

  it('an address, or a client that has come back by itself, makes the wait for another attempt shorter', () => {
    const waiting = () => {
      const bench = mqttBench({ firmware });
      const { session } = connect(bench);
      const states = observed(session.state);
      bench.broker.stop();
      bench.module.reset();
      // The first attempt was refused after 5 s, the next one comes 10 s later.
      bench.run(7000);
      bench.sent.splice(0);
      bench.broker.start();
      return { bench, states, attempts: () => bench.mqttLines().filter((line) => line.startsWith('AT+MQTTCONN=')).length };
    };
    const undisturbed = waiting();
    undisturbed.bench.run(2000);
    expect([undisturbed.states.values, undisturbed.attempts()]).toEqual([['connected', 'disconnected'], 0]);
    for (const [text, connects] of [['WIFI GOT IP\r\n', 1], ['+MQTTCONNECTED:0,1,"broker.lab","1883","",1\r\n', 0]] as const) {
      const { bench, states, attempts } = waiting();
      bench.module.faults.add({ when: (event) => event.point === 'output', times: 1, act: { do: 'insert', text } });
      bench.at.exec(commands.basic.probe).subscribe();
      bench.run(2000);
      expect([states.values, attempts()]).toEqual([['connected', 'disconnected', 'connected'], connects]);
      bench.run(20_000);
      expect(attempts()).toBe(connects);
    }
  });

  it.each(['publishes', 'subscribes'])('a connection that the module has lost without a word is found by whoever %s, and comes back', (does) => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench);
    const states = observed(session.state);
    const messages = observed(session.topic('a'));
    bench.run(100);
    bench.at.exec(commands.mqtt.clean, { link: 0 }).subscribe();
    bench.run(100);
    const found = does === 'publishes' ? observed(session.publish('a', 'x')) : observed(session.topic('b'));
    bench.run(10_000);
    if (does === 'publishes') expect([...failure(found.error).slice(0, 2), (found.error as AtError).retry]).toEqual(['link', 'offline', 'safe']);
    for (const topic of ['a', 'b']) bench.broker.publish(topic, 'y');
    bench.run(100);
    expect([messages.values.map(told), log.error, states.values]).toEqual([['a y'], undefined, ['connected', 'disconnected', 'connected']]);
    expect(found.values).toHaveLength(does === 'publishes' ? 0 : 1);
  });

  it.each([
    ['the broker goes', 'link', 'lost', (bench: ReturnType<typeof mqttBench>) => bench.broker.cut()],
    ['the module restarts', 'module', 'reset', (bench: ReturnType<typeof mqttBench>) => bench.module.reset()],
  ] as const)('without reconnect the session errs when %s, its topics and state too, and can be had again', (_, kind, code, harm) => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench, { reconnect: false });
    const [messages, states] = [observed(session.topic('a')), observed(session.state)];
    bench.run(100);
    harm(bench);
    bench.run(10_000);
    for (const { error } of [log, messages, states]) expect([...failure(error).slice(0, 2), (error as AtError).retry]).toEqual([kind, code, 'safe']);
    expect(connect(bench).log.values).toHaveLength(1);
  });

  it('without reconnect the session ends where a connection is found that the module has lost without a word', () => {
    const bench = mqttBench({ firmware });
    const { session, log } = connect(bench, { reconnect: false });
    bench.at.exec(commands.mqtt.clean, { link: 0 }).subscribe();
    bench.run(100);
    const found = observed(session.publish('a', 'x'));
    bench.run(20_000);
    expect([failure(found.error).slice(0, 2), failure(log.error).slice(0, 2)]).toEqual([['link', 'offline'], ['link', 'lost']]);
    expect(bench.broker.clients).toEqual([]);
  });

  it('a retry on the error waits for AT+MQTTCLEAN', () => {
    const bench = mqttBench({ firmware });
    const log = observed(mqtt(bench.at, { ...basics, reconnect: false }).pipe(retry(1)));
    bench.run(5000);
    bench.broker.cut();
    bench.run(5000);
    expect([log.values.length, log.error, bench.broker.clients]).toEqual([2, undefined, ['cid']]);
  });
});
