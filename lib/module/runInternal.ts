import type { Observable } from 'rxjs';
import type { Command } from '../command/command.js';
import type { Exchange } from '../exchange/exchange.js';
import { execute } from './execute.js';

/** A command of the prologue or of recovery: it runs while users' commands wait. `strict`: only its own answer lines make OK count. */
export const runInternal = <A>(exchange: Exchange, command: Command<unknown, A>, params: Readonly<Record<string, unknown>> = {}, strict = false): Observable<A> =>
  execute(exchange, command, params, { internal: true, lane: 'prologue', strict }) as Observable<A>;
