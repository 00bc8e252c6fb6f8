import { createServer } from 'node:net';
import { run } from '../../bin/cli.js';
import { esp, fakeProcess, until } from './fakeIo.js';

const port = ['--port', 'emulator'];

describe('esp-at info', () => {
  it('tells firmware, dialect, memory, station and addresses', async () => {
    const { code, out, err } = await esp(['info', ...port]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^firmware +4\.1\.0/m);
    expect(out).toMatch(/^dialect +v4$/m);
    expect(out).toMatch(/^free memory +\d+ bytes, at least \d+ so far$/m);
    expect(out).toMatch(/^station +not joined/m);
    expect(out).toMatch(/^softAP IP +192\.168\.4\.1$/m);
  });

  it('leaves out what an older firmware does not tell', async () => {
    const { code, json } = await esp(['info', ...port, '--dialect', 'v2', '--json']);
    expect(code).toBe(0);
    expect(json()).toEqual([
      {
        firmware: { version: '2.1.0.0', sdk: expect.any(String), product: 'WROOM-32' },
        dialect: 'v2',
        table: 'v2',
        memory: { free: expect.any(Number) },
        wifi: { mode: 'softAp' },
        addresses: { APIP: '192.168.4.1', APMAC: expect.any(String) },
      },
    ]);
  });
});

describe('esp-at scan', () => {
  it('prints a table', async () => {
    const { code, out } = await esp(['scan', ...port]);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['SSID', 'BSSID', 'channel', 'signal', 'encryption'],
      ['Espressif', expect.stringMatching(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/), '5', '-25 dBm', 'open'],
      [''],
    ]);
  });

  it('prints one JSON object an access point, of the wanted name only', async () => {
    expect((await esp(['scan', ...port, '--json', '--ssid', 'Espressif'])).json()).toMatchObject([{ ssid: 'Espressif', channel: 5, rssi: -25 }]);
    expect((await esp(['scan', ...port, '--json', '--ssid', 'Nobody'])).out).toBe('');
  });
});

describe('esp-at join', () => {
  it('takes the password from the environment and shows it nowhere, not in the trace either', async () => {
    const { code, out, err } = await esp(['join', 'Espressif', ...port, '--trace'], { env: { ESP_AT_PASSWORD: 'correct horse' } });
    expect(code).toBe(0);
    expect(out).toBe('joined: address 192.168.4.15, gateway 192.168.4.2, netmask 255.255.255.0\n');
    expect(err).toContain('tx AT+CWJAP="Espressif","*************"');
    expect(err).not.toContain('horse');
  });

  it('warns about a password on the command line, and does not repeat it', async () => {
    const { code, out, err } = await esp(['join', 'Espressif', ...port, '--password', 'correct horse', '--json']);
    expect({ code, out }).toEqual({ code: 0, out: '{"state":"got-ip","address":"192.168.4.15","gateway":"192.168.4.2","netmask":"255.255.255.0"}\n' });
    expect(err).toMatch(/^esp-at: warning: .*ESP_AT_PASSWORD.*\n$/);
    expect(err).not.toContain('horse');
  });

  it('ends with 2 for a name that no network can have, before the module is asked', async () => {
    const { code, err } = await esp(['join', 'x'.repeat(33), ...port, '--trace'], { env: { ESP_AT_PASSWORD: '' } });
    expect(code).toBe(2);
    expect(err).toContain('ssid');
    expect(err).not.toContain('tx AT+CWJAP=');
  });

  it('ends with 2 where there is no password and no terminal to ask on', async () => {
    const { code, err } = await esp(['join', 'Espressif', ...port]);
    expect(code).toBe(2);
    expect(err).toContain('ESP_AT_PASSWORD');
  });

  it('asks on a terminal without showing what is typed, and gives the terminal back', async () => {
    const fake = fakeProcess();
    const modes: boolean[] = [];
    Object.assign(fake.stdin, { isTTY: true, setRawMode: (on: boolean) => modes.push(on) });
    const ended = run(['join', 'Espressif', ...port], fake.io);
    await until(() => fake.err().includes('password of Espressif'));
    fake.stdin.write('wrongg\x15correct horsf\x7fe\r');
    expect(await ended).toBe(0);
    expect(modes).toEqual([true, false]);
    expect(fake.out() + fake.err()).not.toMatch(/horse|wrong/);
  });

  it('ends with 130 when Ctrl-C is typed instead of a password', async () => {
    const fake = fakeProcess();
    const modes: boolean[] = [];
    Object.assign(fake.stdin, { isTTY: true, setRawMode: (on: boolean) => modes.push(on) });
    const ended = run(['join', 'Espressif', ...port], fake.io);
    await until(() => fake.err().includes('password of Espressif'));
    fake.stdin.write('\x03');
    expect(await ended).toBe(130);
    expect(modes).toEqual([true, false]);
  });
});

describe('a command that is interrupted', () => {
  it('closes the port before it ends', async () => {
    const fake = fakeProcess();
    let connected = 0;
    let closed = 0;
    const server = createServer((socket) => {
      connected += 1;
      socket.on('error', () => undefined);
      socket.on('close', () => (closed += 1));
      socket.resume();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port: number } = server.address() as { readonly port: number };
    const ended = run(['info', '--port', `tcp://127.0.0.1:${String(number)}`], fake.io);
    await until(() => connected === 1);
    fake.interrupt();
    expect(await ended).toBe(130);
    await until(() => closed === 1, 'closing');
    expect(fake.out() + fake.err()).toBe('');
    server.close();
  });
});
