import type { Report } from './tour.js';

/** 6,000 */
export const grouped = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What must be true after a run; the sentences that are not. */
export const faults = ({ emulated, total, readings, checksum, sensor, window, mostUnread }: Report): readonly string[] =>
  [
    readings === total && sensor.readings === total ? '' : 'readings were lost',
    checksum === sensor.checksum ? '' : 'the checksums differ',
    mostUnread <= window ? '' : 'the module held more than its window',
    sensor.heldBack > 0 || !emulated ? '' : 'the sensor was never held back',
  ].filter((fault) => fault !== '');

const waiting = ({ emulated, took, sensor }: Report): string =>
  sensor.heldBack === 0 && !emulated
    ? `not held back in its own code: the kernel of this computer buffered all ${grouped(sensor.bytes)} bytes for it`
    : `held back ${grouped(sensor.heldBack)} times, for ${seconds(sensor.heldBackFor)} of ${seconds(took)}: it had more to send and the window was full`;

/** The report for people. */
export const summary = (report: Report): string => {
  const { total, readings, checksum, averages, sensor, window, mostUnread, mostWaiting } = report;
  const wrong = faults(report);
  const equal = checksum === sensor.checksum ? 'equal' : 'NOT EQUAL';
  return [
    'What happened',
    `  readings  ${grouped(readings)} of ${grouped(total)} received, as ${grouped(averages)} averages`,
    `  checksum  ${sensor.checksum} at the sensor, ${checksum} here: ${equal}`,
    `  sensor    ${waiting(report)}`,
    `  module    at most ${grouped(mostUnread)} bytes unread; its window is ${grouped(window)}`,
    `  program   at most ${grouped(mostWaiting)} bytes read and not yet through the sink`,
    '',
    ...(wrong.length > 0
      ? [`This should not happen: ${wrong.join('; ')}.`]
      : [
          'The sink is slow, and while it works nothing is asked of the module. So the module\'s window fills and TCP',
          'makes the sensor wait: no queue grows, and nothing is lost. The pipeline is examples/demo/pipeline.ts.',
        ]),
  ].join('\n');
};
