import { catchError, map, of, type Observable } from 'rxjs';
import { error, ok, type Outcome, type Sink } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import type { NetworkEndpoint } from '../network/network.js';
import type { Link } from '../tcpip/link.js';
import { Passthrough } from '../tcpip/passthrough.js';
import { sendLong } from '../tcpip/sendLong.js';
import { sendExact, sendUntilNul } from '../tcpip/sendPhase.js';
import { counted, demand, showNumbers } from './shared.js';

interface Target { readonly link: Link; readonly length: number; readonly to: NetworkEndpoint | undefined }

/** Reads `[id,]length[,"host",port]` and finds the link. */
const target = (call: Call, limit: number): Target => {
  const { args, device } = call;
  const mux = device.get('mux') === 1;
  const from = mux ? 1 : 0;
  counted(call, 1, from + 3);
  // A missing length, or an id in CIPMUX=0, is refused without a code.
  demand(args.count === from + 1 || args.count === from + 3, call);
  const id = mux ? args.int(0, { min: 0, max: 4 }) : 0;
  const link = device.tcpIp.link(id);
  const hangs = device.profile.style.sendZeroHangs && link !== undefined && !link.type.startsWith('UDP');
  const length = args.int(from, { min: hangs ? -0x80000000 : 1, max: limit });
  const to = args.count > from + 1 ? { address: args.text(from + 1, { min: 1, max: 64 }), port: args.int(from + 2, { min: 0, max: 65535 }) } : undefined;
  if (link === undefined) device.log('link is not valid\r');
  demand(link !== undefined && device.get('mode') === 0 && (to === undefined || link.type.startsWith('UDP')), call);
  // 2.0 prompts for a length below one and then takes everything for ever.
  return { link: link as Link, length: length < 1 ? Infinity : length, to };
};

type Phase = (device: Call['device'], link: Link, length: number, to: NetworkEndpoint | undefined) => { sink: Sink; result: Observable<Outcome> };

const send = (phase: Phase, limit?: number): Handler => (call) => {
  const { device } = call;
  const { link, length, to } = target(call, limit ?? device.profile.limits.send);
  const prompt = (resolved: NetworkEndpoint | undefined): Outcome => ({ kind: 'prompt', ...phase(device, link, length, resolved) });
  if (to === undefined) return prompt(undefined);
  return device.tcpIp.dialler.addressOf(to.address, link.type.endsWith('v6') ? 6 : 4).pipe(
    map((address) => prompt({ address, port: to.port })),
    catchError(() => of(error())),
  );
};

/** AT+CIPSEND alone: passthrough on the single link. */
const enter: Handler = (call) => {
  const { device } = call;
  const link = device.tcpIp.link(0);
  // From 2.3 on a server that takes one client can be passed through too.
  const lone = device.get('mux') === 0 || (device.profile.release >= 23 && device.get('maxClients') === 1 && link?.server === true);
  const clear = device.profile.style.sslThrough || link?.type.startsWith('SSL') !== true;
  demand(lone && clear && device.get('mode') === 1 && link !== undefined, call);
  const open = link as Link;
  const { address: host, port } = open.channel.remote;
  const request = { id: 0, type: open.type, host, port, localPort: open.type.startsWith('UDP') ? open.channel.localPort : undefined, peerMode: 0, server: open.server };
  return device.passthrough((left) => new Passthrough(device, device.tcpIp, request, undefined, device.reachable, left));
};

export const sending: readonly Row[] = [
  { name: '+CIPSEND', group: 'tcpip', test: { until: 20, run: () => ok() }, set: send(sendExact), execute: enter },
  { name: '+CIPSENDEX', group: 'tcpip', set: send(sendUntilNul) },
  { name: '+CIPSENDL', group: 'tcpip', since: 24, set: send(sendLong, 0x7fffffff) },
  {
    name: '+CIPSENDLCFG', group: 'tcpip', since: 24,
    query: showNumbers('sendReport'),
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, 2);
      const [report, packet] = device.get('sendReport');
      device.set('sendReport', [args.maybeInt(0, report, { min: 100, max: 1_048_576 }), args.maybeInt(1, packet, { min: 100, max: 2920 })]);
      return ok();
    },
  },
];
