import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, type Step } from './captures.js';

const folder = join(__dirname, '../fixtures/firmware');
const bootLog = /^(?:ets |rst:|configsip|clk_drv|mode:|load:|ho \d|entry |[IWE] \(\d+\) )/;

const recorded = (file: string): readonly Step[] =>
  (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { steps: { tx: string; rx: string }[] }).steps.flatMap(({ tx, rx }): Step[] => [
    { wait: 100 },
    ...(tx === '' ? [] : [{ tx }]),
    { wait: 100 },
    ...(rx === '' ? [] : [{ rx }]),
    { wait: 1000 },
  ]);

interface Printed {
  readonly kind: string;
  readonly name?: string;
  readonly text?: string;
  readonly result?: string;
  readonly response?: readonly Readonly<Record<string, unknown>>[];
}

/** Lines of each recording that no declaration reads, and why. Boots into a saved link need the prompt of a start, which a capture does not announce. */
const unread: Readonly<Record<string, readonly string[]>> = {
  // A line without its LF, and a host that goes on in the next.
  'v2000-A-basic.json': ['AT\rAT', 'ERROR'],
  'v41dev-A-basic.json': ['AT\rAT', 'ERROR'],
  // AT+CIPMODE=1 outlives `+++`: the peer's data comes without +IPD.
  'v2000-G2-passthrough.json': ['lateAT+CIPMODE=0', 'lateAT+CIPMODE=0', 'lateAT+CIPMODE=0', 'lateAT+CIPMODE=0'],
};
const notChecked = ['v2000-G3-mux-server-udp-savetrans.json', 'v41dev-B1-wifi-tcp-single.json', 'v41dev-C1-mqtt.json', 'v41dev-C3-tls-sntp-savetrans.json', 'v41dev-F-misc.json'];
/** Commands that upstream has and this package does not declare. */
const undeclared = /^AT\+(?:UART|SYSMFG|SYSMSGFILTER|SYSMSGFILTERCFG|TRANSINTVL|CWINIT|CWCONFIG|CWBANDWIDTH|CWAPPROTO|CWSTAPROTO|USERRAM|DRVADC|SYSREG|CIPSSLCCIPHER)$/;

describe.each(readdirSync(folder).filter((file) => file.endsWith('.json')))('%s', (file) => {
  const dialect = file.startsWith('v2000') ? 'v2' : 'v4';
  const steps = recorded(file);
  const printed = decode(steps, { dialect }) as readonly Printed[];

  test('every line of every answer is read by its declaration', () => {
    for (const { kind, name = '', response = [] } of printed) {
      if (kind !== 'command') continue;
      for (const value of response) {
        expect([name, value['unreadable']]).toEqual([name, undefined]);
        if (name !== 'AT+GMR' && typeof value === 'object' && Object.keys(value).join() === 'text') expect(name).toMatch(undeclared);
      }
    }
  });

  test('what no declaration reads is the boot log', () => {
    const lines = printed.filter(({ kind, text = '' }) => kind === 'unknown' && !bootLog.test(text)).map(({ text }) => text);
    if (!notChecked.includes(file)) expect(lines).toEqual(unread[file] ?? []);
    // Whatever was lost, no answer or event was: those have a word with a plus.
    expect(lines.filter((text) => /^\+(?!CIPMODE|CIPMUX|CIPSTATUS|SYSMSGFILTERCFG)/.test(text ?? ''))).toEqual([]);
  });

  test('the same for every way to cut it', () => {
    for (const size of [1, 7, 64]) expect(decode(steps, { dialect }, size)).toEqual(printed);
  });

  test('the same without being told the dialect, where the capture tells it', () => {
    const known = steps.some((step) => 'rx' in step && step.rx.includes('AT version:'));
    if (!known) return;
    const results = (list: readonly Printed[]): readonly unknown[] => list.filter(({ kind }) => kind === 'command').map(({ name, result }) => [name, result]);
    expect(results(decode(steps) as readonly Printed[])).toEqual(results(printed));
  });
});
