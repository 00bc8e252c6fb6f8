import type { Decoded } from 'rx-esp-at/decode';
import { printable, printableBytes } from './printable.js';
import type { RecordingFacts } from './recordingHead.js';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

const shownResult = (result: string): string => (result === 'SEND Canceled' ? 'SEND CANCELLED' : result);

const plain = (decoded: Decoded): object => {
  switch (decoded.kind) {
    case 'command': {
      const { kind, text, name, form, result, response, payloads, errCode } = decoded;
      const shownForm = form === 'escape' ? 'special' : form;
      return { kind, text, name, form: shownForm, result: shownResult(result), response, payloads: payloads.map(base64), ...(errCode === undefined ? {} : { errCode }) };
    }
    case 'event':
      return { kind: decoded.kind, name: decoded.name, fields: decoded.fields, ...(decoded.payload === undefined ? {} : { payload: base64(decoded.payload) }) };
    case 'raw':
      return { kind: decoded.kind, dir: decoded.dir, base64: base64(decoded.bytes) };
    case 'unknown':
    case 'noise':
      return decoded;
  }
};

/** One line of JSON; bytes as base64, a secret as asterisks. */
export const decodedJson = (decoded: Decoded): string => JSON.stringify(plain(decoded));

const value = (item: unknown): string => {
  if (item === null || item === undefined) return '-';
  if (typeof item === 'string') return printable(item);
  if (Array.isArray(item)) return item.map(value).join('; ');
  const text = JSON.stringify(item);
  const simple: unknown = JSON.parse(text);
  if (typeof simple !== 'object' || simple === null) return printable(String(simple));
  return Object.entries(simple).map(([key, inner]) => `${key} ${value(inner)}`).join(', ');
};

const quoted = (bytes: Uint8Array): string => `${String(bytes.length)} bytes "${printableBytes(bytes.subarray(0, 64))}${bytes.length > 64 ? '…' : ''}"`;

const row = (kind: string, subject: string, details: readonly string[]): string => `${kind.padEnd(8)} ${subject.padEnd(28)} ${details.filter((text) => text !== '').join('  ')}`.trimEnd();

/** One line for people. */
export const decodedText = (decoded: Decoded): string => {
  switch (decoded.kind) {
    case 'command': {
      const { text, result, response, payloads, errCode = '' } = decoded;
      return row('command', printable(text), [shownResult(result), errCode, ...response.map(value), ...payloads.map(quoted)]);
    }
    case 'event':
      return row('event', decoded.name, [value(decoded.fields), decoded.payload === undefined ? '' : quoted(decoded.payload)]);
    case 'raw':
      return row('raw', decoded.dir === 'tx' ? 'to the module' : 'from the module', [quoted(decoded.bytes)]);
    case 'unknown':
      return row('unknown', printable(decoded.text), []);
    case 'noise':
      return row('noise', `${String(decoded.bytes)} bytes`, []);
  }
};

/** What a recording tells of itself, as a line of JSON. */
export const factsJson = (facts: RecordingFacts): string => JSON.stringify({ kind: 'context', ...facts });

/** The same for people. */
export const factsText = ({ recorded, recorder, firmware, dialect }: RecordingFacts): string =>
  row('context', firmware === undefined ? '' : `firmware ${printable(firmware)}`, [
    dialect === undefined ? '' : `dialect ${printable(dialect)}`,
    recorded === undefined ? '' : `recorded ${printable(recorded)}`,
    recorder === undefined ? '' : `by ${printable(recorder)}`,
  ]);
