import { fromLatin1, latin1 } from '../codec/latin1.js';
import type { Shape } from '../codec/field.js';
import { isSecret } from '../codec/line.js';
import { readCommand } from '../decode/commandText.js';
import { bootSettings } from '../command/command.js';
import { anyDialect } from '../dialects/anyDialect.js';
import { dialects } from '../dialects/dialects.js';
import { concealSecrets, linesOf } from '../exchange/heads.js';
import { createRedactor } from './redactor.js';

type Direction = 'tx' | 'rx';

/** Masks secrets in the bytes of a line as they pass, with the same length; what may be the beginning of one is kept back until it is clear. */
export interface CaptureRedactor {
  (bytes: Uint8Array, dir: Direction): Uint8Array;
  /** What was kept back of a direction: it will not be clear any more. */
  flush(dir: Direction): Uint8Array;
}

/** The longest command line of any firmware, and longer than any answer that holds a secret. */
const lineLimit = 1024;
const shape: Shape = { ...bootSettings, cipmux: true };
const tables = [anyDialect, ...Object.values(dialects)];
const secretPrefixes = [...new Set(linesOf(anyDialect).filter(isSecret).map((line) => line.prefix))];

const stars = (text: string): string => '*'.repeat(text.length);
const beginsSecretAnswer = (text: string): boolean => secretPrefixes.some((prefix) => (text.length < prefix.length ? prefix.startsWith(text) : text.startsWith(prefix)));
const beginsCommand = (text: string): boolean => 'AT'.startsWith(text.slice(0, 2).toUpperCase());

/**
 * A redactor for recordings: `record(transport, sink, { redact: captureRedactor() })`. Masks the secret parameters of commands and the secret
 * fields of answers and events, and what they held wherever it comes again: in echoes, also split over chunks. One for each recording.
 */
export const captureRedactor = (): CaptureRedactor => {
  const redactor = createRedactor();
  const kept: Record<Direction, string> = { tx: '', rx: '' };
  const inLine: Record<Direction, boolean> = { tx: false, rx: false };

  const command = (text: string): string => {
    const read = readCommand(text, tables, shape);
    for (const [name, field] of Object.entries(read.declared.params.spec)) {
      if (field.secret) for (const value of [read.params[name]].flat()) if (typeof value === 'string') redactor.learn(value);
    }
    return redactor.shown(read.shown);
  };
  const answer = (text: string): string => {
    const { shown, secrets } = concealSecrets(anyDialect, text, shape);
    for (const secret of secrets) redactor.learn(secret);
    return redactor.shown(shown);
  };
  const line = (text: string, dir: Direction): string => {
    const end = /\r*\n$/.exec(text)?.[0] ?? '';
    const body = text.slice(0, text.length - end.length);
    if (inLine[dir]) return redactor.shown(text);
    return (dir === 'tx' ? (beginsCommand(body) ? command(body) : redactor.shown(body)) : answer(body)) + end;
  };
  const unclear = (text: string, dir: Direction): boolean => !inLine[dir] && text.length > 0 && text.length < lineLimit && (dir === 'tx' ? beginsCommand(text) : beginsSecretAnswer(text));

  const redact = (bytes: Uint8Array, dir: Direction): Uint8Array => {
    let text = kept[dir] + latin1(bytes);
    let out = '';
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      out += line(text.slice(0, end + 1), dir);
      inLine[dir] = false;
      text = text.slice(end + 1);
    }
    if (unclear(text, dir)) kept[dir] = text;
    else {
      const clear = text.length - redactor.begun(text);
      out += redactor.shown(text.slice(0, clear));
      kept[dir] = text.slice(clear);
      inLine[dir] ||= clear > 0;
    }
    return fromLatin1(out);
  };
  const flush = (dir: Direction): Uint8Array => {
    const text = kept[dir];
    kept[dir] = '';
    if (text === '') return new Uint8Array(0);
    // The name of a command or answer is no secret; what follows it may be the beginning of one.
    const open = unclear(text, dir) ? (/^[^=:]*[=:]?/.exec(text)?.[0] ?? '') : '';
    inLine[dir] = true;
    return fromLatin1(open + stars(text.slice(open.length)));
  };
  return Object.assign(redact, { flush });
};
