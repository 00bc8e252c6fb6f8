import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';

/** Whoever takes what was fetched from a link. */
export type Adopt = (payload: Uint8Array) => void;

const owners = new WeakMap<AtModule, Map<LinkId, Adopt>>();

const of = (module: AtModule): Map<LinkId, Adopt> => {
  const found = owners.get(module) ?? new Map<LinkId, Adopt>();
  owners.set(module, found);
  return found;
};

/** Makes the newest connection of a link the one that gets its bytes; the function returned gives it up. */
export const own = (module: AtModule, link: LinkId, adopt: Adopt): (() => void) => {
  of(module).set(link, adopt);
  return () => {
    if (of(module).get(link) === adopt) of(module).delete(link);
  };
};

/** Bytes that a pull of an older connection brought from a link that has a newer one. */
export const inherit = (module: AtModule, link: LinkId, payload: Uint8Array): void => of(module).get(link)?.(payload);
