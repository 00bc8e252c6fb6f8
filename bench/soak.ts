/**
 * `npm run soak`: sessions with faults in virtual time, 10,000 unless the first argument says how many; the second is the first seed.
 * Every byte must arrive once and in order or a typed error say what happened, nothing may hang or stay. Exit code 1 when one session breaks that, or none was run.
 */
import { faultSession } from './session/faultSession.js';

const [, , count = '10000', first = '1'] = process.argv;
const sessions = Number(count);
const from = Number(first);
const started = Date.now();
const ends = new Map<string, number>();
let broken = 0;
let longest = 0;

const tell = (text: string): void => void process.stdout.write(`${text}\n`);

for (let seed = from; seed < from + sessions; seed += 1) {
  const result = faultSession(seed);
  for (const outcome of result.outcomes) ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
  longest = Math.max(longest, result.time);
  if (result.broken.length > 0) {
    broken += 1;
    tell(`seed ${String(seed)} (${result.faults.join(', ') || 'no fault'}): ${result.broken.join('; ')}`);
  }
  if ((seed - from + 1) % 1000 === 0) tell(`${String(seed - from + 1)} sessions, ${String(broken)} broken, ${String(Math.round((Date.now() - started) / 1000))} s`);
}

tell([...ends].sort(([, one], [, other]) => other - one).map(([name, often]) => `${name} ${String(often)}`).join(', '));
tell(`${String(sessions)} sessions, ${String(broken)} broken; the longest took ${String(Math.round(longest / 1000))} s of virtual time`);
process.exitCode = sessions > 0 && broken === 0 ? 0 : 1;
