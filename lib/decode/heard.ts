import type { Frame } from '../../operators/frame.js';
import { latin1 } from '../codec/latin1.js';

/** One thing the module said, as it stood on the line; secrets are masked. */
export interface Heard {
  readonly kind: 'line' | 'data' | 'prompt' | 'raw' | 'noise';
  /** The module said it by itself. */
  readonly event: boolean;
  /** The line, or the head of counted data. */
  readonly text: string;
  readonly bytes?: Uint8Array;
}

/** A frame as it is told; `shown` masks what is secret in its text. */
export const heardOf = (frame: Frame, event: boolean, shown: (wire: string) => string): Heard => {
  switch (frame.kind) {
    case 'line':
      return { kind: 'line', event, text: shown(latin1(frame.bytes)) };
    case 'data':
    case 'part':
      return { kind: 'data', event, text: shown(frame.head.text), bytes: frame.payload };
    case 'raw':
      return { kind: 'raw', event, text: '', bytes: frame.bytes.slice() };
    case 'prompt':
      return { kind: 'prompt', event, text: '>' };
    case 'noise':
      return { kind: 'noise', event, text: `${String(frame.bytes)} bytes of noise` };
    case 'broken':
      return { kind: 'noise', event, text: `${shown(frame.head.text)} promised ${String(frame.head.length)} bytes, ${String(frame.received)} came` };
  }
};
