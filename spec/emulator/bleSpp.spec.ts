import { concat, tap } from 'rxjs';
import { seededRandom } from '../../transports/emulator/random.js';
import { ERROR, OK } from './bench.js';
import { BleBench, type BleHost } from './bleBench.js';

const prompt = '\r\nOK\r\n\r\n>';
const notes = ['\x01\0', '\x02\0'] as const;

/** Connected and discovered, the MTU as asked for; characteristic 6 notifies and 7 indicates. */
const joined = (firmware: '2.1.0' | '4.1.0', mtu = 23): BleBench => {
  const bench = new BleBench(firmware);
  bench.discover();
  for (const [at, value] of notes.entries()) {
    bench.client.command(`AT+BLEGATTCWR=0,3,${String(at + 6)},1,2`);
    bench.client.send(value, 600);
  }
  if (mtu !== 23) bench.client.command(`AT+BLECFGMTU=0,${String(mtu)}`, 600);
  bench.client.take();
  bench.server.take();
  return bench;
};

/** The same, and both in SPP: the server by 6 and 5, the client by 5 and 6. */
const through = (firmware: '2.1.0' | '4.1.0', mtu = 23, tx = 6): BleBench => {
  const bench = joined(firmware, mtu);
  const enter = (host: BleHost, config: string): void => {
    expect(host.command(`AT+BLESPPCFG=${config}`)).toBe(OK);
    expect(host.command('AT+BLESPP')).toBe(prompt);
  };
  enter(bench.server, `1,1,${String(tx)},1,5`);
  enter(bench.client, `1,3,5,3,${String(tx)}`);
  return bench;
};

const leave = (host: BleHost): void => {
  expect(host.send('+++', 300)).toBe('');
  host.send('', 1000);
  expect(host.command('AT')).toBe(OK);
};

describe.each(['2.1.0', '4.1.0'] as const)('BLE SPP in %s', (firmware) => {
  test.each([[6, 'notified'], [7, 'indicated']])('bytes go both ways as they are, by characteristic %i', (tx) => {
    const { server, client } = through(firmware, 23, tx);
    client.send('AT+RST\r\n\0\xff', 500);
    expect(server.take()).toBe('AT+RST\r\n\0\xff');
    server.send('\r\nOK\r\n+NOTIFY:0,3,6,1,', 1000);
    expect(client.take()).toBe('\r\nOK\r\n+NOTIFY:0,3,6,1,');
    leave(client);
    leave(server);
    // After SPP what comes is an event again.
    server.command(`AT+BLEGATTS${tx === 6 ? 'NTFY' : 'IND'}=0,1,${String(tx)},2`);
    server.send('hi');
    expect(client.take()).toBe(`+${tx === 6 ? 'NOTIFY' : 'INDICATE'}:0,3,${String(tx)},2,hi\r\n`);
    client.command('AT+BLEGATTCWR=0,3,5,,2');
    client.send('yo');
    expect(server.take()).toBe('+WRITE:0,1,5,,2,yo\r\n');
  });

  test('a packet holds the MTU less three', () => {
    const bench = joined(firmware, 103);
    bench.server.command('AT+BLESPPCFG=1,1,6,1,5');
    bench.server.command('AT+BLESPP');
    bench.server.send('x'.repeat(250), 2000);
    // The client is in command mode: it counts them.
    expect(bench.client.take()).toBe([100, 100, 50].map((length) => `+NOTIFY:0,3,6,${String(length)},${'x'.repeat(length)}\r\n`).join(''));
  });

  test('what the configuration does not fit is an ERROR', () => {
    const { server, client } = joined(firmware);
    expect(client.command('AT+BLESPP')).toBe(ERROR);
    expect(client.command('AT+BLESPPCFG?')).toBe(`+BLESPPCFG:0,0,0,0${OK}`);
    for (const wrong of ['1,3,6,3,6', '1,3,5,3,5', '1,1,5,1,6', '1,3,9,3,6', '1,9,5,3,6']) {
      expect(client.command(`AT+BLESPPCFG=${wrong}`)).toBe(OK);
      expect([wrong, client.command('AT+BLESPP')]).toEqual([wrong, ERROR]);
    }
    for (const short of ['1', '1,3,5,3', '2', '1,0,5,3,6', '1,3,5,3,6,7']) expect([short, client.command(`AT+BLESPPCFG=${short}`)]).toEqual([short, ERROR]);
    expect(client.command('AT+BLESPPCFG=1,3,5,3,6')).toBe(OK);
    expect(client.command('AT+BLESPPCFG?')).toBe(`+BLESPPCFG:3,5,3,6${OK}`);
    expect(server.command('AT+BLESPPCFG=1,1,5,1,6')).toBe(OK);
    expect(server.command('AT+BLESPP')).toBe(ERROR);
    expect(client.command('AT+BLESPPCFG=0')).toBe(OK);
    expect(client.command('AT+BLESPPCFG?')).toBe(`+BLESPPCFG:0,0,0,0${OK}`);
    expect(client.command('AT+BLESPP')).toBe(ERROR);
    expect(client.command('AT+BLESPPCFG=1,3,5,3,6')).toBe(OK);
    client.command('AT+BLEDISCONN=0');
    expect(client.command('AT+BLESPP')).toBe(ERROR);
  });

  test('a disconnection inside is said with bit 2 of AT+SYSMSG only; the line stays raw until +++', () => {
    const { server, client, air } = through(firmware);
    air.place('24:0a:c4:03:f4:d6', { x: 999, y: 0 });
    expect(client.send('lost', 8000)).toBe('');
    expect(client.send('AT\r\n', 500)).toBe('');
    leave(client);
    expect(client.command('AT+BLECONN?')).toBe(`+BLECONN:\r\n${OK}`);
    leave(server);
  });
});

test('with AT+SYSMSG=5 the end of a connection is said inside, and so is the end of the raw phase', () => {
  const bench = joined('4.1.0');
  const { server, client } = bench;
  client.command('AT+SYSMSG=5');
  client.command('AT+BLESPPCFG=1,3,5,3,6');
  client.command('AT+BLESPP');
  server.module.reset();
  bench.wait(8000);
  expect(client.take()).toBe('+BLEDISCONN:0,"24:0a:c4:03:f4:d6"\r\n');
  expect(client.send('+++', 100)).toBe('\r\n+QUITT\r\n');
});

test('a client that did not ask to be told gets nothing', () => {
  const bench = new BleBench('4.1.0');
  bench.discover();
  bench.server.command('AT+BLESPPCFG=1,1,6,1,5');
  expect(bench.server.command('AT+BLESPP')).toBe(prompt);
  bench.server.send('early', 500);
  expect(bench.client.take()).toBe('');
});

test('a connection event takes eight values that nobody answers, or one that is', () => {
  for (const [tx, most] of [[6, 160], [7, 20]] as const) {
    const { server, client } = through('4.1.0', 23, tx);
    server.send('x'.repeat(1600), 20);
    const steps = Array.from({ length: 20 }, () => client.send('', 30).length);
    expect(Math.max(...steps)).toBe(most);
    // Indications wait for their confirmation, which comes with the next event.
    expect(steps.reduce((sum, step) => sum + step)).toBe(tx === 6 ? 1600 : 200);
  }
});

test('time decides about +++, and CIPMODE=1 leaves no line for it', () => {
  const { server, client } = through('4.1.0');
  client.send('data', 10);
  client.send('+++', 500);
  expect(server.take()).toBe('data+++');
  leave(client);
  client.command('AT+CIPMODE=1');
  expect(client.command('AT+BLESPP')).toBe(ERROR);
});

test('a receiver with a slow line holds the sender: nothing is lost, and what waits is bounded', () => {
  const bench = new BleBench('4.1.0', {}, { client: { baud: 9600 } });
  bench.discover();
  const { server, client } = bench;
  client.command('AT+BLEGATTCWR=0,3,6,1,2');
  client.send('\x01\0', 1000);
  client.command('AT+BLECFGMTU=0,517', 1000);
  client.command('AT+BLEDATALEN=0,251', 1000);
  server.command('AT+BLESPPCFG=1,1,6,1,5');
  client.command('AT+BLESPPCFG=1,3,5,3,6', 1000);
  server.command('AT+BLESPP');
  expect(client.command('AT+BLESPP', 1000)).toContain(prompt);
  server.take();
  const random = seededRandom(5);
  const sent = Array.from({ length: 40_000 }, () => String.fromCharCode(Math.floor(random() * 256))).join('');
  let written = 0;
  let got = '';
  const pieces = Array.from({ length: sent.length / 1000 }, (_, at) => server.post(sent.slice(at * 1000, at * 1000 + 1000)));
  concat(...pieces.map((piece) => piece.pipe(tap({ complete: () => (written += 1000) })))).subscribe();
  for (let second = 0; second < 60; second += 1) {
    bench.wait(1000);
    got += client.take();
    // The UART's buffers, a packet of each side and what waits for the slow line.
    expect(written - got.length).toBeLessThan(2 * 8192 + 2 * 2920 + 4096);
  }
  expect(got.length).toBe(sent.length);
  expect(got === sent).toBe(true);
});
