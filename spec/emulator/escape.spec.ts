import { Bench, OK } from './bench.js';

const through = (config: ConstructorParameters<typeof Bench>[0] = {}): Bench => {
  const bench = new Bench(config);
  bench.connect();
  bench.command('AT+SYSMSG=1');
  bench.command('AT+CIPMODE=1');
  expect(bench.command('AT+CIPSEND')).toBe('\r\nOK\r\n\r\n>');
  bench.wait(100);
  return bench;
};

const left = '\r\n+QUITT\r\n';

describe('passthrough and +++', () => {
  test('time decides: 20 ms of quiet on both sides', () => {
    const bench = through();
    bench.send('data', 20);
    expect(bench.send('+++', 19)).toBe('');
    expect(bench.wait(1)).toBe(left);
    expect(bench.network.last.received).toBe('data');
    expect(bench.violations).toEqual([]);
  });

  test('not write boundaries: three writes within 20 ms of each other are one +++', () => {
    const bench = through();
    bench.send('+', 10);
    bench.send('+', 10);
    expect(bench.send('+', 20)).toBe(left);
    expect(bench.network.last.received).toBe('');
  });

  test.each([
    ['too soon after data', (bench: Bench) => [bench.send('data', 19), bench.send('+++', 100)]],
    ['data too soon behind', (bench: Bench) => [bench.send('+++', 19), bench.send('data', 100)]],
    ['with a line end', (bench: Bench) => [bench.send('+++\r\n', 100)]],
    ['split by 21 ms', (bench: Bench) => [bench.send('++', 21), bench.send('+', 100)]],
    ['four of them', (bench: Bench) => [bench.send('++++', 100)]],
  ])('%s it is data', (_, write) => {
    const bench = through();
    expect(write(bench).join('')).toBe('');
    expect(bench.network.last.received).toContain('+++');
  });

  test('broken guard times are violations; user data that happens to hold +++ is none', () => {
    const bench = through();
    bench.send('data', 5);
    bench.send('+++', 100);
    bench.send('+++', 5);
    bench.send('AT\r\n', 100);
    bench.send('x+++y', 100);
    expect(bench.kinds()).toEqual(['escape-guard', 'escape-guard']);
  });

  test('a command within a second after +++ is a violation, and still understood', () => {
    const bench = through();
    bench.send('+++', 500);
    expect(bench.command('AT')).toBe(OK);
    expect(bench.kinds()).toEqual(['escape-wait']);
  });

  test('on a slow line a byte under way is no quiet', () => {
    const bench = new Bench({ baud: 115200 });
    bench.connect();
    bench.command('AT+SYSMSG=1');
    bench.command('AT+CIPMODE=1');
    bench.command('AT+UART_CUR=300,8,1,0,0');
    bench.connection.control?.baud(300).subscribe();
    expect(bench.command('AT+CIPSEND', 2000)).toBe('\r\nOK\r\n\r\n>');
    // 33 ms a byte: without gaps between them there is no guard time.
    bench.send('abc+++def', 1000);
    expect(bench.network.last.received).toBe('abc+++def');
    bench.send('abc', 100);
    expect(bench.send('+++', 1000)).toBe('');
    expect(bench.kinds()).toEqual(['escape-guard']);
    expect(bench.send('+++', 1000)).toContain('+QUITT');
  });

  test('packets leave after 20 ms, or when 2920 bytes wait', () => {
    const bench = through();
    bench.send('abc', 19);
    expect(bench.network.last.received).toBe('');
    bench.wait(3);
    expect(bench.network.last.received).toBe('abc');
    bench.send('x'.repeat(2920), 2);
    expect(bench.network.last.received.length).toBe(2923);
  });

  test('AT+TRANSINTVL=0 sends at once and still waits for the quiet of +++', () => {
    const bench = new Bench();
    bench.command('AT+TRANSINTVL=0');
    bench.connect();
    bench.command('AT+CIPMODE=1');
    bench.command('AT+CIPSEND');
    bench.send('abc', 3);
    expect(bench.network.last.received).toBe('abc');
    bench.wait(50);
    bench.send('+++', 50);
    expect(bench.network.last.received).toBe('abc');
    expect(bench.command('AT', 100)).toBe(OK);
  });

  test('incoming data is raw, also after +++ while AT+CIPMODE is 1', () => {
    const bench = through();
    bench.network.last.say('in\r\n');
    expect(bench.wait(50)).toBe('in\r\n');
    bench.send('+++', 1100);
    bench.network.last.say('late');
    expect(bench.wait(50)).toBe('late');
    bench.command('AT+CIPMODE=0');
    bench.network.last.say('now');
    expect(bench.wait(50)).toBe('\r\n+IPD,3:now\r\n');
  });

  test('a lost link is opened again in silence, at the interval, and what waited is sent', () => {
    const bench = through();
    bench.network.last.close();
    expect(bench.wait(50)).toBe('');
    bench.send('kept', 30);
    expect(bench.network.sockets.length).toBe(1);
    bench.wait(100);
    expect(bench.network.sockets.length).toBe(2);
    expect(bench.network.last.received).toBe('kept');
    bench.send('+++', 1100);
    expect(bench.command('AT+CIPSTATUS')).toContain('STATUS:3');
  });

  test('a full send buffer holds the line; nothing is lost', () => {
    const bench = through();
    bench.network.last.room = 100;
    for (let block = 0; block < 5; block += 1) bench.send('z'.repeat(4000), 50);
    expect(bench.network.last.received.length).toBe(100);
    bench.network.last.room = Infinity;
    bench.network.last.writable.next();
    bench.wait(500);
    expect(bench.network.last.received).toBe('z'.repeat(20000));
    expect(bench.violations).toEqual([]);
  });

  test('AT+SAVETRANSLINK: the prompt before ready, then straight through; the row shows port 0', () => {
    const bench = through();
    bench.send('+++', 1100);
    bench.command('AT+SYSMSG=0');
    expect(bench.command('AT+SAVETRANSLINK=1,"192.168.4.2",1000,"TCP"')).toBe(OK);
    expect(bench.command('AT+RST', 2000)).toBe('\r\nOK\r\nWIFI DISCONNECT\r\nWIFI CONNECTED\r\n\r\n>\r\nready\r\n');
    expect(bench.send('ECHO', 100)).toBe('ECHO');
    bench.send('+++', 1100);
    expect(bench.command('AT+CIPMODE?')).toBe('+CIPMODE:1\r\n\r\nOK\r\n');
    expect(bench.command('AT+CIPSTATUS')).toBe('STATUS:3\r\n+CIPSTATUS:0,"TCP","192.168.4.2",1000,0,0\r\n\r\nOK\r\n');
    expect(bench.command('AT+SAVETRANSLINK=0')).toBe(OK);
  });
});
