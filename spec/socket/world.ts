import { mergeMap, type Observable } from 'rxjs';
import { AtError, type AtModule } from '../../lib/index.js';
import type { InMemoryNetworkConfig } from '../../transports/emulator/network/index.js';
import { virtualModule, type VirtualModule, type VirtualModuleConfig } from '../support/virtualModule.js';

export const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));
export const string = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Numbers that show a lost, doubled or moved byte. */
export const pattern = (length: number, offset = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (Math.imul(index + offset, 2654435761) >>> 13) & 255);

/** An error in a word: `kind/code`. */
export const named = (error: unknown): string => (error instanceof AtError ? `${error.kind}/${error.code}` : String(error));

export interface Play {
  readonly world: VirtualModule;
  /** What `use` emitted and logged. */
  readonly log: string[];
  /** Lines to the module. */
  readonly sent: string[];
  readonly life: { unsubscribe(): void };
}

/** Joins and lets `use` play with the module; what it emits, errors and its end are logged. */
export const play = (use: (module: AtModule, log: string[], world: VirtualModule) => Observable<unknown>, config: Omit<VirtualModuleConfig, 'network'> & { readonly network?: InMemoryNetworkConfig } = {}): Play => {
  const log: string[] = [];
  const sent: string[] = [];
  const world = virtualModule({ ...config, module: { ...config.module, trace: { next: ({ dir, text: line }) => dir === 'tx' && sent.push(line) } } });
  const life = world.joined
    .pipe(mergeMap((module) => use(module, log, world)))
    .subscribe({ next: (value) => log.push(String(value)), error: (error: unknown) => log.push(named(error)), complete: () => log.push('complete') });
  return { world, log, sent, life };
};
