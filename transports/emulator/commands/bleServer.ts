import { map, of, type Observable } from 'rxjs';
import type { BlePeer } from '../ble/peer.js';
import { unanswered } from '../ble/unanswered.js';
import type { Call, Handler, Row } from '../device.js';
import { textOf } from '../format.js';
import { error, ok, type Outcome } from '../outcome.js';
import { collect } from '../tcpip/collect.js';
import { Refusal } from '../refusal.js';
import { linkAt, placeAt, started } from './bleShared.js';
import { counted, demand } from './shared.js';

/** AT+BLEGATTSNTFY and AT+BLEGATTSIND. */
const telling = (indicated: boolean): Handler => (call: Call): Outcome => {
  const { args, device } = call;
  counted(call, 4, 4);
  const bluetooth = started(call, 2);
  const link = linkAt(call, bluetooth);
  const place = placeAt(call, 1, false);
  const length = args.int(3, { min: 1, max: 512 });
  const found = bluetooth.server.find(place.service, place.characteristic);
  demand(found !== undefined && bluetooth.server.wanted(link, found, indicated), call);
  const { sink, result } = collect(device, length, (bytes) => {
    const seen = { ...place, service: place.service + 2 };
    // A packet of the ATT protocol holds three bytes less than the MTU.
    const value = textOf(bytes).slice(0, link.mtu - 3);
    const tell = (peer: BlePeer): true => {
      peer.told(link, seen, value, indicated);
      return true;
    };
    const told: Observable<boolean | undefined> = indicated ? link.ask(bluetooth, value.length, 1, tell) : unanswered(device, bluetooth, link, value.length, tell);
    return told.pipe(map((arrived) => (arrived ? ok() : error())));
  });
  return { kind: 'prompt', bare: true, sink, result };
};

const start = (call: Call, indices: readonly number[], on: boolean): Outcome => {
  const { services } = started(call, 2).server;
  demand(services.length > 0, call);
  for (const index of indices) {
    const found = services[index - 1];
    if (!found) throw new Refusal();
    found.started = on;
  }
  return ok();
};

const startAll = (on: boolean): Handler => (call) => start(call, started(call, 2).server.services.map((_, index) => index + 1), on);
const startOne = (on: boolean): Handler => (call) => {
  counted(call, 1, 1);
  return start(call, [call.args.int(0, { min: 1 })], on);
};

export const bleServer: readonly Row[] = [
  {
    name: '+BLEGATTSSRVCRE', group: 'ble',
    execute: (call) => {
      const bluetooth = started(call, 2);
      // Document 000 §5.16: with a connection it fails.
      demand(bluetooth.links.all.length === 0, call);
      bluetooth.server.create();
      return ok();
    },
  },
  { name: '+BLEGATTSSRVSTART', group: 'ble', set: startOne(true), execute: startAll(true) },
  { name: '+BLEGATTSSRVSTOP', group: 'ble', since: 22, set: startOne(false), execute: startAll(false) },
  {
    name: '+BLEGATTSSRV', group: 'ble',
    query: (call) => {
      for (const [at, { started: on, uuid, primary }] of started(call, 2).server.services.entries()) {
        call.print(`${call.name}:${at + 1},${on ? 1 : 0},0x${uuid},${primary ? 1 : 0}\r\n`);
      }
      return ok();
    },
  },
  {
    name: '+BLEGATTSCHAR', group: 'ble',
    query: (call) => {
      const { name, print } = call;
      for (const [service, { characteristics }] of started(call, 2).server.services.entries()) {
        for (const [at, { uuid, properties, descriptors }] of characteristics.entries()) {
          print(`${name}:"char",${service + 1},${at + 1},0x${uuid},0x${properties.toString(16).padStart(2, '0')}\r\n`);
          for (const [below, descriptor] of descriptors.entries()) print(`${name}:"desc",${service + 1},${at + 1},${below + 1},0x${descriptor.uuid}\r\n`);
        }
      }
      return ok();
    },
  },
  { name: '+BLEGATTSNTFY', group: 'ble', set: telling(false) },
  { name: '+BLEGATTSIND', group: 'ble', set: telling(true) },
  {
    name: '+BLEGATTSSETATTR', group: 'ble',
    set: (call) => {
      counted(call, 3, 4);
      const bluetooth = started(call, 2);
      const { service, characteristic, descriptor } = placeAt(call, 0, call.args.count === 4);
      const length = call.args.int(call.args.count - 1, { min: 1, max: 512 });
      const found = bluetooth.server.find(service, characteristic);
      const target = descriptor === undefined ? found : found?.descriptors[descriptor - 1];
      if (target === undefined) throw new Refusal();
      const { sink, result } = collect(call.device, length, (bytes) => {
        target.value = textOf(bytes);
        return of(ok());
      });
      return { kind: 'prompt', bare: true, sink, result };
    },
  },
];
