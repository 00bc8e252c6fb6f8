import { ok } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import type { SslSettings } from '../settings.js';
import { counted, demand } from './shared.js';

const mux = ({ device }: Call): boolean => device.get('mux') === 1;

/** Changes one link's settings, or all with id 5. `read` gets the index of its first parameter. */
const change = (most: number, read: (call: Call, from: number, old: SslSettings) => SslSettings): Handler => (call) => {
  const from = mux(call) ? 1 : 0;
  counted(call, from + 1, from + most);
  const id = mux(call) ? call.args.int(0, { min: 0, max: 5 }) : 0;
  const { device } = call;
  device.set('ssl', device.get('ssl').map((old, index) => (id === 5 || id === index ? read(call, from, old) : old)));
  return ok();
};

/** One line per link that has something to show, strings without quotes (`%s` in every release); only link 0 in CIPMUX=0. */
const show = (line: (ssl: SslSettings) => string | undefined, every: (call: Call) => boolean = mux): Handler => (call) => {
  const { device, name, print } = call;
  const shown = every(call) ? device.get('ssl') : device.get('ssl').slice(0, 1);
  shown.forEach((ssl, id) => {
    const values = line(ssl);
    if (values !== undefined) print(`${name}:${id},${values}\r\n`);
  });
  return ok();
};

const fromHex = (text: string): string => (text.match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16))).join('');
const toHex = (text: string): string => [...text].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');

export const ssl: readonly Row[] = [
  {
    name: '+CIPSSLCCONF', group: 'tcpip',
    // 2.0 shows five lines in CIPMUX=0 too.
    query: show(({ authMode, pki, ca }) => `${authMode},${pki},${ca}`, (call) => mux(call) || call.device.profile.release < 22),
    set: change(3, ({ args }, from, old) => {
      const authMode = args.int(from, { min: 0, max: 3 }) as 0 | 1 | 2 | 3;
      return { ...old, authMode, pki: args.maybeInt(from + 1, 0, { min: 0, max: 1 }), ca: args.maybeInt(from + 2, 0, { min: 0, max: 1 }) };
    }),
  },
  {
    name: '+CIPSSLCCN', group: 'tcpip', since: 21,
    query: show(({ commonName }) => (commonName || undefined)),
    set: change(1, ({ args }, from, old) => ({ ...old, commonName: args.text(from, { max: 64 }) })),
  },
  {
    name: '+CIPSSLCSNI', group: 'tcpip', since: 21,
    query: show(({ serverName }) => (serverName || undefined)),
    set: change(1, ({ args }, from, old) => ({ ...old, serverName: args.text(from, { max: 64 }) })),
  },
  {
    name: '+CIPSSLCALPN', group: 'tcpip', since: 21,
    query: show(({ alpn }) => (alpn.length > 0 ? alpn.join(',') : undefined)),
    set: change(6, (call, from, old) => {
      const count = call.args.int(from, { min: 0, max: 5 });
      demand(call.args.count === from + 1 + count, call);
      return { ...old, alpn: Array.from({ length: count }, (_, index) => call.args.text(from + 1 + index, { min: 1 })) };
    }),
  },
  {
    name: '+CIPSSLCPSK', group: 'tcpip', since: 21,
    query: show(({ psk, hint }) => (psk ? `${psk},${hint}` : undefined)),
    set: change(2, ({ args }, from, old) => ({ ...old, psk: args.text(from, { max: 32 }), hint: args.text(from + 1, { max: 32 }) })),
  },
  {
    name: '+CIPSSLCPSKHEX', group: 'tcpip', since: 33,
    query: show(({ psk, hint }) => (psk ? `${toHex(psk)},${hint}` : undefined)),
    set: change(2, (call, from, old) => {
      const text = call.args.text(from, { max: 64 });
      demand(/^([0-9a-f]{2})*$/i.test(text), call);
      return { ...old, psk: fromHex(text), hint: call.args.text(from + 1, { max: 32 }) };
    }),
  },
  {
    name: '+CIPSSLCCIPHER', group: 'tcpip', since: 41,
    query: show(({ cipher }) => (cipher ? `0x${cipher.toString(16).toUpperCase().padStart(4, '0')}` : undefined)),
    set: change(1, ({ args }, from, old) => ({ ...old, cipher: args.int(from, { min: 0, max: 0xffff }) })),
  },
];
