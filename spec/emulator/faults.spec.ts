import type { FaultAction, FaultEvent } from 'rx-esp-at/emulator';
import { Bench, ERROR, OK } from './bench.js';

const inject = (bench: Bench, point: FaultEvent['point'], act: FaultAction, times = 1): (() => void) =>
  bench.module.faults.add({ when: (event) => event.point === point, times, act });

const texts = (bench: Bench): readonly string[] => bench.chunks.map(({ text }) => text);

const passive = (): Bench => {
  const bench = new Bench();
  bench.command('AT+CIPRECVMODE=1');
  bench.connect();
  return bench;
};

describe('faults', () => {
  test('busy: one command is refused without running', () => {
    const bench = new Bench();
    inject(bench, 'command', { do: 'busy' });
    expect(bench.command('AT+CIPMUX=1')).toBe('\r\nbusy p...\r\n');
    expect(bench.command('AT+CIPMUX?')).toBe('+CIPMUX:0\r\n\r\nOK\r\n');
  });

  test('late: the terminal alone is late, and the module busy until then', () => {
    const bench = new Bench();
    inject(bench, 'terminal', { do: 'late', ms: 500 });
    expect(bench.command('AT+CIPMUX?', 400)).toBe('+CIPMUX:0\r\n');
    expect(bench.send('AT\r\n', 10)).toBe('\r\nbusy p...\r\n');
    expect(bench.wait(200)).toBe(OK);
  });

  test('stall: nothing more until a reset', () => {
    const bench = new Bench();
    inject(bench, 'command', { do: 'stall' });
    expect(bench.command('AT', 60_000)).toBe('');
    expect(bench.send('AT\r\n')).toBe('\r\nbusy p...\r\n');
    bench.module.reset();
    expect(bench.wait(1000)).toBe('\r\nready\r\n');
    expect(bench.command('AT')).toBe(OK);
  });

  test('split and glue move chunk boundaries and nothing else', () => {
    const bench = new Bench();
    bench.command('ATE0');
    bench.chunks.length = 0;
    inject(bench, 'output', { do: 'split', at: [1, 4], gap: 30 });
    expect(bench.send('AT\r\n', 10)).toBe('\r');
    expect(bench.wait(100)).toBe('\nOK\r\n');
    expect(texts(bench)).toEqual(['\r', '\nOK', '\r\n']);
    bench.chunks.length = 0;
    inject(bench, 'output', { do: 'glue', ms: 50 });
    bench.send('AT\r\n', 10);
    bench.send('AT\r\n', 10);
    expect(texts(bench)).toEqual([OK + OK]);
    bench.chunks.length = 0;
    inject(bench, 'output', { do: 'glue', ms: 50 });
    expect(bench.send('AT\r\n', 40)).toBe('');
    expect(bench.wait(20)).toBe(OK);
  });

  test('delay holds back what follows too', () => {
    const bench = new Bench();
    bench.module.faults.add({ when: (event) => event.point === 'output' && event.text.startsWith('+CIPMUX'), times: 1, act: { do: 'delay', ms: 300 } });
    expect(bench.command('AT+CIPMUX?', 290)).toBe('');
    expect(bench.wait(20)).toBe('+CIPMUX:0\r\n\r\nOK\r\n');
  });

  test('drop, flip, insert and replace change bytes', () => {
    const bench = new Bench();
    bench.command('ATE0');
    inject(bench, 'output', { do: 'drop' });
    expect(bench.command('AT')).toBe('');
    inject(bench, 'output', { do: 'drop', at: 2, bytes: 1 });
    expect(bench.command('AT')).toBe('\r\nK\r\n');
    inject(bench, 'output', { do: 'flip', at: 2, mask: 0x20 });
    expect(bench.command('AT')).toBe('\r\noK\r\n');
    inject(bench, 'output', { do: 'insert', text: 'WIFI DISCONNECT\r\n' });
    expect(bench.command('AT')).toBe(`WIFI DISCONNECT\r\n${OK}`);
    inject(bench, 'output', { do: 'replace', text: '\r\nERROR\r\n' });
    expect(bench.command('AT')).toBe('\r\nERROR\r\n');
    expect(bench.command('AT')).toBe(OK);
  });

  test('reset in the middle of a frame: the rest never comes, ready does', () => {
    const bench = passive();
    bench.network.last.say('0123456789');
    bench.wait(50);
    bench.module.faults.add({ when: (event) => event.point === 'output' && event.text.startsWith('+CIPRECVDATA'), times: 1, act: { do: 'reset', after: 20 } });
    expect(bench.command('AT+CIPRECVDATA=10', 1000)).toBe('+CIPRECVDATA:10,0123WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n');
    expect(bench.command('AT')).toBe(OK);
  });

  test('a lost announcement: only CIPRECVLEN tells', () => {
    const bench = passive();
    inject(bench, 'announce', { do: 'drop' });
    bench.network.last.say('data');
    expect(bench.wait(100)).toBe('');
    expect(bench.command('AT+CIPRECVLEN?')).toBe('+CIPRECVLEN:4\r\n\r\nOK\r\n');
    expect(bench.command('AT+CIPRECVDATA=9')).toBe('+CIPRECVDATA:4,data\r\nOK\r\n');
  });

  test('an early CLOSED leaves the data readable and is not said twice', () => {
    const bench = passive();
    inject(bench, 'receive', { do: 'close' });
    bench.network.last.say('data');
    expect(bench.wait(100)).toBe('CLOSED\r\n');
    expect(bench.command('AT+CIPRECVDATA=9')).toBe('+CIPRECVDATA:4,data\r\nOK\r\n');
    expect(bench.command('AT+CIPRECVDATA=9')).toBe(ERROR);
  });

  test('a heap failure: ERROR, and the data stays', () => {
    const bench = passive();
    bench.network.last.say('data');
    bench.wait(50);
    bench.module.faults.add({ when: (event) => event.point === 'read' && event.length > 2, act: { do: 'error' } });
    expect(bench.command('AT+CIPRECVDATA=4')).toBe(ERROR);
    expect(bench.command('AT+CIPRECVDATA=2')).toBe('+CIPRECVDATA:2,da\r\nOK\r\n\r\n+IPD,2\r\n');
  });

  test('the newest matching fault acts, so often as it says, until it is taken away', () => {
    const bench = new Bench();
    const remove = inject(bench, 'command', { do: 'error' }, Infinity);
    inject(bench, 'command', { do: 'error', code: 0x010a0001 }, 2);
    bench.module.faults.add({ when: () => false, act: { do: 'stall' } });
    bench.command('ATE0');
    expect(bench.command('AT')).toBe(ERROR);
    expect(bench.command('AT')).toBe(ERROR);
    remove();
    expect(bench.command('AT')).toBe(OK);
    inject(bench, 'command', { do: 'stall' });
    bench.module.faults.clear();
    expect(bench.command('AT')).toBe(OK);
  });
});
