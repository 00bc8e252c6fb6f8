import type { FirmwareVersion } from 'rx-esp-at/emulator';
import type { ReplayPeer } from './replay.js';

/** What the peers and the radio did at a step, where the recording's note says so. */
export type Script = Readonly<Record<number, (peer: ReplayPeer) => void>>;

/** One recording, or several that go on where the one before stopped. */
export interface Session {
  readonly name: string;
  readonly firmware: FirmwareVersion;
  /** Commands that bring the module where the recording begins; not judged. */
  readonly prelude?: readonly string[];
  readonly files: readonly { readonly file: string; readonly script?: Script }[];
  readonly time?: number;
  readonly echo?: (data: string, port: number) => string;
}

const say = (text: string) => (peer: ReplayPeer): void => peer.network.last.say(text);
const sayTo = (index: number, text: string) => (peer: ReplayPeer): void => peer.network.sockets[index]?.say(text);
const close = (peer: ReplayPeer): void => peer.network.last.close();
const hello = say('hello');
const device = say('srv->dev\r\n');
const late = say('late');
const binary = say('A\r\n\0\xff\x80Z');
const client = (peer: ReplayPeer): void => void peer.network.client(333);
const idle = (peer: ReplayPeer): void => peer.wait(8000);
const leftAndClosed = (peer: ReplayPeer): void => {
  peer.network.last.say('left');
  peer.network.last.close();
};

/** The broker kicked the client that published to a wildcard at step 38: 10 s later, as step 43 arrives, it is back. */
const returned = (peer: ReplayPeer): void => peer.wait(7950);
const mqttScript: Script = {
  43: returned,
  45: (peer) => peer.broker.publish('w/x', 'from broker'),
  54: (peer) => peer.broker.stop(),
  57: (peer) => {
    peer.broker.start();
    peer.wait(10_000);
  },
};

/** The third access point was not heard in some scans. */
const fewer = (peer: ReplayPeer): void => peer.world.setAccessPoints(peer.world.accessPoints.filter(({ ssid }) => ssid !== 'PICSimLabWifi'));
/** The radio of one scan put the second network first. */
const swapped = (peer: ReplayPeer): void =>
  peer.world.setAccessPoints(peer.world.accessPoints.map((point) => (point.ssid === 'Espressif' ? { ...point, rssi: -15 } : point)));
const unswapped = (peer: ReplayPeer): void =>
  peer.world.setAccessPoints(peer.world.accessPoints.map((point) => (point.ssid === 'Espressif' ? { ...point, rssi: -25 } : point)));

const passiveReads: Script = { 6: say('passive-data'), 7: say('more'), 14: say('x\r\ny'), 22: leftAndClosed };

const page = [
  'HTTP/1.1 200 OK', 'Server: BaseHTTP/0.6 Python/3.11.7', 'Date: Sat, 21 Nov 2026 06:38:57 GMT', 'Content-Type: text/plain', 'Content-Length: 20', '', 'hello world', 'line2', '',
].join('\r\n');

export const sessions: readonly Session[] = [
  { name: 'A v2.0', firmware: '2.0.0', files: [{ file: 'v2000-A-basic' }, { file: 'v2000-A-queries', script: { 185: swapped, 186: unswapped } }] },
  { name: 'A v4.1', firmware: '4.1.0', files: [{ file: 'v41dev-A-basic' }, { file: 'v41dev-A-queries', script: { 183: fewer } }] },
  {
    name: 'B v4.1', firmware: '4.1.0',
    files: [
      {
        file: 'v41dev-B1-wifi-tcp-single',
        script: {
          1: fewer, 63: hello, 64: binary, 65: say('M'.repeat(4000)), 68: hello, 72: hello, 74: hello, 76: hello, 78: hello, 80: hello, 82: hello, 95: close,
          129: device, 141: late, 149: device, 157: late, 165: device, 173: late, 181: device, 189: late, 197: close,
        },
      },
      {
        file: 'v41dev-B2-mux-passive-server-udp',
        script: {
          3: (peer) => peer.network.sockets.splice(0),
          18: (peer) => {
            sayTo(2, 'two')(peer);
            peer.wait(3);
            sayTo(0, 'one')(peer);
          },
          20: close, 27: say('passive-data'), 28: say('more'), 38: leftAndClosed, 45: say('passive-data'), 52: say('Q'.repeat(9000)),
          65: client, 66: say('hi server'), 69: client, 73: idle, 75: client,
        },
      },
    ],
  },
  {
    name: 'C1 C2 v4.1', firmware: '4.1.0',
    files: [{ file: 'v41dev-C1-mqtt', script: mqttScript }, { file: 'v41dev-C2-http' }],
  },
  {
    name: 'C3 v4.1', firmware: '4.1.0', prelude: ['AT+SYSLOG=1', 'AT+CWMODE=1', 'AT+CWJAP="Espressif",""'], time: 1_700_000_000,
    echo: (data, port) => (port === 21280 ? (data.startsWith('GET') ? page : '') : data),
    files: [{ file: 'v41dev-C3-tls-sntp-savetrans' }],
  },
  {
    name: 'D v2.0', firmware: '2.0.0',
    files: [{ file: 'v2000-D-passive-single-misc', script: { ...passiveReads, 16: say('Q'.repeat(300)), 35: close } }],
  },
  {
    name: 'D v4.1', firmware: '4.1.0',
    files: [{ file: 'v41dev-D-passive-single-misc', script: { ...passiveReads, 16: say('Q'.repeat(9000)), 50: close } }],
  },
  {
    name: 'E v2.0', firmware: '2.0.0',
    files: [{ file: 'v2000-E-softap', script: { 1: (peer) => peer.world.visit({ mac: '10:01:00:c4:0a:56', ip: null }) } }],
  },
  { name: 'E v4.1', firmware: '4.1.0', files: [{ file: 'v41dev-E-softap' }] },
  { name: 'F v4.1', firmware: '4.1.0', files: [{ file: 'v41dev-F-misc' }] },
  {
    name: 'G1 v2.0', firmware: '2.0.0',
    files: [{
      file: 'v2000-G1-active-rx-sysmsg',
      script: { 5: hello, 6: binary, 7: say('M'.repeat(300)), 9: hello, 12: hello, 14: hello, 16: hello, 18: hello, 20: hello, 22: hello, 25: close },
    }],
  },
  {
    name: 'G2 v2.0', firmware: '2.0.0',
    files: [{
      file: 'v2000-G2-passthrough',
      script: { 9: device, 16: late, 24: device, 31: late, 39: device, 46: late, 54: device, 61: late, 68: close },
    }],
  },
  {
    name: 'G3 v2.0', firmware: '2.0.0',
    files: [{
      file: 'v2000-G3-mux-server-udp-savetrans',
      script: { 16: sayTo(0, 'hello'), 23: (peer) => peer.network.sockets[1]?.close(), 29: client, 30: say('hi'), 34: idle },
    }],
  },
];
