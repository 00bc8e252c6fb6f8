import { toWire } from '../codec/wireText.js';

/** Shorter secrets would blank ordinary text: they are replaced only in quotes, as they stand in commands and answers. */
const shortest = 4;
const remembered = 256;

const escaped = (wire: string): string => wire.replace(/[\\",]/g, '\\$&');

/** What is looked for, and what stands for it. */
type Form = readonly [text: string, shown: string];

const formsOf = (wire: string): readonly Form[] =>
  [wire, escaped(wire)].flatMap((form): Form[] => {
    const stars = '*'.repeat(form.length);
    return form.length >= shortest ? [[form, stars]] : form.length > 0 ? [[`"${form}"`, `"${stars}"`]] : [];
  });

/** Remembers the secrets a session has met and replaces them, with the same length, in everything that is shown. */
export interface Redactor {
  /** A secret as the user or the module gave it. */
  learn(secret: string): void;
  /** Wire text (one character per byte) without the secrets met so far. */
  shown(text: string): string;
  /** How many characters at the end of the text may be the beginning of a secret. */
  begun(text: string): number;
}

/** A redactor that has met no secret yet. */
export const createRedactor = (): Redactor => {
  /** Newest last. */
  const secrets = new Set<string>();
  let forms: readonly Form[] = [];
  return {
    learn: (secret) => {
      const wire = toWire(secret);
      if (wire === '') return;
      secrets.delete(wire);
      secrets.add(wire);
      for (const oldest of secrets) {
        if (secrets.size <= remembered) break;
        secrets.delete(oldest);
      }
      // Longest first, so that the escaped form of a secret is masked whole.
      forms = [...secrets].flatMap(formsOf).sort((a, b) => b[0].length - a[0].length);
    },
    begun: (text) => {
      let longest = 0;
      for (const [form] of forms) {
        for (let length = Math.min(form.length - 1, text.length); length > longest; length -= 1) {
          if (text.endsWith(form.slice(0, length))) longest = length;
        }
      }
      return longest;
    },
    shown: (text) => forms.reduce((shown, [form, stars]) => shown.split(form).join(stars), text),
  };
};
