import type { Observable, SchedulerLike } from 'rxjs';
import { type AtModule, commands, fs, http, type MqttSession } from '../../lib/index.js';
import { inMemoryWeb } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { bytes, connect, mqttBench } from './mqttHarness.js';

/** Every one looks like the end of an answer, or the beginning of one. */
const shams = ['+MQTTPUB:FAIL\r\n', '\r\nERROR\r\n', '\r\nOK\r\n\r\n>', 'busy p...\r\n', '+FS:4,', '+HTTPCLIENT:4,'];
const data = bytes(1024);
const page = bytes(5000);
const hex = (values: readonly unknown[]): string =>
  Buffer.concat((values as readonly { readonly bytes: Uint8Array }[]).map((chunk) => chunk.bytes)).toString('hex');

/** A command, what it emits, and the fewest messages that must have come meanwhile. */
interface Busy {
  run(at: AtModule, session: MqttSession): Observable<unknown>;
  shown(values: readonly unknown[]): unknown;
  readonly expected: unknown;
  readonly amid: number;
}

const work: Readonly<Record<string, Busy>> = {
  'a publication of 1,024 bytes': { run: (_, session) => session.publish('p', data, { qos: 1 }), shown: ({ length }) => length, expected: 0, amid: 10 },
  'a list of subscriptions': {
    run: (at) => at.exec(commands.mqtt.subscribeQuery),
    shown: ([found]) => (found as { readonly topics: readonly { readonly topic: string }[] }).topics.map(({ topic }) => topic),
    expected: ['a', 'b', 'm/+'], amid: 1,
  },
  'a file that is read': { run: (at) => fs.read(at, 'f', { block: 1000 }), shown: hex, expected: hex([{ bytes: page }]), amid: 50 },
  'a page that is got': { run: (at) => http.get(at, 'http://h/'), shown: hex, expected: hex([{ bytes: page }]), amid: 50 },
};

describe.each(['2.1.0', '4.1.0'] as const)('on %s messages come at any time', (firmware) => {
  it.each(Object.entries(work))('amid %s', (_, { run, shown, expected, amid }) => {
    // The server's clock is the module's, which comes later.
    const clock: SchedulerLike = {
      now: () => bench.scheduler.now(),
      schedule: (...given: Parameters<SchedulerLike['schedule']>) => bench.scheduler.schedule(...given),
    };
    const bench = mqttBench({ firmware, baud: 115_200, chunk: 48, http: inMemoryWeb({ scheduler: clock, servers: { 'h:80': () => ({ body: page }) } }) });
    const { session } = connect(bench);
    for (const topic of ['a', 'b']) session.topic(topic).subscribe();
    const heard = observed(session.topic('m/+'));
    fs.write(bench.at, 'f', page).subscribe();
    bench.run(5000);
    const problems: string[] = [];
    bench.module.violations.subscribe(({ kind }) => problems.push(kind));
    bench.at.diagnostics.subscribe(({ kind, text }) => problems.push(`${kind} ${text}`));
    const bodies: string[] = [];
    bench.broker.messages.subscribe(({ topic, payload }) => void (topic === 'p' && bodies.push(hex([{ bytes: payload }]))));
    const said: string[] = [];
    // A message takes some 4 ms of the line; each round begins elsewhere between two of them.
    for (let first = 0; first < 7; first += 1) {
      const before = said.length;
      const doing = observed(run(bench.at, session));
      for (let time = 0; !doing.completed && doing.error === undefined && time < 10_000; time += 1) {
        if (time % 7 === first) {
          const [topic, sham] = [`m/${String(said.length)}`, shams[said.length % shams.length] as string];
          said.push(`${topic} ${sham}`);
          bench.broker.publish(topic, sham);
        }
        bench.run(1);
      }
      expect([doing.error, doing.completed, shown(doing.values)]).toEqual([undefined, true, expected]);
      expect(said.length - before).toBeGreaterThanOrEqual(first === 0 ? amid : 0);
      bench.run(1000);
    }
    expect(heard.values.map(({ topic, text }) => `${topic} ${text()}`)).toEqual(said);
    expect(bodies).toEqual(expected === 0 ? Array.from({ length: 7 }, () => hex([{ bytes: data }])) : []);
    expect(problems).toEqual([]);
  });
});
