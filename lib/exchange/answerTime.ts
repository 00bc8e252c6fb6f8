import type { Request } from './request.js';

/** Bytes of one counted answer, and how many of them count as life while they make no frame: noise without end must not keep a command alive. */
export const countLimit = 65_536;

/** Silence after which the answer to a command is given up, in ms, with the line time of what was written. */
export const answerTime = ({ declared, params }: Request, bytes: number, lineTime: (bytes: number) => number): number => {
  // The answer of a counted command takes its own time on the line.
  const answer = declared.phase === 'counted' ? Math.min(Number(params['length'] ?? 0), countLimit) : 0;
  return declared.timeout(params) + lineTime(bytes + answer);
};
