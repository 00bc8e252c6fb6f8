import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { caCert, serverCert, serverKey } from '../emulator/nodeCertificates.js';
import { freePort } from '../emulator/nodeModule.js';
import type { StartBroker } from './broker.js';

/** Mosquitto as a process of its own, over TCP or TLS: Debian builds it without WebSocket. */
export const mosquittoBroker: StartBroker = async ({ carrier = 'tcp', login, mutual = false }) => {
  if (carrier === 'ws' || carrier === 'wss') throw new Error('this Mosquitto speaks no WebSocket');
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const [port, plain] = [await freePort(), await freePort()];
  const passwords = file('passwords', '');
  if (login !== undefined) execFileSync('mosquitto_passwd', ['-b', passwords, login.username, login.password], { stdio: 'ignore' });
  const certificates = carrier === 'tls' ? [`certfile ${file('cert', serverCert)}`, `keyfile ${file('key', serverKey)}`, `cafile ${file('ca', caCert)}`, `require_certificate ${String(mutual)}`] : [];
  const config = file('config', [
    `user ${userInfo().username}`, 'persistence false', 'per_listener_settings true',
    `listener ${String(plain)} 127.0.0.1`, 'allow_anonymous true',
    `listener ${String(port)} 127.0.0.1`, ...(login === undefined ? ['allow_anonymous true'] : ['allow_anonymous false', `password_file ${passwords}`]), ...certificates, '',
  ].join('\n'));
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const child = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    running = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
        if (/mosquitto version \S+ running/.test(said)) resolve();
      });
      child.once('exit', () => reject(new Error(`Mosquitto has ended: ${said}`)));
    });
  };
  await start();
  const stop = async (): Promise<void> => {
    if (running?.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  return {
    port,
    plain,
    stop,
    start,
    end: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
};
