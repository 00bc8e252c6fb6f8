import { faultSession } from '../../bench/session/faultSession.js';
it('x', () => {
  const log: string[] = [];
  const r = faultSession(Number(process.env['SEED']), ({ at, dir, text }) => log.push(`${at.toFixed(1)} ${dir} ${text}`));
  console.log(log.slice(-Number(process.env['T'] ?? 60)).join('\n'), r);
});
