import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { lastValueFrom, toArray } from 'rxjs';
import { besideServer, requests } from '../../examples/http.js';
import { example } from '../../examples/mqtt.js';
import type { MqttCarrier } from '../../lib/index.js';
import { nodeHttp, nodeMqtt, nodeNetwork } from '../../transports/emulator/node/index.js';
import { aedesBroker } from '../brokers/aedesBroker.js';
import { caCert } from '../emulator/nodeCertificates.js';
import { nodeModule, type NodeModule } from '../emulator/nodeModule.js';
import { root } from '../support/typeCheck.js';

/** Runs an example as a program of its own, in CommonJS as the build gives it. */
const ran = async (name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<{ stdout: string; stderr: string }> => {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const file = join(folder, `${name}.cjs`);
  const { outputFiles } = buildSync({ entryPoints: [join(root, 'examples', `${name}.ts`)], tsconfig: join(root, 'tsconfig.json'), bundle: true, write: false, platform: 'node', format: 'cjs', external: ['serialport', '@lydell/node-pty'], logLevel: 'error' });
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  try {
    return await promisify(execFile)(process.execPath, [file, ...args], { timeout: 20_000, env: { ...process.env, NODE_PATH: join(root, 'node_modules'), ...env } });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

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
    await expect(ran('mqtt')).resolves.toEqual({ stdout: 'tcp: topic test\ntls: topic test\nwss: topic test\n', stderr: '' });
    const [tcp, wss] = [await brokerOver('tcp'), await brokerOver('wss')];
    await expect(ran('mqtt', [`mqtt://${tcp}`, `wss://${wss}/mqtt`])).resolves.toEqual({ stdout: 'tcp: topic test\nwss: topic test\n', stderr: '' });
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
