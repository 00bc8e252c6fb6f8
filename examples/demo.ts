/** `npm run demo`: from a serial line to a pipeline with backpressure, on an emulated module or on a real one. */
import { ReplaySubject } from 'rxjs';
import { explain } from './demo/explain.js';
import { emulatedLine, hardwareLine } from './demo/line.js';
import { type Options, readOptions, usage } from './demo/options.js';
import { terminal } from './demo/progress.js';
import { faults } from './demo/summary.js';
import { during, tour } from './demo/tour.js';

const run = (options: Options): void => {
  const screen = terminal(process.stdout, () => performance.now());
  const start = performance.now();
  const stop = new ReplaySubject<void>(1);
  let code = 1;
  // Once: who presses Ctrl-C again does not want to wait for an orderly end.
  process.once('SIGINT', () => {
    code = 130;
    screen.line('closing');
    stop.next();
  });
  // `npm run demo | head` takes the reader away: he has seen enough.
  process.stdout.on('error', () => {
    code = 0;
    stop.next();
  });

  screen.line('rx-esp-at demo\n');
  const line = options.port === undefined ? emulatedLine() : hardwareLine(options.port, options);
  line.pipe(during((opened) => tour(opened, stop))).subscribe({
    next: (step) => {
      screen.show(step);
      if (step.kind === 'report') code = faults(step).length === 0 ? 0 : 1;
    },
    error: (error: unknown) => {
      screen.clear();
      console.error(`\n${explain(error)}`);
      process.exitCode = code === 130 ? code : 1;
    },
    complete: () => {
      screen.line(`\nEverything is closed, after ${((performance.now() - start) / 1000).toFixed(1)} s.`);
      process.exitCode = code;
    },
  });
};

const asked = readOptions(process.argv.slice(2), process.env);
if (asked.kind === 'help') console.log(usage);
else if (asked.kind === 'wrong') {
  console.error(`${asked.message}\n\n${usage}`);
  process.exitCode = 2;
} else {
  if (asked.warning !== undefined) console.error(asked.warning);
  run(asked.options);
}
