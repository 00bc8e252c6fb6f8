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

/** True when the documents describe the event where they describe the command, or the command's declaration names it. */
export const belongs = (event: EventDeclaration, commands: readonly Command[]): boolean =>
  commands.some((declared) => {
    if (declared.events?.includes(event.name) === true) return true;
    const places = references(declared.source).filter(particular);
    return references(event.source).some((place) => places.includes(place) || place.endsWith(` ${declared.name}`));
  });
