import { merge, Observable, type Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { ofEvent } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import { createReader, type QueueOptions, type Reader } from '../mailbox/reader.js';
import type { AtModule } from '../module/atModule.js';
import type { PeerLife } from './peerLife.js';

type Kind = 'notify' | 'indicate';

/** Where the values come from, and the descriptor that asks for them. */
export interface ValuePlace {
  readonly service: number;
  readonly characteristic: number;
  readonly uuid: string;
  /** Index of the descriptor 2902. */
  readonly configuration: number | undefined;
}

/** Values of one connection that come unasked. */
export interface ValueTable {
  values(place: ValuePlace, kind: Kind, options: QueueOptions): Observable<Uint8Array>;
}

interface Entry {
  readonly place: ValuePlace & { readonly configuration: number };
  readonly readers: Readonly<Record<Kind, Set<Reader<Uint8Array>>>>;
  /** Bits of the descriptor as the peer has it. */
  inForce: number;
  writing: boolean;
}

const kinds: readonly Kind[] = ['notify', 'indicate'];
const bits: Readonly<Record<Kind, number>> = { notify: 1, indicate: 2 };

const keyOf = ({ service, characteristic }: Pick<ValuePlace, 'service' | 'characteristic'>): string => `${String(service)}.${String(characteristic)}`;

export const createValueTable = (module: AtModule, connection: number, life: PeerLife): ValueTable => {
  const entries = new Map<string, Entry>();
  let listening: Subscription | undefined;

  const listen = (): void => {
    const heard = merge(module.events.pipe(ofEvent(events.bleNotify)), module.events.pipe(ofEvent(events.bleIndicate)));
    listening ??= life.guard(heard).subscribe({
      next: ({ name, fields, payload }) => {
        if (fields.connection !== connection) return;
        const readers = entries.get(keyOf(fields))?.readers[name === events.bleNotify.name ? 'notify' : 'indicate'];
        if (readers === undefined) return;
        const value = payload ?? new Uint8Array();
        for (const reader of [...readers]) if (!reader.subscriber.closed) reader.take(value);
      },
      // Every reader is told by itself.
      error: () => undefined,
    });
  };

  /** Brings the descriptor to what the readers want, one writing at a time. */
  const settle = (entry: Entry): void => {
    const { place, readers, inForce } = entry;
    const wanted = kinds.reduce((sum, kind) => sum | (readers[kind].size > 0 ? bits[kind] : 0), 0);
    if (entry.writing || wanted === inForce || life.failure !== undefined) return;
    const { service, characteristic, configuration: descriptor } = place;
    const written = (error?: unknown): void => {
      entry.writing = false;
      const more = error === undefined ? 0 : wanted & ~inForce;
      // What could not be switched off stays so; nobody hears it.
      if (more === 0) entry.inForce = wanted;
      for (const kind of kinds) if ((more & bits[kind]) !== 0) for (const { subscriber } of [...readers[kind]]) subscriber.error(error);
      settle(entry);
    };
    entry.writing = true;
    life
      .guard(module.exec(ble.write, { connection, service, characteristic, descriptor, length: 2 }, { data: Uint8Array.of(wanted, 0) }))
      .subscribe({ error: written, complete: () => written() });
  };

  const entryOf = (place: Entry['place']): Entry => {
    const key = keyOf(place);
    const entry = entries.get(key) ?? { place, readers: { notify: new Set(), indicate: new Set() }, inForce: 0, writing: false };
    entries.set(key, entry);
    return entry;
  };

  return {
    values: (place, kind, options) =>
      life.guard(
        new Observable<Uint8Array>((subscriber) => {
          const { configuration, uuid } = place;
          if (configuration === undefined) return subscriber.error(new AtError({ kind: 'unsupported', code: 'cccd', message: `characteristic ${uuid} has no descriptor 2902`, details: { uuid } }));
          const wrong = checkNumber('queueLimit', options.queueLimit, 0);
          if (wrong !== undefined) return subscriber.error(wrong);
          const entry = entryOf({ ...place, configuration });
          const reader = createReader(`values of ${uuid}`, options, subscriber, { uuid });
          // Values can come before the OK of the writing.
          listen();
          entry.readers[kind].add(reader);
          subscriber.add(() => {
            entry.readers[kind].delete(reader);
            settle(entry);
          });
          subscriber.add(reader.start());
          settle(entry);
          return undefined;
        }),
      ),
  };
};
