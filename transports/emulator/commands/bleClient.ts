import { map } from 'rxjs';
import type { Bluetooth } from '../ble/bluetooth.js';
import type { BleLink, BlePeer, Service } from '../ble/peer.js';
import { unanswered } from '../ble/unanswered.js';
import { property } from '../ble/attributes.js';
import type { Call, Row } from '../device.js';
import { textOf } from '../format.js';
import { error, ok, type Outcome } from '../outcome.js';
import { Refusal } from '../refusal.js';
import { collect } from '../tcpip/collect.js';
import { linkAt, placeAt, started } from './bleShared.js';
import { counted } from './shared.js';

/** A service that AT+BLEGATTCPRIMSRV has found. */
const foundService = (bluetooth: Bluetooth, link: BleLink, index: number): Service => {
  const found = bluetooth.links.discovery(link).services?.[index - 1];
  if (!found) throw new Refusal();
  return found;
};

/** Connection and service of a command of two parameters. */
const serviceAt = (call: Call) => {
  counted(call, 2, 2);
  const bluetooth = started(call, 1);
  const link = linkAt(call, bluetooth);
  const index = call.args.int(1, { min: 1 });
  return { bluetooth, link, index, service: foundService(bluetooth, link, index) };
};

/** Connection, service, characteristic and descriptor of a command; refused unless AT+BLEGATTCCHAR has found them. */
const target = (call: Call, descriptor: boolean) => {
  const bluetooth = started(call, 1);
  const link = linkAt(call, bluetooth);
  const place = placeAt(call, 1, descriptor);
  const characteristic = foundService(bluetooth, link, place.service).characteristics[place.characteristic - 1];
  if (!characteristic || !bluetooth.links.discovery(link).known.has(place.service)) throw new Refusal();
  if (place.descriptor !== undefined && characteristic.descriptors[place.descriptor - 1] === undefined) throw new Refusal();
  return { bluetooth, link, place, characteristic };
};

export const bleClient: readonly Row[] = [
  {
    name: '+BLEGATTCPRIMSRV', group: 'ble',
    set: (call) => {
      const { args, name, print } = call;
      counted(call, 1, 1);
      const bluetooth = started(call, 1);
      const link = linkAt(call, bluetooth);
      return link.ask(bluetooth, 5, 60, (peer) => peer.services()).pipe(map((services) => {
        if (!services) return error();
        const discovery = bluetooth.links.discovery(link);
        discovery.services = services;
        discovery.known.clear();
        for (const [at, { uuid, primary }] of services.entries()) print(`${name}:${args.int(0)},${at + 1},0x${uuid},${primary ? 1 : 0}\r\n`);
        return ok();
      }));
    },
  },
  {
    name: '+BLEGATTCINCLSRV', group: 'ble',
    set: (call) => {
      const { args, name, print } = call;
      const { bluetooth, link, index, service: { uuid, primary, included } } = serviceAt(call);
      return link.ask(bluetooth, 5, 20, () => included).pipe(map((services) => {
        if (!services) return error();
        for (const within of services) print(`${name}:${args.int(0)},${index},0x${uuid},${primary ? 1 : 0},0x${within.uuid},${within.primary ? 1 : 0}\r\n`);
        return ok();
      }));
    },
  },
  {
    name: '+BLEGATTCCHAR', group: 'ble',
    set: (call) => {
      const { args, name, print } = call;
      const { bluetooth, link, index, service: { characteristics } } = serviceAt(call);
      return link.ask(bluetooth, 5, 100, () => characteristics).pipe(map((found) => {
        if (!found) return error();
        bluetooth.links.discovery(link).known.add(index);
        const head = `${args.int(0)},${index}`;
        for (const [at, { uuid, properties, descriptors }] of found.entries()) {
          print(`${name}:"char",${head},${at + 1},0x${uuid},0x${properties.toString(16).padStart(2, '0')}\r\n`);
          for (const [below, descriptor] of descriptors.entries()) print(`${name}:"desc",${head},${at + 1},${below + 1},0x${descriptor.uuid}\r\n`);
        }
        return ok();
      }));
    },
  },
  {
    name: '+BLEGATTCRD', group: 'ble',
    set: (call) => {
      const { args, name, print } = call;
      counted(call, 3, 4);
      const { bluetooth, link, place } = target(call, true);
      return link.ask(bluetooth, 3, 20, (peer) => peer.read(link, place)).pipe(map((value): Outcome => {
        if (value === undefined) return error();
        // Document 000 shows hex digits; the firmware prints the bytes.
        print(`${name}:${args.int(0)},${value.length},${value}\r\n`);
        return ok();
      }));
    },
  },
  {
    name: '+BLEGATTCWR', group: 'ble',
    set: (call) => {
      const { args, device } = call;
      counted(call, 4, 5);
      const { bluetooth, link, place, characteristic } = target(call, args.count === 5);
      const length = args.int(args.count - 1, { min: 1, max: 512 });
      const writable = (characteristic.properties & (property.write | property.writeWithoutResponse)) !== 0;
      if (place.descriptor === undefined && !writable) throw new Refusal();
      // The property decides, since no parameter does: a peer acknowledges what it can.
      const silent = place.descriptor === undefined && (characteristic.properties & property.write) === 0;
      const { sink, result } = collect(device, length, (bytes) => {
        const write = (peer: BlePeer): boolean => peer.write(link, place, textOf(bytes));
        const sent = silent ? unanswered(device, bluetooth, link, bytes.length, write) : link.ask(bluetooth, bytes.length, 1, write);
        return sent.pipe(map((written) => (written ? ok() : error())));
      });
      return { kind: 'prompt', bare: true, sink, result };
    },
  },
];
