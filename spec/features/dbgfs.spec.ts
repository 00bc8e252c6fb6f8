import { fs, type AtModule } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';
import { memorySource } from '../support/byteSources.js';
import { featureHarness } from './featureHarness.js';
test('x', () => {
  const h = featureHarness({ emulator: { firmware: '4.1.0', dialect: 'v4' } });
  let at: AtModule | undefined;
  h.opened((m) => (at = m));
  h.world.run(5000);
  const source = memorySource(Array.from({ length: 100 }, () => new Uint8Array(100)), { delay: 1, scheduler: h.world.scheduler });
  const log = observed(fs.write(at as AtModule, 'f', source));
  const t0 = h.world.scheduler.frame;
  const t1 = h.world.run(120_000);
  console.log(h.trace.slice(-8), log.values, String(log.error), h.violations, h.failures, source.reads.length, t0, t1, h.world.timers);
});
