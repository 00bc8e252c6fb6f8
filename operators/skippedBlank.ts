import type { ByteQueue } from './byteQueue.js';

const CR = 13;
const LF = 10;
const BLANK = 32;

/**
 * How many bytes stand before a payload that one uncounted blank may precede: 0 or 1; `undefined` while the bytes that tell have not come. A payload
 * may begin with a blank of its own (a body of HTTPCLIENT in AT 2.1): then CR LF stands right behind the count. Beyond `limit` nobody waits for that.
 */
export function skippedBlank(queue: ByteQueue, body: number, length: number, limit: number): 0 | 1 | undefined {
  if (length === 0) return 0;
  if (!queue.ensure(body + 1)) return undefined;
  if (queue.window[queue.start + body] !== BLANK) return 0;
  if (length > limit) return 1;
  if (!queue.ensure(body + length + 2)) return undefined;
  const behind = queue.start + body + length;
  return queue.window[behind] === CR && queue.window[behind + 1] === LF ? 0 : 1;
}
