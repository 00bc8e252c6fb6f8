import type { CaptureContext, CaptureEntry } from 'rx-esp-at/decode';
import type { RecordingFacts } from './recordingHead.js';

/** What a line of a capture says; `problem` when it says nothing. */
export type CaptureLine =
  | { readonly kind: 'entry'; readonly entry: CaptureEntry }
  | { readonly kind: 'context'; readonly context: CaptureContext; readonly facts: RecordingFacts }
  | { readonly kind: 'blank' }
  | { readonly kind: 'problem'; readonly text: string };

type Fields = Readonly<Record<string, unknown>>;

const problem = (text: string): CaptureLine => ({ kind: 'problem', text });
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const bit = (value: unknown): boolean => value === 0 || value === 1;
const keys: Readonly<Record<keyof CaptureContext, (value: unknown) => boolean>> = {
  echo: (value) => typeof value === 'boolean',
  cipmux: bit,
  cipdinfo: bit,
  passive: (value) => typeof value === 'boolean',
  sysmsg: (value) => Number.isInteger(value) && Number(value) >= 0,
  syslog: bit,
};

const told: readonly (keyof RecordingFacts)[] = ['recorded', 'recorder', 'firmware', 'dialect'];

const contextLine = (value: unknown): CaptureLine => {
  if (!isFields(value)) return problem('context is not an object');
  const known = Object.entries(keys).filter(([key]) => value[key] !== undefined);
  const wrong = known.find(([key, valid]) => !valid(value[key]));
  if (wrong !== undefined) return problem(`context: ${wrong[0]} has a wrong value`);
  const facts = told.filter((key) => typeof value[key] === 'string').map((key) => [key, value[key]]);
  return { kind: 'context', context: Object.fromEntries(known.map(([key]) => [key, value[key]])), facts: Object.fromEntries(facts) as RecordingFacts };
};

const bytesOf = (text: unknown): Uint8Array | undefined => {
  if (typeof text !== 'string' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text, 'base64'));
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Reads one line: `{"dir":"tx"|"rx","base64":"…"}`, `{"dir":"wait","ms":N}` or `{"context":{…}}`; keys nobody knows are passed over. */
export const readCaptureLine = (text: string): CaptureLine => {
  const line = text.replace(/^\ufeff/, '');
  if (line.trim() === '') return { kind: 'blank' };
  const value = parsed(line);
  if (!isFields(value)) return problem('this is not a JSON object');
  const { dir, ms, base64 } = value;
  if (dir === undefined && 'context' in value) return contextLine(value['context']);
  if (dir === 'wait') return typeof ms === 'number' && ms >= 0 && Number.isFinite(ms) ? { kind: 'entry', entry: { dir, ms } } : problem('ms is not a number from 0 up');
  if (dir !== 'tx' && dir !== 'rx') return problem('dir is not "tx", "rx" or "wait"');
  const bytes = bytesOf(base64);
  return bytes === undefined ? problem('base64 is not base64 text') : { kind: 'entry', entry: { dir, bytes } };
};
