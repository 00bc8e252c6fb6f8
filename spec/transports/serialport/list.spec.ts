import { readdirSync } from 'node:fs';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { list } from '../../../transports/serialport.js';

describe('list', () => {
  const path = '/dev/ttyUSB7';
  it('emits what the package finds, once, and is cold', async () => {
    const asked = jest.fn(async () => [{ path, vendorId: '10c4' }]);
    const ports = list({ binding: { list: asked, open: () => Promise.reject(new Error()) } });
    expect(asked).not.toHaveBeenCalled();
    expect(await lastValueFrom(ports.pipe(toArray()))).toEqual([[{ path, vendorId: '10c4' }]]);
  });

  it('falls back to device names where udevadm is missing', async () => {
    const failing = { list: () => Promise.reject(new Error('spawn udevadm ENOENT')), open: () => Promise.reject(new Error()) };
    const found = await firstValueFrom(list({ binding: failing }));
    const named = readdirSync('/dev').filter((name) => /^tty(USB|ACM|AMA|S)\d+$/.test(name)).map((name) => `/dev/${name}`).sort();
    expect(found.map((port) => port.path)).toEqual(named);
  });

  it('works with the real package on this machine', async () => {
    expect(Array.isArray(await firstValueFrom(list()))).toBe(true);
  });
});
