import { of } from 'rxjs';
import { error, ok } from '../outcome.js';
import type { Handler, Row } from '../device.js';
import { sectorSize } from '../applications/partitions.js';
import { textOf } from '../format.js';
import { collect } from '../tcpip/collect.js';
import { counted, demand } from './shared.js';

/** What fits the heap at once. */
const heap = 100_000;

const flashOperation: Handler = (call) => {
  const { args, device, name, print } = call;
  const { partitions } = device.applications;
  counted(call, 2, 4);
  const operation = args.int(0, { min: 0, max: 2 });
  const label = args.text(1);
  const size = partitions.size(label) ?? -1;
  demand(size >= 0, call);
  if (operation === 0 && args.count === 2) {
    partitions.erase(label, 0, size);
    return ok();
  }
  const offset = args.int(2, { min: 0, max: size });
  const length = args.int(3, { min: 1, max: size - offset });
  if (operation === 0) {
    demand(offset % sectorSize === 0 && length % sectorSize === 0, call);
    partitions.erase(label, offset, length);
    return ok();
  }
  demand(length <= heap, call);
  if (operation === 2) {
    print(`${name}:${length},${partitions.read(label, offset, length)}`);
    return ok();
  }
  const phase = collect(device, length, (bytes) => {
    partitions.write(label, offset, textOf(bytes));
    return of(ok());
  });
  return { kind: 'prompt', bare: true, ...phase };
};

const fileOperation: Handler = (call) => {
  const { args, device, name, print } = call;
  const { files } = device.applications;
  counted(call, 3, 5);
  args.int(0, { min: 0, max: 0 });
  const operation = args.int(1, { min: 0, max: 4 });
  const file = args.text(2, { min: 1 });
  if (operation === 4) {
    demand(file === '.' || file === '/', call);
    print(`${name}:${files.names.map((other) => `${other} `).join('')}\r\n`);
    return ok();
  }
  if (operation === 0) {
    demand(files.remove(file), call);
    return ok();
  }
  if (operation === 1) {
    const offset = args.int(3, { min: 0 });
    const length = args.int(4, { min: 1, max: heap });
    demand(files.create(file), call);
    // A full disk shows only when the data is written.
    const phase = collect(device, length, (bytes) => of(files.write(file, offset, textOf(bytes)) ? ok() : error()));
    return { kind: 'prompt', bare: true, ...phase };
  }
  const whole = files.read(file);
  if (whole === undefined) return error();
  if (operation === 3) print(`${name}:${whole.length}\r\n`);
  else {
    const offset = args.int(3, { min: 0 });
    const data = whole.slice(offset, offset + args.int(4, { min: 1, max: heap }));
    print(`${name}:${data.length},${data}`);
  }
  return ok();
};

export const flash: readonly Row[] = [
  {
    name: '+SYSFLASH', group: 'basic',
    query: ({ device, name, print }) => {
      for (const [label, type, subtype, address, size] of device.profile.partitions) {
        print(`${name}:"${label}",${type},${subtype},0x${address.toString(16)},0x${size.toString(16)}\r\n`);
      }
      return ok();
    },
    set: flashOperation,
  },
  { name: '+FS', group: 'fs', set: fileOperation },
  {
    name: '+FSMOUNT', group: 'fs', since: 32,
    set: (call) => {
      counted(call, 1, 1);
      call.args.int(0, { min: 0, max: 1 });
      return ok();
    },
  },
];
