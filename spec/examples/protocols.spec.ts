import type { ChildProcess } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { lastValueFrom, toArray } from 'rxjs';
import { besideServer, requests } from '../../examples/http.js';
import { example } from '../../examples/mqtt.js';
import type { MqttCarrier } from '../../lib/index.js';
import { nodeHttp, nodeMqtt, nodeNetwork } from '../../transports/emulator/node/index.js';
import { aedesBroker } from '../brokers/aedesBroker.js';
import { caCert } from '../emulator/nodeCertificates.js';
import { nodeModule, type NodeModule } from '../emulator/nodeModule.js';
import { type Call, type Printed, runProgram } from '../support/runProgram.js';

/** Runs an example as a program of its own, in CommonJS as the build gives it; with its exit code. */
const ran = (name: string, args: readonly string[] = [], call: Omit<Call, 'args'> = {}): Promise<Printed & { readonly code: number }> =>
  runProgram({ file: `examples/${name}.ts` }, 'cjs', { args, ...call }).then(
    (printed) => ({ ...printed, code: 0 }),
    ({ code, stdout, stderr }: Printed & { readonly code: number }) => ({ code, stdout, stderr }),
  );

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

describe('examples/mqtt.ts', () => {
  const brokerOver = async (carrier: MqttCarrier): Promise<string> => {
    const broker = await aedesBroker({ carrier, login: { username: 'espressif', password: '1234567890' } });
    cleanups.push(broker.end);
    return `127.0.0.1:${String(broker.port)}`;
  };
  const moduleBeside = async (): Promise<NodeModule> => {
    const module = await nodeModule({ network: nodeNetwork(), mqtt: nodeMqtt({ tls: { ca: { 0: caCert } } }) });
    cleanups.push(module.close);
    return module;
  };

  it.each<[MqttCarrier, string, string, readonly string[], readonly string[]]>([
    ['tcp', 'mqtt', '', [], ['AT+MQTTUSERCFG=0,1,"ESP32","espressif","**********",0,0,""', 'AT+MQTTCONNCFG=0,120,0,"","",0,0']],
    ['tls', 'mqtts', '', ['AT+CIPSNTPCFG=1,8,"ntp1.aliyun.com"', 'AT+CIPSNTPTIME?'], ['AT+MQTTUSERCFG=0,3,"ESP32","espressif","**********",0,0,""', 'AT+MQTTCONNCFG=0,120,0,"lwtt","lwtm",0,0']],
    ['wss', 'wss', '/wss', ['AT+CIPSNTPCFG=1,8,"ntp1.aliyun.com"', 'AT+CIPSNTPTIME?'], ['AT+MQTTUSERCFG=0,7,"ESP32","espressif","**********",0,0,"wss"', 'AT+MQTTCONNCFG=0,120,0,"","",0,0']],
  ])('over %s sends what the document does, to a real broker', async (carrier, protocol, path, clock, configuration) => {
    const place = await brokerOver(carrier);
    const { at, sent, close } = await moduleBeside();
    const before = sent.length;
    await expect(lastValueFrom(example(at, new URL(`${protocol}://${place}${path}`)).pipe(toArray()))).resolves.toEqual([`${carrier}: topic test`]);
    await close();
    const lines = sent.slice(before);
    const rest = [`AT+MQTTCONN=0,"127.0.0.1",${String(place.split(':')[1])},0`, 'AT+MQTTSUB=0,"topic",1', 'AT+MQTTPUB=0,"topic","test",1,0', 'AT+MQTTCLEAN=0'];
    expect(lines.filter((line) => line.startsWith('AT+MQTT'))).toEqual([...configuration, ...rest]);
    const setting = lines.slice(0, lines.findIndex((line) => line.startsWith('AT+MQTT')));
    expect(setting).toEqual(expect.arrayContaining([...clock]));
    if (clock.length === 0) expect(setting).toEqual([]);
  }, 20_000);

  it('runs by itself, and against brokers that it is given', async () => {
    await expect(ran('mqtt')).resolves.toEqual({ stdout: 'tcp: topic test\ntls: topic test\nwss: topic test\n', stderr: '', code: 0 });
    const [tcp, wss] = [await brokerOver('tcp'), await brokerOver('wss')];
    await expect(ran('mqtt', [`mqtt://${tcp}`, `wss://${wss}/mqtt`])).resolves.toEqual({ stdout: 'tcp: topic test\nwss: topic test\n', stderr: '', code: 0 });
  }, 40_000);
});

describe('examples/http.ts', () => {
  it('asks a real server as the document does', async () => {
    const { at, sent, close } = await nodeModule({ http: nodeHttp() });
    cleanups.push(close);
    const before = sent.length;
    const lines = await lastValueFrom(besideServer((origin) => requests(at, origin)).pipe(toArray()));
    expect(lines).toEqual([expect.stringMatching(/^HEAD: .*content-type/i), 'GET: GET /get, no bytes', 'POST: POST /post, 27 bytes']);
    const asked = sent.slice(before).map((line) => line.replace(/"http:\/\/127[^/]*/, '"…'));
    expect(asked).toEqual(['AT+HTTPCLIENT=1,0,"…/get",,,1', 'AT+HTTPCLIENT=2,0,"…/get",,,1', 'AT+HTTPCLIENT=3,0,"…/post",,,1,"field1=value1&field2=value2"']);
  }, 20_000);

  it('runs by itself', async () => {
    const { stdout, stderr } = await ran('http');
    expect([stdout.split('\n').slice(1), stderr]).toEqual([['GET: GET /get, no bytes', 'POST: POST /post, 27 bytes', ''], '']);
  }, 20_000);
});

describe('all of them', () => {
  it.each([
    ['mqtt', ['nonsense'], {}, 'nonsense is no address of a host: mqtt://HOST or mqtts://HOST or wss://HOST'],
    ['mqtt', ['mqtt://a', 'ftp://b'], {}, 'ftp://b is no address'],
    ['http', ['http://h:99999'], {}, 'http://h:99999 is no address of a host: http://HOST or https://HOST'],
    ['http', [], { ESP_AT_PORT: '/dev/none' }, 'the module at ESP_AT_PORT needs an address'],
    ['service', ['nonsense'], {}, 'nonsense is no address of a host: http://HOST'],
    ['service', ['http://h', '70000'], {}, '70000 is no port from 0 to 65535'],
    ['service', ['http://h', '0', 'more'], {}, 'too many arguments: more'],
    ['dashboard', ['/dev/ttyUSB0'], {}, '/dev/ttyUSB0 is no port from 0 to 65535'],
    ['dashboard', ['0', 'more'], {}, 'too many arguments: more'],
    ['bluetooth', ['/dev/none'], {}, 'name two serial ports, or none'],
    ['bluetooth', ['/dev/none', '/dev/none', 'more'], {}, 'name two serial ports, or none'],
  ] as const)('%s %j %j: says what is wrong and how it is called', async (name, args, env, message) => {
    const { code, stdout, stderr } = await ran(name, args, { env });
    expect([code, stdout, stderr.startsWith(message), stderr.split('\n')[2]?.startsWith(`Usage: node dist/cjs/examples/${name}.js [`)]).toEqual([2, '', true, true]);
  }, 20_000);

  it('show how they are called', async () => {
    for (const name of ['mqtt', 'http', 'service', 'dashboard', 'bluetooth']) expect(await ran(name, ['--help'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Usage: /) as string });
  }, 20_000);

  /** An address where nobody listens. */
  const nobody = '127.0.0.1:1';
  it.each<[string, string | readonly string[], Readonly<Record<string, string>>, string]>([
    ['service', `http://${nobody}`, { ESP_AT_PORT: '/dev/none' }, 'cannot open /dev/none: there is no such port; is the adapter plugged in?'],
    ['dashboard', '0', { ESP_AT_PORT: '/dev/none' }, 'cannot open /dev/none: there is no such port; is the adapter plugged in?'],
    ['bluetooth', ['/dev/none', '/dev/none'], {}, 'cannot open /dev/none: there is no such port; is the adapter plugged in?'],
    ['mqtt', `mqtts://${nobody}`, {}, `${nobody} is no broker that lets the module in: address, certificates, client ID, user or password (link/refused)`],
    ['mqtt', `mqtts://${nobody}`, { ESP_AT_CA: '/no/such/file' }, "ENOENT: no such file or directory, open '/no/such/file'"],
    ['http', `http://${nobody}`, {}, 'no complete HTTP response (link/no-response)'],
    ['http', `http://${nobody}`, { ESP_AT_PORT: '/dev/none' }, 'cannot open /dev/none: there is no such port; is the adapter plugged in?'],
  ])('%s %s %j: an error in words, and an end', async (name, address, env, message) => {
    const { code, stdout, stderr } = await ran(name, [address].flat(), { env });
    expect([code, stdout, stderr.slice(0, message.length), stderr.trim().split('\n').length]).toEqual([1, '', message, 1]);
  }, 20_000);

  it.each(['service', 'dashboard'])('%s: says that its port is taken, and ends', async (name) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => taken.close(resolve)));
    const port = String((taken.address() as AddressInfo).port);
    await expect(ran(name, name === 'service' ? [`http://${nobody}`, port] : [port])).resolves.toEqual({
      code: 1,
      stdout: '',
      stderr: `listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    });
  }, 20_000);

  it.each([
    ['service', [`http://${nobody}`, '0'], /^http:\/\/127\.0\.0\.1:\d+\/ serves http:\/\/127\.0\.0\.1:1\/\n$/],
    ['dashboard', ['0'], /^http:\/\/127\.0\.0\.1:\d+\/\n$/],
    ['bluetooth', [], /^AT 2\.1\.0\n/],
  ])('%s ends in order at Ctrl-C', async (name, args, told) => {
    const started = (child: ChildProcess): void => void child.stdout?.once('data', () => child.kill('SIGINT'));
    const { code, stdout, stderr } = await ran(name, args, { started });
    expect([code, stderr, stdout.includes('AT 4')]).toEqual([130, 'closing; Ctrl-C again ends it at once\n', false]);
    expect(stdout).toMatch(told);
  }, 20_000);

  it.each(['mqtt', 'http', 'bluetooth'])('%s ends without a word when its reader has seen enough', async (name) => {
    await expect(ran(name, [], { started: (child) => void child.stdout?.destroy() })).resolves.toMatchObject({ code: 0, stderr: '' });
  }, 20_000);

  it('leave in order at Ctrl-C', async () => {
    let child: ChildProcess | undefined;
    // Takes the request and never answers.
    const server = createServer((socket) => {
      socket.resume().on('error', () => undefined);
      child?.kill('SIGINT');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    await expect(ran('http', [address], { started: (started) => (child = started) })).resolves.toEqual({ code: 130, stdout: '', stderr: 'closing; Ctrl-C again ends it at once\n' });
  }, 20_000);
});
