import { type Observable, timer } from 'rxjs';
import { type AtModule, listen, tcp, tls, transparent, transparentServer, udp } from '../../lib/index.js';
import { play } from './world.js';

const peer = { host: '10.0.0.7', port: 7 };
const factories: Readonly<Record<string, (module: AtModule, queueLimit: number) => Observable<unknown>>> = {
  tcp: (module, queueLimit) => tcp(module, { ...peer, queueLimit }),
  tls: (module, queueLimit) => tls(module, { ...peer, verify: 'none', queueLimit }),
  udp: (module, queueLimit) => udp(module, { ...peer, queueLimit }),
  listen: (module, queueLimit) => listen(module, { queueLimit }),
  transparent: (module, queueLimit) => transparent(module, { ...peer, queueLimit }),
  transparentServer: (module, queueLimit) => transparentServer(module, { queueLimit }),
};

describe.each(Object.entries(factories))('queueLimit of %s', (_name, factory) => {
  it.each([0, -1, 1.5, NaN])('%d is a usage error before a byte is sent', (queueLimit) => {
    let before: number | undefined;
    const { world, log, sent, life } = play((module) => {
      before = sent.length;
      return factory(module, queueLimit);
    });
    world.run(5000);
    life.unsubscribe();
    expect([log, before]).toEqual([['usage/queueLimit'], expect.any(Number)]);
    expect(sent.slice(before)).toEqual([]);
  });

  it.each([1, Infinity])('%d is none', (queueLimit) => {
    const { world, log, life } = play((module) => {
      timer(4000, world.scheduler).subscribe(() => life.unsubscribe());
      return factory(module, queueLimit);
    });
    world.run(5000);
    expect(log).not.toContain('usage/queueLimit');
  });
});
