import { Bench, ERROR, OK } from './bench.js';

const announced = (text: string): readonly number[] => Array.from(text.matchAll(/\+IPD,(?:\d,)?(\d+)[:\r]/g), ([, count]) => Number(count));

describe('receiving', () => {
  test('active: every segment is printed whole and its window given back', () => {
    const bench = new Bench();
    bench.connect();
    bench.network.last.say('M'.repeat(20_000));
    const heard = bench.wait(1000);
    expect(announced(heard).reduce((sum, count) => sum + count, 0)).toBe(20_000);
    expect(heard.replace(/\r\n\+IPD,\d+:/g, '').replace(/\r\n/g, '')).toBe('M'.repeat(20_000));
  });

  test('active: while the host holds the line no more than the window leaves the peer', () => {
    const bench = new Bench();
    bench.connect();
    bench.connection.hold?.(true);
    bench.network.last.say('M'.repeat(100_000));
    bench.wait(5000);
    expect(bench.network.last.waiting).toBeGreaterThan(100_000 - 3 * 5760);
    bench.connection.hold?.(false);
    const heard = bench.wait(5000);
    expect(announced(heard).reduce((sum, count) => sum + count, 0)).toBe(100_000);
  });

  test('passive: without a read nothing beyond the window leaves the peer', () => {
    const bench = new Bench();
    bench.command('AT+CIPRECVMODE=1');
    bench.connect();
    bench.network.last.say('M'.repeat(50_000));
    expect(announced(bench.wait(10_000))).toEqual([1440]);
    const unread = 50_000 - bench.network.last.waiting;
    expect(unread).toBeLessThanOrEqual(5760);
    expect(bench.command('AT+CIPRECVLEN?')).toBe(`+CIPRECVLEN:${unread}\r\n${OK}`);
    let total = 0;
    for (let turn = 0; turn < 100 && total < 50_000; turn += 1) {
      const [, count = '0'] = /\+CIPRECVDATA:(\d+),/.exec(bench.command('AT+CIPRECVDATA=2048')) ?? [];
      total += Number(count);
    }
    expect(total).toBe(50_000);
  });

  test('passive: one announcement until it is read, again for what a read leaves', () => {
    const bench = new Bench();
    bench.command('AT+CIPMUX=1');
    bench.command('AT+CIPRECVTYPE=5,1');
    bench.join();
    bench.command('AT+CIPSTART=3,"TCP","192.168.4.2",1000');
    bench.network.last.say('abc');
    expect(bench.wait(20)).toBe('\r\n+IPD,3,3\r\n');
    bench.network.last.say('def');
    expect(bench.wait(20)).toBe('');
    expect(bench.command('AT+CIPRECVDATA=3,4')).toBe('+CIPRECVDATA:4,abcd\r\nOK\r\n\r\n+IPD,3,2\r\n');
    expect(bench.command('AT+CIPRECVDATA=3,4')).toBe('+CIPRECVDATA:2,ef\r\nOK\r\n');
    expect(bench.command('AT+CIPRECVTYPE?')).toContain('+CIPRECVTYPE:3,1\r\n');
  });

  test('switched to active, what waits is printed', () => {
    const bench = new Bench();
    bench.command('AT+CIPRECVMODE=1');
    bench.connect();
    bench.network.last.say('abc');
    bench.wait(20);
    expect(bench.command('AT+CIPRECVMODE=0')).toBe(`${OK}\r\n+IPD,3:abc\r\n`);
  });

  test('a read in active mode, of nothing, of the wrong form, or larger than the heap is an error', () => {
    const bench = new Bench();
    bench.connect();
    expect(bench.command('AT+CIPRECVDATA=10')).toBe(ERROR);
    bench.command('AT+CIPRECVMODE=1');
    expect(bench.command('AT+CIPRECVDATA=10')).toBe(ERROR);
    bench.network.last.say('abc');
    bench.wait(20);
    for (const bad of ['0', '-1', '0,10', '2147483647']) expect(bench.command(`AT+CIPRECVDATA=${bad}`)).toBe(ERROR);
    expect(bench.command('AT+CIPRECVDATA=3')).toBe('+CIPRECVDATA:3,abc\r\nOK\r\n');
  });
});

describe('sending', () => {
  test('exactly the announced bytes, whatever they are, in any pieces', () => {
    const bench = new Bench();
    bench.connect();
    expect(bench.command('AT+CIPSEND=9')).toBe(`${OK}\r\n>`);
    const heard = ['AT\r\n', '\0\xff', '+++'].map((piece) => bench.send(piece, 30));
    expect(heard.join('')).toBe('\r\nRecv 9 bytes\r\n\r\nSEND OK\r\n');
    expect(bench.network.last.received).toBe('AT\r\n\0\xff+++');
  });

  test('a full send buffer keeps the module busy; SEND OK comes when all is taken', () => {
    const bench = new Bench();
    bench.connect();
    bench.network.last.room = 4;
    bench.command('AT+CIPSEND=10');
    expect(bench.send('0123456789', 5000)).toBe('\r\nRecv 10 bytes\r\n');
    expect(bench.send('AT\r\n', 10)).toBe('\r\nbusy p...\r\n');
    bench.network.last.room = 100;
    bench.network.last.writable.next();
    expect(bench.wait(10)).toBe('\r\nSEND OK\r\n');
    expect(bench.network.last.received).toBe('0123456789');
  });

  test('so_sndtimeo ends a send that nobody takes', () => {
    const bench = new Bench();
    bench.connect();
    bench.command('AT+CIPTCPOPT=-1,0,3000');
    bench.network.last.room = 4;
    bench.command('AT+CIPSEND=10');
    expect(bench.send('0123456789', 2900)).toBe('\r\nRecv 10 bytes\r\n');
    expect(bench.wait(200)).toBe('\r\nSEND FAIL\r\n');
  });

  test('CIPSENDL: progress every report size, SEND OK at the end, +++ cancels', () => {
    const bench = new Bench();
    bench.command('AT+CIPSENDLCFG=1000,500');
    bench.connect();
    bench.command('AT+CIPSENDL=2500');
    expect(bench.send('x'.repeat(1200), 100)).toBe('+CIPSENDL:1000,1200\r\n');
    expect(bench.send('x'.repeat(1300), 100)).toBe('+CIPSENDL:2200,2500\r\n+CIPSENDL:2500,2500\r\n\r\nSEND OK\r\n');
    expect(bench.network.last.received.length).toBe(2500);
    bench.command('AT+CIPSENDL=2500');
    bench.send('abc', 100);
    bench.send('+++a', 100);
    expect(bench.send('+++', 100)).toBe('\r\nSEND CANCELLED\r\n');
    expect(bench.network.last.received.slice(2500)).toBe('abc+++a');
    expect(bench.command('AT')).toBe(OK);
  });

  test('CIPSENDL: the port takes bytes for a dead link until the last one, or +++', () => {
    const bench = new Bench();
    bench.connect();
    bench.command('AT+CIPSENDL=100');
    bench.network.last.close();
    expect(bench.wait(50)).toBe('CLOSED\r\n');
    expect(bench.send('abc', 100)).toBe('');
    expect(bench.send('AT\r\n', 100)).toBe('');
    expect(bench.send('x'.repeat(93), 100)).toBe('\r\nSEND FAIL\r\n');
    expect(bench.command('AT')).toBe(OK);
    const left = new Bench();
    left.connect();
    left.command('AT+CIPSENDL=100');
    left.network.last.close();
    left.send('abc', 100);
    expect(left.send('+++', 100)).toBe('\r\nSEND CANCELLED\r\n');
    expect(left.command('AT')).toBe(OK);
  });

  test('CIPSENDL: +++ that completes the length is data', () => {
    const bench = new Bench();
    bench.connect();
    bench.command('AT+CIPSENDL=6');
    bench.send('abc', 100);
    expect(bench.send('+++', 100)).toBe('+CIPSENDL:6,6\r\n\r\nSEND OK\r\n');
    expect(bench.network.last.received).toBe('abc+++');
  });

  test('2.0: CIPSEND=0 prompts and then takes everything until a reset', () => {
    const bench = new Bench({ firmware: '2.0.0' });
    bench.connect();
    expect(bench.command('AT+CIPSEND=0')).toBe(`${OK}\r\n>`);
    expect(bench.send('AT\r\nAT\r\n', 5000)).toBe('');
    bench.module.reset();
    expect(bench.wait(2000)).toContain('ready');
  });

  test('UDP: other peers, by address or by name', () => {
    const bench = new Bench({}, { names: { 'peer.lan': '192.168.4.2' } });
    bench.join();
    bench.command('AT+CIPSTART="UDP","peer.lan",2000');
    expect(bench.command('AT+CIPSTATE?')).toMatch(/^\+CIPSTATE:0,"UDP","192\.168\.4\.2",2000,/);
    expect(bench.command('AT+CIPSEND=2,"peer.lan",9')).toBe(`${OK}\r\n>`);
    expect(bench.send('hi')).toBe('\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n');
    expect(bench.command('AT+CIPSEND=2,"nosuch",9')).toBe(ERROR);
  });
});

describe('server', () => {
  const serve = (...extra: readonly string[]): Bench => {
    const bench = new Bench();
    bench.join();
    for (const line of ['AT+CIPMUX=1', ...extra, 'AT+CIPSERVER=1,80']) expect(bench.command(line)).toBe(OK);
    return bench;
  };

  test('clients take the lowest free id; over the limit nobody is accepted', () => {
    const bench = serve('AT+CIPSERVERMAXCONN=2');
    bench.network.client(80);
    bench.network.client(80);
    const third = bench.network.client(80);
    expect(bench.wait(50)).toBe('0,CONNECT\r\n1,CONNECT\r\n');
    expect(third?.ended).toBe(true);
    bench.command('AT+CIPCLOSE=0');
    bench.network.client(80);
    expect(bench.wait(50)).toBe('0,CONNECT\r\n');
  });

  test('CIPSTO closes what is idle, traffic keeps it', () => {
    const bench = serve();
    expect(bench.command('AT+CIPSTO=3')).toBe(OK);
    const peer = bench.network.client(80);
    expect(bench.wait(2000)).toBe('0,CONNECT\r\n');
    peer?.say('x');
    expect(bench.wait(2500)).toBe('\r\n+IPD,0,1:x\r\n');
    expect(bench.wait(1500)).toBe('0,CLOSED\r\n');
  });

  test('CIPSERVER=0 leaves links open, CIPSERVER=0,1 closes them', () => {
    const bench = serve();
    bench.network.client(80);
    bench.wait(50);
    expect(bench.command('AT+CIPSERVER=0')).toBe(OK);
    expect(bench.command('AT+CIPSTATE?')).toContain('+CIPSTATE:0,');
    bench.command('AT+CIPSERVER=1,80');
    expect(bench.command('AT+CIPSERVER=0,1')).toBe('0,CLOSED\r\n\r\nOK\r\n');
    expect(bench.network.client(80)).toBeUndefined();
  });
});

describe('links', () => {
  test('a refused connection is a bare ERROR; one that nobody answers ends after 20 s', () => {
    const bench = new Bench({}, { refused: [9], silent: [10] });
    bench.join();
    expect(bench.command('AT+CIPSTART="TCP","192.168.4.2",9')).toBe(ERROR);
    expect(bench.command('AT+CIPSTART="TCP","192.168.4.2",10', 19_900)).toBe('');
    expect(bench.wait(200)).toBe(ERROR);
  });

  test('v6 types need AT+CIPV6=1', () => {
    const bench = new Bench();
    bench.join();
    expect(bench.command('AT+CIPSTART="TCPv6","192.168.4.2",9')).toBe(ERROR);
    bench.command('AT+CIPV6=1');
    expect(bench.command('AT+CIPSTART="TCPv6","192.168.4.2",9')).toBe('CONNECT\r\n\r\nOK\r\n');
  });

  test('LINK_CONN in place of CONNECT, CLOSED unchanged', () => {
    const bench = new Bench();
    bench.join();
    bench.command('AT+SYSMSG=2');
    expect(bench.command('AT+CIPSTART="TCP","192.168.4.2",9')).toMatch(/^\+LINK_CONN:0,0,"TCP",0,"192\.168\.4\.2",9,\d+\r\n\r\nOK\r\n$/);
    expect(bench.command('AT+CIPCLOSE')).toBe('CLOSED\r\n\r\nOK\r\n');
  });
});
