import { concatMap, defer, EMPTY, expand, ignoreElements, mergeMap, Observable, of, takeWhile, tap, toArray } from 'rxjs';
import { AtError, type AtModule, commands, type Duplex, tcp, transparent, type TransparentConfig, transparentOnBoot, udp, version } from '../../lib/index.js';
import { fromBytes } from '../../operators/index.js';
import type { EmulatorConfig } from '../../transports/emulator/index.js';
import { echo, type HostHandler, type HostSocket, sink } from '../../transports/emulator/network/index.js';
import { joinedModule, type JoinedModule, observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';

void [concatMap, defer, EMPTY, expand, ignoreElements, mergeMap, Observable, of, takeWhile, toArray, AtError, transparentOnBoot, udp, fromBytes, seeded];

const host = '192.168.4.2';
const server: TransparentConfig = { host, port: 9000 };
const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));
const string = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

test('x', () => {
  const world = joinedModule({ emulator: { profile: '2.0.0' } as never, network: { hosts: { [host]: { tcp: { 9000: echo() } } } } });
  const violations: unknown[] = [];
  world.module.violations.subscribe((v) => violations.push(v));
  let d: Duplex | undefined;
  const seen = observed(transparent(world.at, server).pipe(tap((x) => { d = x; })));
  world.run(1000);
  const sent = observed(d!.send(text('hello')));
  const got = observed(d!.read());
  world.run(1000);
  console.log(world.sent, seen, sent, got.values.map(string));
  seen.leave();
  const t = observed(tcp(world.at, { host, port: 9000 }));
  world.run(5000);
  console.log(world.trace, t, violations);
});
