import type { AtEvent } from '../command/event.js';

/** Link 0 to 4 (0 with AT+CIPMUX=0). */
export type LinkId = number;

/** What is known of one link from the module's messages. */
export interface LinkState {
  readonly link: LinkId;
  readonly open: boolean;
  /** Counts the connections this id has had: what was asked of an older one must not touch a newer. */
  readonly generation: number;
  /** Bytes last announced in passive receive; 0 when nothing is announced. An upper bound for TLS. */
  readonly announced: number;
  readonly type?: string;
  readonly role?: 'client' | 'server';
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly localPort?: number;
}

/** Every link that was ever seen, by id. */
export type LinkTable = ReadonlyMap<LinkId, LinkState>;

const none = (link: LinkId): LinkState => ({ link, open: false, generation: 0, announced: 0 });
const at = (table: LinkTable, link: LinkId): LinkState => table.get(link) ?? none(link);
const set = (table: LinkTable, state: LinkState): LinkTable => new Map(table).set(state.link, state);

const opened = (table: LinkTable, link: LinkId, facts: Partial<LinkState>): LinkTable =>
  set(table, { link, open: true, generation: at(table, link).generation + 1, announced: 0, ...facts });

const linkOf = (fields: Readonly<Record<string, unknown>>): LinkId => (typeof fields['link'] === 'number' ? fields['link'] : 0);

/** The link table after an event. Pure. */
export const reduceLinks = (table: LinkTable, { name, fields, payload }: AtEvent): LinkTable => {
  switch (name) {
    case 'ready':
      return new Map([...table.values()].map((state) => [state.link, { ...state, open: false, announced: 0 }]));
    case 'CONNECT':
      return opened(table, linkOf(fields), {});
    case '+LINK_CONN': {
      // 1.2 prints it for a connection that failed too, with another status than 0.
      if (Number(fields['status'] ?? 0) !== 0) return table;
      const { type, role, remoteAddress, remotePort, localPort } = fields as unknown as LinkState;
      return opened(table, linkOf(fields), { type, role, remoteAddress, remotePort, localPort } as Partial<LinkState>);
    }
    case 'CLOSED':
      return set(table, { ...at(table, linkOf(fields)), open: false });
    case '+IPD':
      return payload === undefined ? set(table, { ...at(table, linkOf(fields)), announced: Number(fields['length']) }) : table;
    default:
      return table;
  }
};
