export { command, variant, commandKey, bootSettings, plainTimeout } from './command.js';
export type { AllOptional, Command, CommandInit, Emits, Form, ModuleSettings, Parameters, Phase } from './command.js';
export { event, type AtEvent, type EventDeclaration } from './event.js';
export { ofEvent } from './ofEvent.js';
export { action, query, setting, type About } from './forms.js';
export { chunks, counted, free, group, many, mapped, maybe, none, one, oneOf, raw, type Counted, type Item, type Response } from './response.js';
export type { RawLine } from './rawLine.js';
