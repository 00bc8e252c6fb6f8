import type { Command } from '../command/index.js';

const isCommand = (value: unknown): value is Command => typeof value === 'object' && value !== null && 'form' in value && 'phase' in value;

/** The declarations among a module's exports. */
export const declaredIn = (group: Readonly<Record<string, unknown>>): readonly Command[] => Object.values(group).filter(isCommand);
