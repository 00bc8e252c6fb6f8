import type { Command } from '../command/command.js';
import type { EventDeclaration } from '../command/event.js';

/** The single places a `source` names: `document 000 §4.19, §4.22; document 002 +IPD` are three. */
export const references = (source: string): readonly string[] =>
  source.split(';').flatMap((citation) => {
    const [, work = '', places = ''] = /^\s*(document \d+|\S+)\s*(.*)$/.exec(citation) ?? [];
    return places.split(',').map((place) => `${work} ${place.trim()}`);
  });

/** A whole chapter describes everything in it, and so nothing in particular. */
const particular = (reference: string): boolean => /^document \d+ (?:§\d+\.|\D)/.test(reference) && !reference.endsWith('§');

/**
 * True when a declaration of the command names the event. Of an event that no command names, when the documents describe it where they
 * describe this command.
 */
export const belongs = (event: EventDeclaration, commands: readonly Command[], named: ReadonlySet<string>): boolean =>
  commands.some((declared) => {
    if (named.has(event.name)) return declared.events?.includes(event.name) === true;
    const places = references(declared.source).filter(particular);
    return references(event.source).some((place) => places.includes(place) || place.endsWith(` ${declared.name}`));
  });
