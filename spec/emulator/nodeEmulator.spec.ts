import { createServer, type AddressInfo } from 'node:net';
import { SerialPort } from 'serialport';
import { emulator, inMemoryNetwork, source, type Network } from '../../transports/emulator/index.js';
import { nodeNetwork, servePty } from '../../transports/emulator/node/index.js';
import { expectBytes, joined, pattern } from './networkHarness.js';
import { opened, pass, until } from './nodeHarness.js';

const total = 200_000;
const data = pattern(total);
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => { for (const clean of cleanups.splice(0).reverse()) await clean(); });

const inMemory = (): { readonly network: Network; readonly port: number } =>
  ({ port: 7000, network: inMemoryNetwork({ hosts: { '192.168.4.2': { tcp: { 7000: source(data) } } } }) });

const real = async (): Promise<{ readonly network: Network; readonly port: number }> => {
  const server = createServer((socket) => { socket.on('error', () => undefined).end(data); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => { server.close(); });
  return { port: (server.address() as AddressInfo).port, network: nodeNetwork({ hosts: { '192.168.4.2': '127.0.0.1' } }) };
};

it.each<readonly [string, () => ReturnType<typeof inMemory> | ReturnType<typeof real>]>([['in memory', inMemory], ['real', real]])(
  'an emulated module on a pty, driven by serialport, reads a stream from the %s network through its window',
  async (_, make) => {
    const { network, port } = await make();
    const module = emulator({ network });
    const { value, subscription } = await opened(servePty(module));
    cleanups.push(() => {
      subscription.unsubscribe();
      // The module runs on without a host; a restart drops its links.
      module.reset();
    });
    const line = new SerialPort({ path: value.pty, baudRate: 115200 });
    cleanups.push(() => new Promise<void>((resolve) => { line.close(() => { resolve(); }); }));
    let got: Uint8Array[] = [];
    line.on('data', (chunk: Buffer) => got.push(chunk));
    const text = (): string => Buffer.concat(got).toString('latin1');
    const exec = async (command: string): Promise<string> => {
      got = [];
      line.write(`${command}\r\n`);
      await until(() => /\r\n(OK|ERROR)\r\n/.test(text()));
      return text();
    };
    await exec('ATE0');
    await exec('AT+CWMODE=1');
    expect(await exec('AT+CWJAP="Espressif",""')).toContain('WIFI GOT IP');
    await exec('AT+CIPRECVMODE=1');
    expect(await exec(`AT+CIPSTART="TCP","192.168.4.2",${String(port)}`)).toMatch(/^CONNECT\r\n\r\nOK\r\n/);
    // Nobody reads: the window fills, and no more comes.
    await pass(150);
    expect(await exec('AT+CIPRECVLEN?')).toContain('+CIPRECVLEN:5760\r\n');

    const chunks: Uint8Array[] = [];
    let received = 0;
    while (received < total) {
      // The announcement of what is left comes after OK, so it may stand before the next answer.
      const answer = await exec('AT+CIPRECVDATA=5760');
      const head = /\+CIPRECVDATA:(\d+),/.exec(answer);
      const count = Number(head?.[1] ?? 0);
      if (head === null) await pass(1);
      else chunks.push(Uint8Array.from(Buffer.from(answer, 'latin1').subarray(head.index + head[0].length, head.index + head[0].length + count)));
      received += count;
    }
    expectBytes(joined(chunks), data);
  },
  20_000,
);
