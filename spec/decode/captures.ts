import { createDecoder, type DecoderConfig } from '../../lib/decode/createDecoder.js';
import type { CaptureEntry, Decoded } from '../../lib/decode/decoded.js';

/** A line of a capture: what the host wrote, what the module said, or ms of silence. One character a byte. */
export type Step = { readonly tx: string } | { readonly rx: string } | { readonly wait: number };

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (data: Uint8Array): string => String.fromCharCode(...data);

const pieces = (data: Uint8Array, size: number): readonly Uint8Array[] =>
  size === 0 ? [data] : Array.from({ length: Math.ceil(data.length / size) }, (_, index) => data.slice(index * size, (index + 1) * size));

const entriesOf = (step: Step, size: number): readonly CaptureEntry[] => {
  if ('wait' in step) return [{ dir: 'wait', ms: step.wait }];
  if ('tx' in step) return [{ dir: 'tx', bytes: bytes(step.tx) }];
  return pieces(bytes(step.rx), size).map((part) => ({ dir: 'rx', bytes: part }));
};

/** What a decoder prints, payloads as text; `size` cuts what the module said into chunks, 0 leaves it whole. */
export const decode = (steps: readonly Step[], config: DecoderConfig = {}, size = 0): readonly unknown[] => {
  const decoder = createDecoder(config);
  const out: Decoded[] = steps.flatMap((step) => entriesOf(step, size).flatMap((entry) => decoder.push(entry)));
  return [...out, ...decoder.end()].map((decoded) => JSON.parse(JSON.stringify(decoded, (_, value: unknown) => (value instanceof Uint8Array ? text(value) : value))) as unknown);
};

/** The same whatever the chunks: whole, and cut into 1 to 64 bytes. */
export const decodeAnyhow = (steps: readonly Step[], config: DecoderConfig = {}): readonly unknown[] => {
  const whole = decode(steps, config);
  for (let size = 1; size <= 64; size += 1) expect(decode(steps, config, size)).toEqual(whole);
  return whole;
};
