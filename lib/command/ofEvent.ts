import { filter, map, type OperatorFunction } from 'rxjs';
import type { AtEvent, EventDeclaration } from './event.js';

/** Picks the events of one declaration, typed: `module.events.pipe(ofEvent(events.stationGotIp))`. Neither hot nor cold by itself: sends nothing, and completes, errs and is left with its source. */
export const ofEvent = <A>(declared: EventDeclaration<A>): OperatorFunction<AtEvent, AtEvent<A>> => (source) =>
  source.pipe(
    filter((event) => event.name === declared.name),
    map((event) => event as AtEvent<A>),
  );
