import { emulator } from 'rx-esp-at/emulator';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { Bench, bytesOf, OK, textOf } from './bench.js';

describe('the serial line', () => {
  test('a paced byte takes ten bits of line time in either direction', () => {
    const bench = new Bench({ baud: 9600 });
    const command = 'AT+GMR\r\n';
    const started = bench.scheduler.frame;
    bench.send(command, 2000);
    const answer = bench.chunks.map(({ text }) => text).join('');
    const last = bench.chunks[bench.chunks.length - 1]?.at ?? 0;
    expect(answer).toContain('SDK version');
    // The echo runs beside nothing: command in, one millisecond of thought, echo and answer out.
    const lineTime = ((command.length + answer.length) * 10_000) / 9600;
    expect(last - started).toBeGreaterThanOrEqual(lineTime);
    expect(last - started).toBeLessThan(lineTime + 5);
  });

  test('without a rate nothing but the module takes time', () => {
    const bench = new Bench();
    expect(bench.send('AT\r\n', 2)).toBe(`AT\r\n${OK}`);
    expect(bench.connection.baud).toBeUndefined();
  });

  test('paced output comes as bytes per 4 ms, each chunk when its last byte is in', () => {
    const bench = new Bench({ baud: 115200 });
    bench.send('AT+GMR\r\n', 500);
    const sizes = bench.chunks.map(({ text }) => text.length);
    expect(Math.max(...sizes)).toBe(46);
    bench.chunks.slice(1).forEach(({ at, text }, index) => {
      expect(at - (bench.chunks[index]?.at ?? 0)).toBeGreaterThanOrEqual((text.length * 10_000) / 115200 - 1e-6);
    });
  });

  test('chunk size: fixed, and random but repeatable', () => {
    const fixed = new Bench({ chunk: 3 });
    expect(fixed.command('AT+SYSLOG?')).toBe('+SYSLOG:0\r\n\r\nOK\r\n');
    expect(fixed.chunks.every(({ text }) => text.length <= 3)).toBe(true);
    const run = (seed: number): readonly string[] => {
      const bench = new Bench({ seed, chunk: (random) => 1 + random() * 7 });
      expect(bench.command('AT+GMR')).toContain('SDK version:v5.4.1');
      return bench.chunks.map(({ text }) => text);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  test('a host that holds the line gets nothing, and everything later', () => {
    const bench = new Bench();
    bench.connection.hold?.(true);
    expect(bench.send('AT\r\n')).toBe('');
    bench.connection.hold?.(false);
    expect(bench.wait(1)).toBe(`AT\r\n${OK}`);
  });

  test('AT+UART_CUR changes the rate after its OK; the host must follow', () => {
    const bench = new Bench({ baud: 115200 });
    expect(bench.command('AT+UART_CUR=230400,8,1,0,0')).toBe(OK);
    const noise = bench.command('AT');
    expect(noise).not.toContain('OK');
    expect(bench.kinds()).toContain('baud');
    bench.connection.control?.baud(230400).subscribe();
    expect(bench.connection.baud).toBe(230400);
    bench.send('\r\n');
    expect(bench.command('AT')).toBe(OK);
    expect(bench.command('AT+UART_CUR?')).toBe('+UART_CUR:230423,8,1,0,0\r\n\r\nOK\r\n');
  });

  test('write: cold, completes later, never two at a time, never answers in its own stack', () => {
    const bench = new Bench();
    const write = bench.connection.write(bytesOf('AT\r\n'));
    expect(bench.wait(10)).toBe('');
    const events: string[] = [];
    const chunks = bench.chunks.length;
    write.subscribe({ complete: () => events.push('first') });
    expect(bench.chunks.length).toBe(chunks);
    bench.connection.write(bytesOf('AT\r\n')).subscribe({ error: (error: { kind: string; code: string }) => events.push(`${error.kind}/${error.code}`) });
    expect(events).toEqual(['usage/overlap']);
    expect(bench.wait(10)).toBe(`AT\r\n${OK}`);
    expect(events).toEqual(['usage/overlap', 'first']);
  });

  test('drained completes when the last byte has left', () => {
    const bench = new Bench({ baud: 1200 });
    let done: number | undefined;
    bench.write('x'.repeat(12));
    bench.connection.drained?.().subscribe({ complete: () => (done = bench.scheduler.frame) });
    bench.wait(99);
    expect(done).toBeUndefined();
    bench.wait(2);
    expect(done).toBeGreaterThanOrEqual(100);
  });

  test('a second host is refused and does not disturb the first', () => {
    const bench = new Bench();
    let refused: unknown;
    bench.module.open().subscribe({ error: (error: unknown) => (refused = error) });
    expect(refused).toMatchObject({ kind: 'transport', code: 'open' });
    expect(bench.command('AT')).toBe(OK);
  });

  test('closing the port completes incoming; a new host finds the settings of the old one', () => {
    const scheduler = new SteppedScheduler();
    const module = emulator({ scheduler });
    const events: string[] = [];
    const first = module.open().subscribe((connection) => {
      connection.incoming.subscribe({ next: (bytes) => events.push(textOf(bytes)), complete: () => events.push('complete') });
      connection.write(bytesOf('ATE0\r\n')).subscribe();
    });
    scheduler.advance(10);
    first.unsubscribe();
    expect(events).toEqual(['ATE0\r\n', OK, 'complete']);
    module.open().subscribe((connection) => {
      connection.incoming.subscribe((bytes) => events.push(textOf(bytes)));
      connection.write(bytesOf('AT\r\n')).subscribe();
    });
    scheduler.advance(10);
    expect(events.slice(3)).toEqual([OK]);
  });

  test('without flow control a full receive buffer loses bytes; with it the write waits', () => {
    const run = (flow: number): { readonly kinds: readonly string[]; readonly finished: boolean } => {
      const bench = new Bench();
      bench.command(`AT+UART_CUR=115200,8,1,0,${flow}`);
      bench.connect();
      bench.command('AT+CIPMODE=1');
      bench.command('AT+CIPSEND');
      bench.network.last.room = 0;
      bench.send('x'.repeat(9000));
      bench.send('y'.repeat(9000));
      let finished = false;
      bench.connection.write(bytesOf('z'.repeat(9000))).subscribe({ complete: () => (finished = true) });
      bench.wait(100);
      return { kinds: bench.kinds(), finished };
    };
    expect(run(0)).toEqual({ kinds: expect.arrayContaining(['overrun']) as unknown, finished: true });
    expect(run(1)).toEqual({ kinds: [], finished: false });
  });
});
