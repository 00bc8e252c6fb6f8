import { faultSession } from '../../bench/session/faultSession.js';
it('x', () => {
  const from = Number(process.env['FROM'] ?? 1); const n = Number(process.env['N'] ?? 200);
  const kinds = new Map<string, number>(); let bad = 0; const start = Date.now(); const out: string[] = []; let slow = 0;
  for (let seed = from; seed < from + n; seed += 1) {
    const t = Date.now();
    const r = faultSession(seed);
    const d = Date.now() - t; if (d > slow) { slow = d; out.push(`slow ${seed} ${d} ms ${r.faults} ${r.outcomes} ${r.time}`); }
    for (const o of r.outcomes) kinds.set(o, (kinds.get(o) ?? 0) + 1);
    if (r.broken.length) { bad += 1; if (bad < 25) out.push(`${seed} [${r.faults}] ${r.outcomes} ${r.broken} @${r.time}`); }
  }
  console.log(out.join('\n'), bad, Date.now() - start, [...kinds].map(([a, b]) => `${a}:${b}`).join(' '));
}, 300000);
