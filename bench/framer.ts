/**
 * Framing speed as ratios within one run: the framer and `frames()` beside the stream parsers of serialport and a plain copy of the chunks.
 * Ends with exit code 1 when the framer is less than three times as fast as parser-readline on short lines in 4 KB chunks.
 */
import { DelimiterParser } from '@serialport/parser-delimiter';
import { ReadlineParser } from '@serialport/parser-readline';
import { RegexParser } from '@serialport/parser-regex';
import { from } from 'rxjs';
import type { Transform } from 'node:stream';
import { createFramer, frames } from 'rx-esp-at/operators';
import type { Frame, FramerOptions } from 'rx-esp-at/operators';

const TOTAL = 1 << 20;
const ROUNDS = 15;
const WARM_UP = 4;
const FLOOR = 3;

const options: FramerOptions = {
  heads: [
    { prefix: '+IPD,', end: ':', layouts: [{ fields: 1, length: 0 }, { fields: 2, length: 1 }, { fields: 4, length: 1 }] },
    { prefix: '+CIPRECVDATA:', end: ',', layouts: [{ fields: 1, length: 0 }], proof: true },
    { prefix: '+MQTTSUBRECV:', end: ',', layouts: [{ fields: 3, length: 2 }] },
    { prefix: '+HTTPCLIENT:', end: ',', layouts: [{ fields: 1, length: 0 }], blank: true },
  ],
  opaque: ['+CWLAP:(', '+CWJAP:"'],
};

const lines = [
  'WIFI GOT IP and a lease\r\n',
  '+CIPSTATUS:0,"TCP","10.0.0.7",80,1\r\n',
  'sensor 17 reads 21.50 degrees C\r\n',
  '+STA_CONNECTED:"24:0a:c4:d8:01\r\n',
  'Recv 1024 bytes of payload\r\n',
  '+CIPSTA:ip:"192.168.100.23"\r\n',
];

function shortLines(): Uint8Array {
  let text = '';
  for (let i = 0; text.length < TOTAL; i += 1) text += lines[i % lines.length] ?? '';
  return Buffer.from(text, 'latin1');
}

function payloads(): { readonly bytes: Uint8Array; readonly count: number } {
  const parts: Uint8Array[] = [];
  for (let i = 0, length = 0; length < TOTAL; i += 1) {
    const body = Uint8Array.from({ length: 1460 }, (_, at) => (at * 7 + i) & 255);
    const part = Buffer.concat([Buffer.from(`\r\n+IPD,${String(i % 5)},1460:`), body, Buffer.from('\r\n')]);
    parts.push(part);
    length += part.length;
  }
  return { bytes: Buffer.concat(parts), count: parts.length };
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(Uint8Array.prototype.slice.call(bytes, at, at + size));
  return chunks;
}

/** Takes all chunks through and says how many frames came out. */
type Contender = (chunks: readonly Uint8Array[]) => number | Promise<number>;

const sizeOf = (frame: Frame): number => (frame.kind === 'line' ? frame.bytes.length : 1);

const withFramer: Contender = (chunks) => {
  const framer = createFramer(options);
  let count = 0;
  for (const chunk of chunks) {
    framer.feed(chunk);
    for (let frame = framer.next(); frame !== undefined; frame = framer.next()) if (sizeOf(frame) > 0) count += 1;
  }
  return count;
};

const withFrames: Contender = (chunks) => {
  let count = 0;
  from(chunks).pipe(frames(options)).subscribe({
    next: (frame) => { if (sizeOf(frame) > 0) count += 1; },
    error: (cause: unknown) => { throw cause; },
  });
  return count;
};

const withCopy: Contender = (chunks) => {
  let count = 0;
  for (const chunk of chunks) if (chunk.slice().length > 0) count += 1;
  return count;
};

const withParser = (create: () => Transform): Contender => (chunks) => new Promise((resolve, reject) => {
  const parser = create();
  let count = 0;
  parser.on('data', (line: { length: number }) => { if (line.length > 0) count += 1; });
  parser.on('end', () => { resolve(count); });
  parser.on('error', reject);
  for (const chunk of chunks) parser.write(chunk);
  parser.end();
});

const framerContenders: Record<string, Contender> = { 'plain copy': withCopy, 'framer': withFramer, 'frames()': withFrames };
const all: Record<string, Contender> = {
  ...framerContenders,
  'parser-readline': withParser(() => new ReadlineParser({ delimiter: '\r\n' })),
  'parser-delimiter': withParser(() => new DelimiterParser({ delimiter: '\r\n' })),
  'parser-regex': withParser(() => new RegexParser({ regex: /\r\n/ })),
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Median milliseconds by contender; rounds are interleaved, so that a slow moment of the machine meets all alike. */
async function measure(contenders: Record<string, Contender>, chunks: readonly Uint8Array[], expected: number): Promise<Map<string, number>> {
  const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [name, contender] of Object.entries(contenders)) {
      const begin = process.hrtime.bigint();
      const count = await contender(chunks);
      const took = Number(process.hrtime.bigint() - begin) / 1e6;
      if (name !== 'plain copy' && count !== expected) throw new Error(`${name} found ${String(count)} frames, not ${String(expected)}`);
      if (round >= 0) times.get(name)?.push(took);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

function report(title: string, medians: Map<string, number>, bytes: number): void {
  const framer = medians.get('framer') ?? Number.NaN;
  console.log(`\n${title}`);
  for (const [name, ms] of medians) {
    const speed = (bytes / 1e6 / (ms / 1e3)).toFixed(0);
    console.log(`  ${name.padEnd(18)}${ms.toFixed(2).padStart(9)} ms ${speed.padStart(7)} MB/s   framer is ${(ms / framer).toFixed(2)}x as fast`);
  }
}

async function main(): Promise<void> {
  const text = shortLines();
  const data = payloads();
  const lineCount = Buffer.from(text).toString('latin1').split('\r\n').length - 1;
  let ratio = 0;
  for (const size of [4096, 64]) {
    const medians = await measure(all, cut(text, size), lineCount);
    report(`short lines, ${String(size)}-byte chunks`, medians, text.length);
    if (size === 4096) ratio = (medians.get('parser-readline') ?? 0) / (medians.get('framer') ?? Number.NaN);
  }
  for (const size of [4096, 64]) {
    report(`+IPD of 1460 bytes, ${String(size)}-byte chunks`, await measure(framerContenders, cut(data.bytes, size), data.count), data.bytes.length);
  }
  console.log(`\nframer / parser-readline on short lines in 4 KB chunks: ${ratio.toFixed(2)} (at least ${String(FLOOR)})`);
  if (!(ratio >= FLOOR)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
