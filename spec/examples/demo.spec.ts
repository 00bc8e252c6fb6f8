import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { filter, firstValueFrom, merge, mergeMap, ReplaySubject, scan, Subscription, VirtualTimeScheduler } from 'rxjs';
import { memoryLine } from '../../examples/demo/line.js';
import { localAddress } from '../../examples/demo/netSensor.js';
import { readOptions } from '../../examples/demo/options.js';
import { terminal } from '../../examples/demo/progress.js';
import { lineOf, parseReading, Tally } from '../../examples/demo/reading.js';
import { faults, summary } from '../../examples/demo/summary.js';
import { during, type Report, type Step, tour } from '../../examples/demo/tour.js';
import { emulator, type Violation } from '../../transports/emulator/index.js';
import { nodeNetwork, type ServedPty, servePty } from '../../transports/emulator/node/index.js';
import { serialport } from '../../transports/serialport.js';

const root = resolve(__dirname, '..', '..');

/** Runs the tour over the emulated module in virtual time. */
const toured = (stopAt?: (step: Step) => boolean) => {
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  const stop = new ReplaySubject<void>(1);
  const steps: Step[] = [];
  let ended: unknown = 'not at all';
  memoryLine('memory', scheduler).pipe(during((line) => tour(line, stop, scheduler))).subscribe({
    next: (step) => {
      steps.push(step);
      if (stopAt?.(step) === true) stop.next();
    },
    error: (error: unknown) => (ended = error),
    complete: () => (ended = 'in order'),
  });
  scheduler.flush();
  const report = steps.find((step): step is Step & { kind: 'report' } => step.kind === 'report');
  return { steps, report, ended, left: scheduler.actions.length };
};

describe('the tour, in virtual time', () => {
  const { steps, report, ended, left } = toured();
  const facts = (label: string) => steps.flatMap((step) => (step.kind === 'fact' && step.label === label ? [step.text] : []));
  const lines = Array.from({ length: 6000 }, (_, seq) => lineOf(seq));

  it('identifies, scans, joins and connects', () => {
    expect(facts('firmware')).toEqual([expect.stringMatching(/^ESP-AT 4\.1\.0.*, dialect v4$/)]);
    expect(facts('scan')).toEqual([expect.stringContaining('Espressif (channel 5, -25 dBm)')]);
    expect(facts('join')).toEqual(['Espressif, address 192.168.4.15']);
    expect(facts('socket')).toEqual(['TCP to sensor.lan:7000 on link 4']);
  });

  it('receives every reading, unchanged and in order', () => {
    const tally = new Tally();
    for (const line of lines) tally.add(line);
    expect(report).toMatchObject({ total: 6000, readings: 6000, checksum: tally.checksum, averages: 120 });
    expect(report?.sensor).toMatchObject({ readings: 6000, checksum: tally.checksum, bytes: tally.bytes });
  });

  it('holds the sensor back, and buffers no more than the window and a chunk', () => {
    // The window cannot carry all: the sensor must have run into its end at least once for each 5,760 bytes after the first.
    expect(report?.sensor.heldBack).toBeGreaterThanOrEqual(Math.floor((report?.sensor.bytes ?? 0) / 5760) - 2);
    expect(report?.sensor.heldBackFor).toBeGreaterThan(0.5 * (report?.took ?? Infinity));
    expect(report?.mostUnread).toBeLessThanOrEqual(5760);
    // Seen by AT+CIPRECVLEN, which is asked between two reads: nearly always full.
    expect(report?.mostUnread).toBeGreaterThan(5000);
    expect(report?.mostWaiting).toBeLessThan(2 * 1024);
  });

  it('took the time of the slow sink, and leaves neither a timer nor a line', () => {
    expect(report?.took).toBeGreaterThanOrEqual(120 * 40);
    expect(report?.took).toBeLessThan(10_000);
    expect(ended).toBe('in order');
    expect(left).toBe(0);
  });

  it('shows the averages of the window that moves over the readings', () => {
    const celsius = steps.flatMap((step) => (step.kind === 'progress' ? [step.celsius] : []));
    const first = lines.slice(0, 50).reduce((sum, line) => sum + parseReading(line).celsius, 0) / 50;
    expect(celsius).toHaveLength(120);
    expect(celsius[0]).toBeCloseTo(first, 6);
  });

  it.each([
    ['the port opens', (step: Step) => step.kind === 'doing' && step.text === 'opening'],
    ['it scans', (step: Step) => step.kind === 'doing' && step.text === 'scanning'],
    ['it joins', (step: Step) => step.kind === 'doing' && step.text.startsWith('joining')],
    ['it connects', (step: Step) => step.kind === 'doing' && step.text === 'connecting'],
    ['data flows', (step: Step) => step.kind === 'progress' && step.readings > 2000],
  ])('closes everything when it is stopped while %s', (_, when) => {
    const stopped = toured(when);
    expect(stopped).toMatchObject({ ended: 'in order', left: 0, report: undefined });
  });
});

describe('the arguments', () => {
  const read = (...args: string[]) => readOptions(args, { ESP_AT_PASSWORD: 'from the environment' });

  it('need none for the emulated module, and port and access point for a real one', () => {
    expect(read()).toEqual({ kind: 'run', options: { baud: 115_200, ssid: 'Espressif' } });
    expect(read('--port', '/dev/ttyUSB0', '--ssid', 'S', '--baud', '9600')).toEqual({
      kind: 'run',
      options: { port: '/dev/ttyUSB0', ssid: 'S', baud: 9600, password: 'from the environment' },
    });
  });

  it('take a password, but warn', () => {
    expect(read('--port', 'p', '--ssid', 'S', '--password', 'x')).toMatchObject({ warning: expect.stringContaining('ESP_AT_PASSWORD'), options: { password: 'x' } });
  });

  it.each([[['--port', 'p']], [['--ssid', 'S']], [['--port', 'p', '--ssid', 'S', '--baud', 'fast']], [['--nonsense']], [['stray']]])('%j is wrong', (args) => {
    expect(read(...args).kind).toBe('wrong');
  });
});

describe('the sensor on this computer', () => {
  it('gives its address in the subnet of the module, if it has one there', () => {
    expect(localAddress({ address: '127.0.0.9', netmask: '255.0.0.0' })).toBe('127.0.0.1');
    expect(localAddress({ address: '203.0.113.9', netmask: '255.255.255.0' })).toBeUndefined();
    expect(localAddress({ address: undefined, netmask: undefined })).toBeUndefined();
  });
});

describe('what is shown', () => {
  const progress = (readings: number): Step => ({ kind: 'progress', readings, total: 100, celsius: 20, unread: 5760, heldBack: 3 });
  const shown = (isTTY: boolean, columns?: number) => {
    let text = '';
    let now = 0;
    const { show } = terminal({ isTTY, columns, write: (more) => (text += more) }, () => now);
    for (let readings = 1; readings <= 100; readings += 1, now += 20) show(progress(readings));
    return text;
  };

  it('is plain and short where there is no terminal', () => {
    const text = shown(false);
    expect(text).not.toContain('\x1b');
    expect(text).not.toContain('\r');
    expect(text.trim().split('\n')).toHaveLength(4);
  });

  it('is one line on a terminal, never longer than it', () => {
    const drawn = shown(true, 40).split('\r\x1b[2K');
    expect(drawn.length).toBeGreaterThan(10);
    expect(drawn.length).toBeLessThan(40);
    for (const line of drawn) {
      expect(line.length).toBeLessThan(40);
      expect(line).not.toContain('\n');
    }
  });

  const sensor = { readings: 100, checksum: 'aa', bytes: 1200, heldBack: 3, heldBackFor: 10 };
  const report: Report = { emulated: true, total: 100, readings: 100, checksum: 'aa', averages: 2, sensor, window: 5760, mostUnread: 5760, mostWaiting: 9, took: 20 };

  it.each([
    ['a lost reading', { readings: 99 }],
    ['another checksum', { checksum: 'ab' }],
    ['an overfull module', { mostUnread: 5761 }],
    ['a sensor that never waited', { sensor: { ...sensor, heldBack: 0 } }],
  ])('%s is called a fault', (_, change) => {
    expect(faults(report)).toEqual([]);
    expect(faults({ ...report, ...change })).toHaveLength(1);
    expect(summary({ ...report, ...change })).toContain('This should not happen');
  });

  it('a real kernel that buffers everything is no fault', () => {
    const real = { ...report, emulated: false, sensor: { ...sensor, heldBack: 0 } };
    expect(faults(real)).toEqual([]);
    expect(summary(real)).toContain('the kernel of this computer buffered');
  });
});

interface Ended {
  readonly out: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

describe('npm run demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  const script = join(folder, 'demo.js');
  const children = new Set<ChildProcess>();
  const held = new Subscription();
  buildSync({
    entryPoints: [join(root, 'examples', 'demo.ts')],
    tsconfig: join(root, 'tsconfig.json'),
    outfile: script,
    bundle: true,
    platform: 'node',
    external: ['serialport', '@lydell/node-pty'],
    logLevel: 'error',
  });

  /** Runs the bundled demo to its end. `packages`: whether it finds serialport and node-pty. */
  const demo = (args: readonly string[], { packages = true, interruptAt }: { packages?: boolean; interruptAt?: string } = {}): Promise<Ended> =>
    new Promise((done, failed) => {
      const env = { ...process.env, NODE_PATH: packages ? join(root, 'node_modules') : '', ESP_AT_PASSWORD: '' };
      const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      children.add(child);
      let out = '';
      let interrupted = false;
      const hear = (data: Buffer): void => {
        out += data.toString();
        if (interrupted || interruptAt === undefined || !out.includes(interruptAt)) return;
        interrupted = true;
        child.kill('SIGINT');
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('error', failed);
      child.on('close', (code, signal) => {
        children.delete(child);
        done({ out, code, signal });
      });
    });

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    held.unsubscribe();
    rmSync(folder, { recursive: true });
  });

  /** A module on a pty that reaches this machine: what a demo on hardware sees. */
  const board = async () => {
    const violations: Violation[] = [];
    const module = emulator({ network: nodeNetwork() });
    held.add(module.violations.subscribe((violation) => violations.push(violation)));
    const { pty } = await new Promise<ServedPty>((found, failed) => held.add(servePty(module).subscribe({ next: found, error: failed })));
    return { pty, violations, demo: (more: { interruptAt?: string } = {}) => demo(['--port', pty, '--ssid', 'Espressif', '--host', '127.0.0.1'], more) };
  };

  /** What a module answers to a line, up to its OK. */
  const ask = (path: string, line: string): Promise<string> =>
    firstValueFrom(
      serialport({ path }).open().pipe(
        mergeMap(({ incoming, write }) => merge(incoming, write(Buffer.from(`${line}\r\n`)))),
        scan((text, bytes) => text + Buffer.from(bytes).toString(), ''),
        filter((text) => /\r\n(OK|ERROR)\r\n$/.test(text)),
      ),
    );

  const interruptions = ['opened with serialport', 'dialect v4', 'on link', '1,500 of 6,000'];
  const start = async () => {
    const [whole, cut] = await Promise.all([board(), board()]);
    return {
      // All at once: they mostly wait.
      emulated: demo([]),
      inMemory: demo([], { packages: false }),
      interrupted: interruptions.map((interruptAt) => demo([], { interruptAt })),
      whole: { ...whole, run: whole.demo() },
      cut: { ...cut, run: cut.demo({ interruptAt: '1,500 of 6,000' }) },
    };
  };
  let runs: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    runs = await start();
  });

  it('never ends itself by force', () => {
    const sources = ['demo.ts', ...readdirSync(join(root, 'examples', 'demo')).map((name) => join('demo', name))];
    for (const name of sources) expect(readFileSync(join(root, 'examples', name), 'utf8')).not.toMatch(/process\.(exit\(|abort|reallyExit|kill)/);
  });

  it('runs over a real pty and ends by itself with code 0, in plain text', async () => {
    const { out, code, signal } = await runs.emulated;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(out).toMatch(/an emulated module on \/dev\/\S+, opened with serialport/);
    expect(out).toContain('6,000 of 6,000 received');
    expect(out).toMatch(/checksum {2}([0-9a-f]{8}) at the sensor, \1 here: equal/);
    expect(out).toMatch(/held back [1-9]\d* times/);
    expect(out).toMatch(/Everything is closed, after \d+\.\d s\.\n$/);
    expect(out).not.toMatch(/[\x1b\r]/);
  }, 60_000);

  it('says so and goes on in memory where there is no pty', async () => {
    const { out, code } = await runs.inMemory;
    expect(code).toBe(0);
    expect(out).toMatch(/a line in memory, since there is no pseudoterminal \(.*@lydell\/node-pty.*\)/);
    expect(out).toContain('6,000 of 6,000 received');
  }, 60_000);

  it.each(interruptions.map((text, index) => [text, index] as const))('closes and exits with 130 on Ctrl-C after "%s"', async (_, index) => {
    const { out, code, signal } = (await runs.interrupted[index]) as Ended;
    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(out).toMatch(/closing\n(.*\n)*\nEverything is closed/);
    expect(out).not.toContain('What happened');
  }, 60_000);

  it('runs the same on a port with a module that reaches this machine', async () => {
    const { run, violations } = runs.whole;
    const { out, code } = await run;
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('6,000 of 6,000 received') });
    expect(out).toMatch(/([0-9a-f]{8}) at the sensor, \1 here: equal/);
    expect(violations).toEqual([]);
  }, 60_000);

  it('leaves the port free and no link open on Ctrl-C', async () => {
    const { pty, run } = runs.cut;
    expect((await run).code).toBe(130);
    // The next host sees the same module: echo is off as the demo left it, and no line tells of a link.
    expect(await ask(pty, 'AT+CIPSTATE?')).toBe('\r\nOK\r\n');
  }, 60_000);

  it.each([[['--help'], 0], [['--port', '/dev/nowhere'], 2], [['--nonsense'], 2], [['--port', '/dev/nowhere', '--ssid', 'S'], 1]])('%j exits with %i', async (args, expected) => {
    expect(await demo(args)).toMatchObject({ code: expected });
  });
});
