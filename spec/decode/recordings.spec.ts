import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDecoder } from '../../lib/decode/createDecoder.js';
import type { Decoded } from '../../lib/decode/decoded.js';
import { dialects } from '../../lib/dialects/dialects.js';

interface Step {
  readonly tx: string;
  readonly rx: string;
}

const folder = join(__dirname, '../fixtures/firmware');
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const names = readdirSync(folder).map((file) => file.replace('.json', ''));
const stepsOf = (name: string): readonly Step[] => (JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { readonly steps: readonly Step[] }).steps;

/** Text of the boot ROM, the loader and the log, which shares the port in the recordings of 4.1. */
const bootText = /^(?:ets |rst:|configsip:|clk_drv:|mode:|load:|ho \d|entry |[IWE] \(\d+\)|\[0;|1(?:50|16)\d)/;

/** Objects of kind `unknown` or `noise` that stand for something, and for what. */
const unread: Readonly<Record<string, string>> = {
  'v2000-A-basic#9': 'echo of a line that ends in a lone LF', 'v41dev-A-basic#9': 'echo of a line that ends in a lone LF',
  'v2000-A-basic#11': 'one of two empty lines in one write', 'v41dev-A-basic#11': 'one of two empty lines in one write',
  'v2000-A-basic#202': 'echo of 4,202 bytes: longer than any line', 'v41dev-A-basic#202': 'echo of 4,202 bytes: longer than any line',
  'v2000-A-basic#204': 'echo of 9,002 bytes: longer than any line', 'v41dev-A-basic#204': 'echo of 9,002 bytes: longer than any line',
  'v2000-G2-passthrough#17': 'raw data before the echo', 'v2000-G2-passthrough#32': 'raw data before the echo', 'v2000-G2-passthrough#47': 'raw data before the echo',
  'v2000-G2-passthrough#62': 'raw data before the echo', 'v41dev-B1-wifi-tcp-single#142': 'raw data before the echo', 'v41dev-B1-wifi-tcp-single#158': 'raw data before the echo',
  'v41dev-B1-wifi-tcp-single#174': 'raw data before the echo', 'v41dev-B1-wifi-tcp-single#190': 'raw data before the echo',
  'v41dev-B1-wifi-tcp-single#95': 'the echo of a line that never ended, before CLOSED', 'v41dev-B1-wifi-tcp-single#96': 'that line in front of the next one',
  'v41dev-C1-mqtt#42': 'payload of a broken link in front of the next line', 'v41dev-C1-mqtt#43': 'payload that no command took', 'v41dev-C1-mqtt#44': 'that payload in front of the next line',
  'v41dev-F-misc#21': 'payload of a command that is not declared', 'v41dev-F-misc#22': 'payload of a command that is not declared',
  'v2000-G3-mux-server-udp-savetrans#47': 'the module boots into passthrough',
  'v41dev-C3-tls-sntp-savetrans#16': 'the module boots into passthrough',
};

/** Results that no rule gives, and why. */
const others: Readonly<Record<string, { readonly results: readonly string[]; readonly why: string }>> = {
  'v2000-A-basic#10': { results: ['ERROR'], why: 'its CR LF ends the bytes of the two steps before' },
  'v41dev-A-basic#10': { results: ['ERROR'], why: 'its CR LF ends the bytes of the two steps before' },
  'v41dev-F-misc#14': { results: ['ERROR'], why: 'its CR LF ends the bytes of the step before' },
  'v2000-A-queries#187': { results: ['OK', 'BUSY'], why: 'AT+CWLAP of the step before, and the line that came meanwhile' },
  'v41dev-A-queries#187': { results: ['OK', 'BUSY'], why: 'AT+CWLAP of the step before, and the line that came meanwhile' },
  'v41dev-B1-wifi-tcp-single#52': { results: ['SEND OK', 'BUSY'], why: 'the surplus of a payload is dropped as a line is' },
  'v41dev-B1-wifi-tcp-single#66': { results: ['SEND OK', 'BUSY'], why: 'the line is the payload that a prompt waited for, and its surplus' },
  'v41dev-F-misc#20': { results: ['OK'], why: 'a command that is not declared: its prompt is not awaited' },
  'v41dev-F-misc#21': { results: [], why: 'the payload of that command' },
};

const terminal = /(?:^|\r\n)(OK|ERROR|SEND OK|SEND FAIL|SEND CANCELLED|SET OK|\+MQTTPUB:OK|\+MQTTPUB:FAIL|\+QUITT)(?=\r\n)/g;

/** What the recording shows of the commands that end in a step: found without the SDK's own framing. */
const shown = (step: Step, before: Step | undefined): readonly string[] => {
  const { tx, rx } = step;
  const silent = before?.tx === '+++' && before.rx === '' && rx !== '' ? ['NONE'] : [];
  // A prompt for a payload ends nothing yet, that of passthrough does; an empty line is no command.
  if (rx.endsWith('>')) return tx.includes('=') ? silent : [...silent, 'OK'];
  if (/^(?:\r\n)*$/.test(tx) && tx !== '') return silent;
  const last = [...rx.matchAll(terminal)].pop()?.[1];
  const lines = tx.split('\r\n').length - 1;
  const busy = rx.includes('busy p...') && /^AT/.test(tx) ? Array.from({ length: lines - 1 }, () => 'BUSY') : [];
  return [...silent, ...(last === undefined ? [] : [last === '+QUITT' ? 'QUITT' : last]), ...busy];
};

describe.each(names)('%s', (name) => {
  const dialect = dialects[name.startsWith('v2000') ? 'v2' : 'v4'];
  const steps = stepsOf(name);
  const decoder = createDecoder({ dialect: dialect.name });
  const decoded: readonly (readonly Decoded[])[] = steps.map(({ tx, rx }) => [
    ...(tx === '' ? [] : decoder.push({ dir: 'tx', bytes: bytes(tx) })),
    ...decoder.push({ dir: 'rx', bytes: bytes(rx) }),
    ...decoder.push({ dir: 'wait', ms: 500 }),
  ]);
  const left = decoder.end();

  test('every line is read, but for those that are listed with their reason', () => {
    const strange = decoded.flatMap((found, index) =>
      found.some((one) => one.kind === 'noise' || (one.kind === 'unknown' && !bootText.test(one.text))) ? [`${name}#${String(index)}`] : [],
    );
    expect(strange).toEqual(Object.keys(unread).filter((id) => id.startsWith(`${name}#`)).sort((a, b) => Number(a.split('#')[1]) - Number(b.split('#')[1])));
  });

  test('every command ends as the recording shows', () => {
    const wrong = decoded.flatMap((found, index) => {
      const step = steps[index] as Step;
      const id = `${name}#${String(index)}`;
      const results = found.flatMap((one) => (one.kind === 'command' ? [one.result] : []));
      const wanted = others[id]?.results ?? shown(step, steps[index - 1]);
      return JSON.stringify(results) === JSON.stringify(wanted) ? [] : [{ id, tx: step.tx.slice(0, 60), results, wanted }];
    });
    expect(wrong).toEqual([]);
    for (const id of Object.keys(others).filter((key) => key.startsWith(`${name}#`))) {
      const index = Number(id.split('#')[1]);
      expect([id, shown(steps[index] as Step, steps[index - 1])]).not.toEqual([id, others[id]?.results]);
    }
  });

  test('every line of a declared query is decoded, and none is left as text', () => {
    let checked = 0;
    decoded.forEach((found, index) => {
      const { tx, rx } = steps[index] as Step;
      const [, word = ''] = /^AT(\+\w+)\?\r\n$/.exec(tx) ?? [];
      const declared = dialect.commands.get(`AT${word} query`);
      if (word === '' || declared === undefined || !/\r\nOK\r\n$/.test(rx) || `${name}#${String(index)}` in unread) return;
      const lines = rx.split('\r\n').filter((line) => line.startsWith(`${word}:`));
      const answer = found.find((one) => one.kind === 'command');
      const response = answer?.kind === 'command' ? answer.response : [];
      expect([tx, response.length]).toEqual([tx, lines.length]);
      for (const value of response) expect([tx, typeof value, typeof value === 'object' && value !== null && !('text' in value) && !('unreadable' in value)]).toEqual([tx, 'object', true]);
      checked += 1;
    });
    if (name.endsWith('queries')) expect(checked).toBeGreaterThan(20);
  });

  test('nothing is left at the end but a command that the recording breaks off', () => {
    expect(left.filter((one) => one.kind !== 'command')).toEqual([]);
  });
});
