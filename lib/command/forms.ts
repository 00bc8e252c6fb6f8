import type { Fields, Spec, Values } from '../codec/fields.js';
import { command, type Command, type CommandInit } from './command.js';
import type { Response } from './response.js';

/** What a declaration says about itself. */
export interface About {
  readonly doc: string;
  readonly source: string;
  readonly esp32Only?: boolean;
  readonly timeout?: number;
  readonly events?: readonly string[];
}

/** A query: no parameters, may be repeated, emits the answer's value once. */
export const query = <A>(name: string, response: Response<A>, about: About): Command<Values<Record<never, never>>, A, 'single'> =>
  command<Record<never, never>, A, 'single'>({ name, form: 'query', response, repeatable: true, ...about });

/** A plain set command that may be repeated: it says what shall hold. Emits nothing but its success. */
export const setting = <const P extends Spec>(
  name: string,
  params: Fields<P>,
  about: About & Pick<CommandInit<P, undefined, 'single'>, 'effect' | 'kind'>,
): Command<Values<P>, undefined, 'single'> => command<P, undefined, 'single'>({ name, form: 'set', params, repeatable: true, ...about });

/** A plain set command that does something, so that it is not repeated unasked. Emits nothing but its success. */
export const action = <const P extends Spec>(
  name: string,
  params: Fields<P>,
  about: About & Pick<CommandInit<P, undefined, 'single'>, 'effect' | 'kind'>,
): Command<Values<P>, undefined, 'single'> => command<P, undefined, 'single'>({ name, form: 'set', params, ...about });
