import { Secret } from '../codec/secret.js';
import type { Redactor } from '../trace/redactor.js';
import type { CommandText } from './commandText.js';

/** Remembers the secrets among decoded values. */
export const learnValues = (redactor: Redactor, values: Readonly<Record<string, unknown>>): void => {
  for (const value of Object.values(values)) if (value instanceof Secret) redactor.learn(value.reveal());
};

/** Remembers the secrets among the parameters of a command as it was written. */
export const learnParams = (redactor: Redactor, { declared, params }: CommandText): void => {
  for (const [name, field] of Object.entries(declared.params.spec)) {
    const value = params[name];
    if (!field.secret) continue;
    if (typeof value === 'string') redactor.learn(value);
    else if (Array.isArray(value)) for (const text of value as readonly unknown[]) redactor.learn(String(text));
  }
};
