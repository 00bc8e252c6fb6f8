import { Subscription, type SchedulerLike } from 'rxjs';
import { DelayLine } from './delayLine.js';
import { hostSocket, type HostHandler, type HostSocket } from './hostSocket.js';
import type { Medium } from './medium.js';
import type { NetworkEndpoint, NetworkSocket } from './network.js';
import type { Packet, PacketLine } from './packet.js';
import { TcpEnd } from './tcpEnd.js';

/** What the two directions of a link have in common. */
export interface LinkConditions {
  readonly scheduler: SchedulerLike;
  /** One way, in milliseconds. */
  readonly latency: number;
  readonly segment: number;
  /** Extra delay of a segment that is lost and sent again, in milliseconds; 0 for one that is not. */
  readonly retransmission: () => number;
  /** From and to the module. */
  readonly air: { readonly up: Medium; readonly down: Medium };
}

export interface LinkOptions extends LinkConditions {
  readonly module: NetworkEndpoint;
  readonly host: NetworkEndpoint;
  readonly moduleWindow: number;
  readonly moduleSendBuffer: number;
  readonly hostWindow: number;
  readonly hostSendBuffer: number;
  /** The connection is over on the module's side: its port is free again. */
  readonly gone: () => void;
}

/** A connection between the module and a host. */
export interface TcpLink {
  readonly module: NetworkSocket;
  readonly host: HostSocket;
  /** Tells the other side that the connection stands. `from` says which side speaks. */
  open(from: 'module' | 'host'): void;
  /** Lets `handler` serve the host's side, now. */
  serve(handler: HostHandler): void;
}

const packetLine = (options: LinkOptions, medium: Medium, deliver: (packet: Packet) => void): PacketLine => {
  const line = new DelayLine<Packet>(options.scheduler, deliver);
  return {
    put: (packet) => {
      if (packet.kind === 'data') line.put(packet, medium.pass(packet.bytes.length) + options.latency + options.retransmission());
      else if (packet.kind !== 'ack' || !line.merge(packet, options.latency, ({ kind }) => kind === 'ack')) line.put(packet, options.latency);
    },
    clear: () => {
      line.clear();
    },
  };
};

/** Ties two ends together over delayed lines. `opened` is called at the end that the other side's `open` reaches. */
export const tcpLink = (options: LinkOptions, opened: { readonly module: () => void; readonly host: () => void }): TcpLink => {
  const { scheduler, segment } = options;
  const served = new Subscription();
  const up = packetLine(options, options.air.up, (packet) => {
    if (packet.kind !== 'open') host.receive(packet);
    else if (!host.over) opened.host();
  });
  const down = packetLine(options, options.air.down, (packet) => {
    if (packet.kind !== 'open') module.receive(packet);
    else if (!module.over) opened.module();
  });
  const module: TcpEnd = new TcpEnd({
    scheduler, segment, line: up, window: options.moduleWindow, peerWindow: options.hostWindow,
    sendBuffer: options.moduleSendBuffer, consumes: false, gone: options.gone,
  });
  const host: TcpEnd = new TcpEnd({
    scheduler, segment, line: down, window: options.hostWindow, peerWindow: options.moduleWindow,
    sendBuffer: options.hostSendBuffer, consumes: true, gone: () => { served.unsubscribe(); },
  });
  const socket = hostSocket(host, options.host, options.module, scheduler);
  return {
    module: {
      remote: options.host,
      localPort: options.module.port,
      localAddress: options.module.address,
      incoming: module.inbox.stream,
      writable: module.writable,
      consumed: (bytes) => { module.consumed(bytes); },
      send: (bytes) => module.send(bytes),
      end: () => { module.end(); },
      destroy: () => { module.destroy(); },
    },
    host: socket,
    open: (from) => { (from === 'module' ? up : down).put({ kind: 'open' }); },
    serve: (handler) => {
      const work = handler(socket);
      if (work === undefined) return;
      served.add(work.subscribe({ error: () => { host.destroy(); }, complete: () => { host.end(); } }));
    },
  };
};
