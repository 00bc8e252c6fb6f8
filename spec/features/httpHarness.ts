import { VirtualTimeScheduler } from 'rxjs';
import { type AtError, commands, http, type HttpChunk, type HttpRequest } from '../../lib/index.js';
import type { EmulatorConfig, WebHandler, WebRequest } from '../../transports/emulator/index.js';
import { inMemoryWeb } from '../../transports/emulator/index.js';
import { joinedModule, type JoinedModule, observed } from '../support/joinedModule.js';
import { seeded, type VirtualModuleConfig } from '../support/virtualModule.js';

export type Firmware = '2.1.0' | '4.1.0';
export interface Beside {
  readonly world: JoinedModule;
  readonly asked: WebRequest[];
  /** Breaches of the protocol and what the host could not read. */
  readonly problems: string[];
}

/** A joined module beside a web server that writes down what it was asked. */
export const beside = (firmware: Firmware, handler: WebHandler, { emulator, ...more }: VirtualModuleConfig = {}): Beside => {
  const asked: WebRequest[] = [];
  const problems: string[] = [];
  const listen: WebHandler = (request) => {
    asked.push(request);
    return handler(request);
  };
  // The server's clock is the module's, which comes later.
  const clock = new VirtualTimeScheduler(undefined, Infinity);
  const servers = { 'h:80': listen, 's:443': listen };
  let scheduler: VirtualTimeScheduler = clock;
  const web: NonNullable<EmulatorConfig['http']> = { request: (request) => inMemoryWeb({ scheduler, servers }).request(request) };
  const world = joinedModule({ ...more, emulator: { dialect: firmware === '2.1.0' ? 'v2' : 'v4', firmware, http: web, ...emulator } });
  scheduler = world.scheduler;
  world.module.violations.subscribe(({ kind }) => problems.push(kind));
  world.at.diagnostics.subscribe(({ kind, text }) => problems.push(`${kind} ${text}`));
  return { world, asked, problems };
};

export const bytesOf = (chunks: readonly HttpChunk[]): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));
/** Seeded bytes. */
export const random = (length: number, seed = 1): Uint8Array => {
  const next = seeded(seed);
  return Uint8Array.from({ length }, () => Math.floor(next() * 256));
};
/** Bytes that look like the protocol. */
export const awkward = (length: number): Uint8Array => {
  const bytes = random(length);
  bytes.set(Buffer.from('\0\r\n>\r\nOK\r\n+HTTPCLIENT:4,', 'latin1'), 10);
  return bytes;
};
/** A request, and 20 s for it. */
export const done = ({ world }: Beside, request: HttpRequest) => {
  const heard = observed(http.request(world.at, request));
  world.run(20_000);
  return heard;
};
/** Kind, code, retry, status and received bytes of an error. */
export const errorOf = ({ error }: { readonly error: unknown }): readonly unknown[] => {
  const { kind, code, retry, details } = error as AtError;
  return [kind, code, retry, details['status'], details['received']];
};
export const header = (asked: readonly WebRequest[], wanted: string, at = 0): string | undefined => asked[at]?.headers.find(([name]) => name === wanted)?.[1];
/** The line answers, and nothing was broken on the way. */
export const inSync = ({ world, problems }: Beside): void => {
  const probe = observed(world.at.exec(commands.basic.probe));
  world.run(5000);
  expect([probe.completed, problems]).toEqual([true, []]);
};

