import { readdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { VirtualTimeScheduler } from 'rxjs';
import { run } from '../../bin/cli.js';
import { createMonitor } from '../../bin/monitor.js';
import { esp, fakeProcess, until } from './fakeIo.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const monitored = () => {
  const scheduler = new VirtualTimeScheduler();
  const lines: string[] = [];
  let answers = 0;
  const monitor = createMonitor({ dialect: 'auto', print: (text) => lines.push(text), scheduler });
  monitor.answered.subscribe(() => (answers += 1));
  return { monitor, lines, scheduler, answers: () => answers };
};

describe('what a terminal shows', () => {
  it('is every line, what the module says by itself marked', () => {
    const { monitor, lines, answers } = monitored();
    monitor.sent(bytes('AT\r\n'));
    monitor.received(bytes('AT\r\n\r\nOK\r\nWIFI GOT IP\r\nwhat is this\r\nready\r\n'));
    expect(lines).toEqual(['  AT', '  OK', '* WIFI GOT IP', '  what is this', '* ready']);
    expect(answers()).toBe(1);
  });

  it('is data with its line ends and controls readable, also when it comes in halves', () => {
    const { monitor, lines } = monitored();
    monitor.received(bytes('\r\n+IPD,0,6:a\r\n'));
    monitor.received(bytes('\x1b\x00bclosed'));
    expect(lines).toEqual(['* +IPD,0,6: "a\\r\\n\\e\\x00b"']);
  });

  it('is the prompt, and what passes after it raw', () => {
    const { monitor, lines, answers } = monitored();
    monitor.sent(bytes('AT+CIPSEND\r\n'));
    monitor.received(bytes('\r\nOK\r\n\r\n>'));
    monitor.received(bytes('down\r\n'));
    expect(lines).toEqual(['  OK', '  >', '  down\\r\\n']);
    expect(answers()).toBe(2);
  });

  it('is no password, neither one that was typed nor one that the module prints', () => {
    const { monitor, lines } = monitored();
    monitor.sent(bytes('AT+CWJAP="Home","correct horse"\r\n'));
    monitor.received(bytes('AT+CWJAP="Home","correct horse"\r\n\r\nOK\r\npassword:battery staple\r\n'));
    expect(lines).toEqual(['  AT+CWJAP="Home","*************"', '  OK', '* password:**************']);
  });

  it('is a word about bytes that never become a line, after half a second', () => {
    const { monitor, lines, scheduler } = monitored();
    monitor.received(bytes('OK\r\n\xf8\x80\x00'));
    scheduler.flush();
    expect(lines).toEqual(['  OK', expect.stringMatching(/^ {2}\(\d+ bytes without the end of a line/)]);
    expect(scheduler.now()).toBe(500);
  });

  it('is nothing more once it is stopped', () => {
    const { monitor, lines, scheduler } = monitored();
    monitor.received(bytes('abc'));
    monitor.stop();
    scheduler.flush();
    expect(lines).toEqual([]);
  });
});

describe('esp-at term', () => {
  it('sends lines out of a pipe one after another, each when the one before is answered', async () => {
    const { code, out, err } = await esp(['term', '--port', 'emulator'], { input: 'ATE0\nAT+CWMODE=1\nAT+CWLAP\nAT+NOSUCH\n' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual(['  ATE0', '  OK', '  OK', expect.stringContaining('+CWLAP:(0,"Espressif",-25'), '  OK', '  ERROR', '']);
  });

  it('writes what a client must conclude to standard error with --trace, passwords masked', async () => {
    const { out, err } = await esp(['term', '--port', 'emulator', '--trace'], { input: 'AT+CWMODE=1\nAT+CWJAP="Espressif","correct horse"\n' });
    expect(err).toMatch(/^command +AT\+CWMODE=1 +OK$/m);
    expect(err).toMatch(/^event +WIFI GOT IP/m);
    expect(out).toMatch(/^\* WIFI GOT IP$/m);
    expect(out + err).not.toContain('horse');
  });

  const line = async () => {
    const sockets: Socket[] = [];
    const got: Buffer[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => got.push(data));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { readonly port: number };
    return { sockets, server, got: () => Buffer.concat(got).toString('latin1'), port: `tcp://127.0.0.1:${String(port)}` };
  };

  it('sends +++ without a line end, goes on after a silent module, and ends with the line', async () => {
    const { sockets, server, got, port } = await line();
    const fake = fakeProcess();
    const ended = run(['term', '--port', port, '--wait', '30'], fake.io);
    fake.stdin.write('+++\nAT\n');
    await until(() => got() === '+++AT\r\n', 'sending');
    sockets[0]?.end();
    expect(await ended).toBe(1);
    expect(fake.err()).toBe('esp-at: the line was closed\n');
    server.close();
  });

  it('ends with 130 on Ctrl-C and closes the port', async () => {
    const { sockets, server, port } = await line();
    const fake = fakeProcess();
    const ended = run(['term', '--port', port], fake.io);
    await until(() => sockets.length === 1);
    let closed = false;
    sockets[0]?.on('close', () => (closed = true)).resume();
    fake.interrupt();
    expect(await ended).toBe(130);
    await until(() => closed, 'closing');
    server.close();
  });

  it('brings back what was typed on a terminal with up and down, and keeps it in no file', async () => {
    const { sockets, server, got, port } = await line();
    const fake = fakeProcess();
    Object.assign(fake.stdin, { isTTY: true, setRawMode: () => fake.stdin });
    Object.assign(fake.io.stdout, { isTTY: true, columns: 80 });
    const before = readdirSync('.');
    const ended = run(['term', '--port', port], fake.io);
    await until(() => fake.out().includes('> ') && sockets.length === 1, 'the prompt');
    fake.stdin.write('AT\r');
    fake.stdin.write('AT+CWJAP="Home","correct horse"\r');
    await until(() => got().endsWith('horse"\r\n'), 'sending');
    fake.stdin.write('\x1b[A\x1b[A\r');
    await until(() => got().endsWith('horse"\r\nAT\r\n'), 'the line before the last');
    fake.stdin.write('\x1b[A\x1b[A\x1b[B\x1b[B\x1b[A+GMR\r');
    await until(() => got().endsWith('\r\nAT+GMR\r\n'), 'the last line, continued');
    fake.stdin.write('\x03');
    expect(await ended).toBe(130);
    expect(readdirSync('.')).toEqual(before);
    server.close();
  });
});
