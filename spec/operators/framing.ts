import { createFramer } from '../../operators/framer.js';
import type { CountedHead, Frame, Framer, FramerInstruction, FramerOptions } from '../../operators/frame.js';

/** One byte a character, both ways. */
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export const heads: readonly CountedHead[] = [
  { prefix: '+IPD,', end: ':', layouts: [{ fields: 1, length: 0 }, { fields: 2, length: 1 }, { fields: 4, length: 1 }] },
  { prefix: '+CIPRECVDATA:', end: ',', layouts: [{ fields: 1, length: 0 }], proof: true },
  { prefix: '+MQTTSUBRECV:', end: ',', layouts: [{ fields: 3, length: 2 }] },
  { prefix: '+HTTPCLIENT:', end: ',', layouts: [{ fields: 1, length: 0 }], blank: true },
];

export const options: FramerOptions = {
  heads,
  opaque: ['+CWLAP:(', '+CWJAP:"'],
  interim: (line) => line.length < 40 && /^(busy p\.\.\.|WIFI |\d,CLOSED|\+IPD,\d,\d+$)/.test(textOf(line)),
};

/** A frame as short text, so that expectations read like the wire. */
export function show(frame: Frame): string {
  switch (frame.kind) {
    case 'line': return `line ${textOf(frame.bytes)}`;
    case 'data': return `data ${frame.head.text} ${textOf(frame.payload)}`;
    case 'part': return `part ${frame.head.text} @${String(frame.offset)}${frame.last ? '!' : ''} ${textOf(frame.payload)}`;
    case 'prompt': return 'prompt';
    case 'raw': return `raw ${textOf(frame.bytes)}`;
    case 'noise': return `noise ${String(frame.bytes)}`;
    case 'broken': return `broken ${frame.head.text} ${String(frame.received)} ${frame.reason}`;
  }
}

/** All frames there are now; `react` may instruct the framer after each, as its user would. */
export function take(framer: Framer, react?: (frame: Frame, index: number) => FramerInstruction | undefined, seen: Frame[] = []): Frame[] {
  for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
    const instruction = react?.(frame, seen.length);
    seen.push(frame);
    if (instruction !== undefined) framer.instruct(instruction);
  }
  return seen;
}

/** The frames of a text fed whole, shown. */
export function framed(text: string, more: FramerOptions = {}): string[] {
  const framer = createFramer({ ...options, ...more });
  framer.feed(bytesOf(text));
  return take(framer).map(show);
}

/** Shown frames with neighbouring raw frames put together: the one thing that may depend on the cuts. */
export function coalesced(frames: readonly Frame[]): string[] {
  const shown: string[] = [];
  let raw = false;
  for (const frame of frames) {
    if (frame.kind === 'raw' && raw) shown.push((shown.pop() ?? '') + textOf(frame.bytes));
    else shown.push(show(frame));
    raw = frame.kind === 'raw';
  }
  return shown;
}
